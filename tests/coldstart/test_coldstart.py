"""Cold starts, measured: every variant with stages and memory, what can't be measured said so."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from inspector.cli import coldstart as verb
from inspector.coldstart import Round, measure
from inspector.coldstart.records import CACHED, CONTEXT, ISOLATE, VARIANTS
from inspector.coldstart.summary import figure, summarise
from inspector.errors import UsageError
from inspector.states import Capability
from tests.fixtures.engines import ENGINES, MAIN, skip_without

WORK = "const list = Array.from({ length: 1000 }, (_, i) => i * i); console.log(list.length);"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "work.js"
    path.write_text(WORK)
    return path


def test_figures() -> None:
    assert (figure([3.0]).median, figure([3.0]).p95) == (3.0, 3.0)
    twenty = figure([float(number) for number in range(1, 21)])
    assert (twenty.median, twenty.p95) == (10.5, 19.0)


def test_ratios_are_against_a_fresh_isolate() -> None:
    rounds = [
        Round(ISOLATE, 10.0, {"run": 1.0}, None),
        Round(CONTEXT, 2.0, {"run": 1.0}, 100),
        Round(CONTEXT, 4.0, {}, 300),
    ]
    figures = {one.variant: one for one in summarise(rounds, {CACHED: "no cache"})}
    assert list(figures) == list(VARIANTS)
    context = figures[CONTEXT]
    assert (context.n, context.ratio, context.memory_bytes) == (2, 0.3, 200)
    assert (figures[ISOLATE].ratio, figures[ISOLATE].memory_bytes) == (1.0, None)
    assert (figures[CACHED].n, figures[CACHED].unavailable, figures[CACHED].total_ms) == (0, "no cache", None)


@pytest.mark.parametrize("engine", ENGINES)
async def test_every_variant_is_measured_or_says_why_not(file: Path, engine: str) -> None:
    heard: list[Round] = []
    result = await measure(file, rounds=2, engine=engine, on_round=heard.append)
    measured = [one for one in result.variants if not one.unavailable]
    assert len(heard) == 2 * len(measured) and all(one.n == 2 for one in measured)
    assert result.machine and result.v8_version and result.n == 2
    names = {one.variant.name for one in measured}
    assert {"isolate", "host"} <= names
    if engine == "native":
        assert {"context", "isolate-cached"} <= names
    if shutil.which("node"):
        assert {"worker", "node"} <= names and result.node_version.startswith("v")
    for one in measured:
        assert one.total_ms is not None and one.total_ms.median > 0
        assert sum(stage.median for stage in one.stages.values()) <= one.total_ms.p95 * 1.5
    host = next(one for one in measured if one.variant.name == "host")
    assert host.stages["host process"].median > 0 and (host.memory_bytes or 0) > 10 << 20


async def test_a_script_that_fails_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.js"
    path.write_text("throw new Error('no')")
    with pytest.raises(UsageError, match="ended threw: no"):
        await measure(path, rounds=1, with_node=False)
    with pytest.raises(UsageError, match="0 rounds"):
        await measure(path, rounds=0)


@skip_without(Capability.MODULES)
async def test_a_module_has_no_code_cache(tmp_path: Path) -> None:
    path = tmp_path / "module.mjs"
    path.write_text("export const answer = 42;")
    result = await measure(path, rounds=1, engine=MAIN, with_node=False)
    reasons = {one.variant.name: one.unavailable for one in result.variants}
    assert "module" in reasons["isolate-cached"] and reasons["node"] == "not asked for" and reasons["isolate"] == ""


def test_the_verb_prints_json_and_text(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verb.main([str(file), "-n", "1", "--no-node", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["n"], told["variants"][1]["ratio"]) == (1, 1.0) and told["machine"]
    assert verb.main([str(file), "-n", "1", "--no-node"]) == 0
    text = capsys.readouterr().out
    assert "n = 1" in text and "fresh isolate" in text and "not measured: not asked for" in text
