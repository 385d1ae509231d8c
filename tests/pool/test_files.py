"""Files through the pool: in order, again in a fresh context, again here, with the modules they import."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.errors import SourceError, UsageError
from inspector.events import ContextCreated, ContextReleased, IsolateStateChanged, RunQueued, ScriptParsed
from inspector.pool import Isolate
from inspector.states import Capability, IsolateState, Outcome
from tests.fixtures.engines import needs, on_main
from tests.pool.recorder import Recorder

Write = Callable[[str, str], Path]


def outcomes(report: object) -> list[object]:
    return [getattr(one, "outcome", type(one)) for _, one in report.reports]  # type: ignore[attr-defined]


async def test_files_run_in_the_order_given_in_one_context(isolate: Isolate, write: Write) -> None:
    paths = [write("b.js", "var trail = 'b'"), write("a.js", "trail += 'a'"), write("c.js", "trail + 'c'")]
    report = await isolate.run_files(paths)
    assert outcomes(report) == [Outcome.COMPLETED] * 3
    assert report.failed is None
    assert report.reports[2][1].value == "bac"  # type: ignore[union-attr]


async def test_the_first_failure_stops_the_rest(isolate: Isolate, write: Write) -> None:
    paths = [write("a.js", "1"), write("b.js", "null.x"), write("c.js", "3"), write("d.js", "4")]
    report = await isolate.run_files(paths)
    assert outcomes(report) == [Outcome.COMPLETED, Outcome.THREW]
    assert report.not_run == (paths[2], paths[3])
    assert report.failed is not None
    assert report.failed[0] == paths[1]


async def test_keep_going_runs_all_the_same(isolate: Isolate, write: Write, tmp_path: Path) -> None:
    paths = [tmp_path / "missing.js", write("b.js", "null.x"), write("c.js", "3")]
    report = await isolate.run_files(paths, keep_going=True)
    assert outcomes(report) == [SourceError, Outcome.THREW, Outcome.COMPLETED]
    assert report.not_run == ()
    stopped = await isolate.run_files(paths)
    assert outcomes(stopped) == [SourceError]


async def test_a_stop_ends_keep_going_too(isolate: Isolate, events: Recorder, write: Write) -> None:
    paths = [write("a.js", "for (;;);"), write("b.js", "2")]
    running = asyncio.ensure_future(isolate.run_files(paths, keep_going=True))
    await events.heard(IsolateStateChanged, lambda event: event.state is IsolateState.RUNNING)
    await isolate.stop()
    report = await running
    assert outcomes(report) == [Outcome.CANCELLED]
    assert report.not_run == (paths[1],)


async def test_the_end_of_the_isolate_ends_its_files(isolate: Isolate, events: Recorder, write: Write) -> None:
    paths = [write("a.js", "for (;;);"), write("b.js", "2")]
    running = asyncio.ensure_future(isolate.run_files(paths, keep_going=True))
    await events.heard(IsolateStateChanged, lambda event: event.state is IsolateState.RUNNING)
    await isolate.dispose()
    report = await running
    assert outcomes(report) == [Outcome.CANCELLED]
    assert report.not_run == (paths[1],)


@on_main
async def test_a_script_knows_its_file_whatever_it_calls_itself(
    isolate: Isolate, events: Recorder, write: Write
) -> None:
    path = write("real.js", "var made = 'ä🐍'\n//# sourceURL=/etc/passwd\n")
    await isolate.run_files([path])
    script = await events.heard(ScriptParsed, lambda event: event.path != "")
    assert (script.path, script.url) == (str(path.resolve()), "/etc/passwd")
    assert events.of(RunQueued)[0].path == str(path.resolve())


@needs(Capability.CONTEXTS)
@pytest.mark.parametrize("declaration", ["const once = 1", "let once = 1", "class once {}"])
async def test_run_again_makes_a_fresh_context_and_here_explains_itself(
    isolate: Isolate, events: Recorder, write: Write, declaration: str
) -> None:
    library = write("lib.js", "var calls = (globalThis.calls ?? 0) + 1")
    path = write("main.js", f"{declaration}; calls")
    old = isolate.default_context_id
    await isolate.run_files([library, path])
    here = await isolate.run_again_here()
    assert here.outcome is Outcome.THREW
    assert here.error is not None
    assert "once" in here.error.message
    assert 'Use "Run again"' in here.error.message
    write("main.js", f"{declaration}; calls + 100")
    again = await isolate.run_again()
    assert [path.name for path, _ in again.reports] == ["lib.js", "main.js"]
    assert outcomes(again) == [Outcome.COMPLETED] * 2
    assert again.reports[1][1].value == 101  # type: ignore[union-attr]
    created = events.of(ContextCreated)[-1]
    assert (created.name, created.replaces_context_id, created.is_default) == ("main (2)", old, True)
    assert isolate.default_context_id == created.context_id
    released = events.of(ContextReleased)[0]
    assert (released.context_id, released.reason) == (old, "replaced")
    third = await isolate.run_again()
    assert outcomes(third) == [Outcome.COMPLETED] * 2
    assert isolate.contexts[isolate.default_context_id].name == "main (3)"


@needs(Capability.MODULES)
async def test_run_again_reads_a_module_and_what_it_imports_anew(isolate: Isolate, write: Write) -> None:
    library = write("lib.js", "var base = 10")
    write("part.mjs", "export const part = 1")
    path = write("main.mjs", "import { part } from './part.mjs'; export default base + part; globalThis.seen = part")
    first = await isolate.run_files([library, path])
    assert first.reports[1][1].value == {"default": 11}  # type: ignore[union-attr]
    write("part.mjs", "export const part = 2")
    write("main.mjs", "import { part } from './part.mjs'; export default base + part + 100; globalThis.seen = part")
    here = await isolate.run_again_here()
    assert here.outcome is Outcome.COMPLETED
    assert here.value == {"default": 111}  # one url is one module in a context: what was imported there stays
    again = await isolate.run_again()
    assert outcomes(again) == [Outcome.COMPLETED] * 2
    assert again.reports[1][1].value == {"default": 112}  # type: ignore[union-attr]
    assert (await isolate.evaluate("seen")).value == 2


@needs(Capability.CONTEXTS)
async def test_run_again_mends_a_file_that_failed(isolate: Isolate, write: Write) -> None:
    library = write("lib.js", "var ready = 1")
    broken = write("broken.js", "ready +")
    await isolate.run_files([library, broken])
    write("lib.js", "var ready = ;")
    spoilt = await isolate.run_again()
    assert outcomes(spoilt) == [Outcome.THREW]
    assert [path.name for path in spoilt.not_run] == ["broken.js"]
    write("lib.js", "var ready = 1")
    write("broken.js", "ready + 1")
    assert outcomes(await isolate.run_again()) == [Outcome.COMPLETED] * 2


@needs(Capability.CONTEXTS)
async def test_run_again_stops_a_loop_first(isolate: Isolate, events: Recorder, write: Write) -> None:
    path = write("loop.js", "for (;;);")
    first = write("first.js", "1")
    await isolate.run_files([first])
    running = asyncio.ensure_future(isolate.run_files([path]))
    await events.heard(IsolateStateChanged, lambda event: event.state is IsolateState.RUNNING)
    write("first.js", "2")
    again = await isolate.run_again()
    assert again.reports[0][1].value == 2  # type: ignore[union-attr]
    assert outcomes(await running) == [Outcome.CANCELLED]


async def test_run_again_without_a_file_or_with_one_that_is_gone(isolate: Isolate, write: Write) -> None:
    for again in (isolate.run_again, isolate.run_again_here):
        with pytest.raises(UsageError, match="no file has run"):
            await again()
    path = write("a.js", "1")
    await isolate.run_files([path])
    path.unlink()
    with pytest.raises(SourceError):
        await isolate.run_again_here()


@needs(Capability.MODULES)
async def test_modules_import_inside_their_folder_only(isolate: Isolate, events: Recorder, write: Write) -> None:
    write("lib/deep.mjs", "import data from '../data.json' with { type: 'json' }; export const n = data.n")
    write("data.json", '{"n": 41}')
    path = write("main.mjs", "import { n } from './lib/deep.mjs'; export default n + 1")
    report = await isolate.run_files([path])
    assert outcomes(report) == [Outcome.COMPLETED], report
    deep = await events.heard(ScriptParsed, lambda event: event.url.endswith("deep.mjs"))
    assert deep.path.endswith("deep.mjs")
    write("main.mjs", "export const again = 7")
    assert outcomes(await isolate.run_again()) == [Outcome.COMPLETED]
    for text in (
        "import '../outside.mjs'",
        "import 'lodash'",
        "import './none.mjs'",
        "import 'http://127.0.0.1/x.mjs'",
    ):
        failed = await isolate.run_files([write("bad.mjs", text)])
        assert outcomes(failed) == [Outcome.THREW]
        error = failed.reports[0][1].error  # type: ignore[union-attr]
        assert error is not None
        assert text.split("'")[1].rsplit("/")[-1] in error.message
        assert "bad.mjs" in error.message


@needs(Capability.MODULES)
async def test_typed_text_imports_nothing(isolate: Isolate) -> None:
    report = await isolate.evaluate("await import('./x.mjs')")
    assert report.outcome is Outcome.THREW
    assert report.error is not None
    assert "file" in report.error.message
