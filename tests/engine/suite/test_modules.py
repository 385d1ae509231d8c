"""A graph of modules on disk: cycles, JSON, top-level await, import(), and what may not be imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.errors import InspectorError
from inspector.events import RunReport
from inspector.pool import Isolate
from inspector.states import Capability
from tests.engine.suite.bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")

_GRAPH = Path(__file__).parents[2] / "data" / "modules"


async def _run(isolate: Isolate, path: Path) -> RunReport:
    report = (await isolate.run_files([path])).reports[0][1]
    assert not isinstance(report, InspectorError), report
    return report


async def test_a_graph_of_modules(bench: Bench, tmp_path: Path) -> None:
    if bench.reason(Capability.MODULES):
        return  # refused as a whole: test_engines_differ
    isolate = await bench.isolate()
    app = tmp_path / "app"
    app.mkdir()
    for source in _GRAPH.iterdir():
        (app / source.name).write_bytes(source.read_bytes())
    (tmp_path / "secret.mjs").write_text("export default 'secret'")
    (app / "link.mjs").symlink_to(tmp_path / "secret.mjs")
    main = app / "main.mjs"

    report = await _run(isolate, main)
    assert report.has_value, report
    a, b, data, meta, same, *refused, names, order = report.value["seen"]
    assert [a, b, data, meta, same] == [1, 41, [1, {"__proto__": 3}], True, True]
    causes = ("inside", "later", "there is no such file", "a bare name", "it leaves the folder", "never fetched")
    for message, cause in zip(refused, causes, strict=True):
        assert cause in message, refused
    assert all(f"from {main}:16: " in message for message in refused[2:]), refused
    assert (names, order) == ("one,two", "slow,x,woke,all")

    typed = await isolate.evaluate("await import('./x.mjs').catch(error => error.message)")
    assert "only code from a file" in str(typed.value)


async def test_above_the_folder_when_allowed(bench: Bench, tmp_path: Path) -> None:
    if bench.reason(Capability.MODULES):
        return
    isolate = await bench.isolate()
    (tmp_path / "app").mkdir()
    (tmp_path / "secret.mjs").write_text("export default 'secret'")
    main = tmp_path / "app" / "index.mjs"
    main.write_text("\n\nexport { default } from '../secret.mjs'")
    refused = await _run(isolate, main)
    assert refused.error is not None and "it leaves the folder" in refused.error.message
    assert (refused.error.file, refused.error.line) == (main.resolve().as_uri(), 3)
    assert (await _run(isolate, tmp_path / "app")).error is not None  # the folder that was opened is app
    await bench.pool.allow_imports(tmp_path)
    assert (await _run(isolate, main)).value == {"default": "secret"}
    assert (await isolate.run_again()).failed is None  # once more from disk, in a fresh context
