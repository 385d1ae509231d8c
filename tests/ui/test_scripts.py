"""The table of scripts: those without a label too, their runs and times, bounded."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from pytestqt.modeltest import ModelTester

from inspector.records import RunTimings
from inspector.states import Outcome
from tests.ui import made
from ui.models.scripts import MOST, ScriptsModel


@pytest.fixture
def model(qapp: object) -> ScriptsModel:
    table = ScriptsModel()
    table.apply([made.context(1, 1, name="main"), made.script(1, 1, "7"), made.script(2, 1, "7", "other.js")])
    table.show(1)
    return table


def column(model: ScriptsModel, number: int) -> list[str]:
    return [str(model.index(row, number).data()) for row in range(model.rowCount())]


def test_every_script_of_the_shown_isolate(model: ScriptsModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)
    unlabelled = replace(made.script(1, 1, "8", ""), path="")
    internal = replace(made.script(1, 1, "9", "inspector:prelude/json.js"), internal=True)
    model.apply([unlabelled, internal, made.script(1, 5, "10", "https://x/\u202e.js"), made.script(1, 1, "7")])
    model.flush()
    assert column(model, 0) == ["leak.js", "(no label, script 8)", "\\u202e.js"]
    assert column(model, 1) == ["main", "main", "context 5"]
    assert column(model, 3)[0] == "2,048" and column(model, 8)[0] == "ab" and column(model, 4) == ["", "", ""]
    model.show(2)
    assert column(model, 0) == ["other.js"]
    model.forget(2)
    model.show(2)
    assert column(model, 0) == [] and model.known == [1]


def test_runs_add_up(model: ScriptsModel) -> None:
    for run_ms, cpu_ms in ((10.0, 4.0), (30.0, 5.0)):
        settled = made.settled()
        report = replace(settled.report, script_id="7", timings=RunTimings(0.5, run_ms, cpu_ms))
        model.apply([replace(settled, report=report)])
    lost = replace(made.settled().report, script_id="7", outcome=Outcome.HOST_LOST)
    model.apply([replace(made.settled(), report=lost)])
    model.flush()
    assert [column(model, number)[0] for number in (4, 5, 6, 7)] == ["2", "40 ms", "9 ms", "0.5 ms"]


def test_the_oldest_go_and_that_is_told(model: ScriptsModel) -> None:
    model.apply([made.script(1, 1, str(number), f"{number}.js") for number in range(100, 100 + MOST + 3)])
    model.flush()
    assert model.rowCount() == MOST and model.lost == 4
    assert column(model, 0)[0] == "103.js"
