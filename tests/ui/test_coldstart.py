"""Cold starts in the window: the table fills round by round, the chart draws it, ratios never stand alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from inspector.coldstart.records import CACHED, CONTEXT, HOST, ISOLATE, NODE, VARIANTS, WORKER, ColdStart, Round
from inspector.coldstart.summary import summarise
from ui.models.coldstart import ColdStartModel
from ui.theme import DARK, LIGHT, Theme, Themes
from ui.views.coldstart import ColdStartView
from ui.views.coldstart_chart import ColdStartChart
from ui.views.readout import Readout

_BIRTH = {"isolate": 4.0, "inspector": 1.0, "context": 0.5, "compile": 0.2, "run": 0.3}
ROUNDS = [
    Round(CONTEXT, 1.5, {"context": 0.5, "run": 0.3}, 90_000),
    Round(ISOLATE, 8.0, _BIRTH, 800_000),
    Round(HOST, 200.0, {"host process": 190.0, **_BIRTH}, 60_000_000),
    Round(CONTEXT, 2.5, {"context": 0.7, "run": 0.3}, 90_000),
    Round(ISOLATE, 12.0, _BIRTH, 800_000),
    Round(HOST, 240.0, {"host process": 220.0, **_BIRTH}, 62_000_000),
]
WHY_NOT = {CACHED: "the file is a module", WORKER: "not asked for", NODE: "not asked for"}
RESULT = ColdStart("work.js", "native", "14.4", "", "Linux, 2 processors", 2, summarise(ROUNDS, WHY_NOT))


@pytest.fixture
def model(qapp: object) -> ColdStartModel:
    return ColdStartModel()


def column(model: ColdStartModel, number: int) -> list[str]:
    return [str(model.index(row, number).data()) for row in range(model.rowCount())]


def test_the_table_fills_round_by_round(model: ColdStartModel, qtmodeltester: ModelTester) -> None:
    model.start("work.js", 2, "Linux, 2 processors")
    qtmodeltester.check(model)
    assert len(column(model, 0)) == len(VARIANTS) and column(model, 1) == ["0"] * 6
    for one in ROUNDS[:3]:
        model.take(one)
    assert model.done == 1 and model.footing == "n = 1 of 2 · Linux, 2 processors"
    assert column(model, 4)[:2] == ["0.19", "1.00"]
    for one in ROUNDS[3:]:
        model.take(one)
    model.finish(RESULT)
    assert column(model, 1) == ["2", "2", "0", "2", "0", "0"]
    assert column(model, 2)[:4] == ["2 ms", "10 ms", "–", "220 ms"]
    assert column(model, 6)[2] == "the file is a module" and "inspector 1 ms" in column(model, 6)[1]
    assert model.footing == "n = 2 · Linux, 2 processors" and "native engine" in model.heading


def test_what_was_counted_stays_after_a_cancel(model: ColdStartModel) -> None:
    model.start("work.js", 50, "Linux")
    for one in ROUNDS[:2]:
        model.take(one)
    model.finish(None)
    assert column(model, 1)[:2] == ["1", "1"] and "cancelled" in column(model, 6)[3]
    assert model.footing.startswith("n = 1 of 50")


def has(image: QImage, colour: QColor) -> bool:
    wanted = colour.rgb()
    return any(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_chart_draws_stages(qtbot: QtBot, themes: Themes, model: ColdStartModel, theme: Theme) -> None:
    themes.set_by_hand(theme.name)
    chart = ColdStartChart(model, themes)
    qtbot.addWidget(chart)
    chart.resize(700, 300)
    colours = themes.current
    assert not has(chart.grab().toImage(), colours.used)
    model.start("work.js", 2, "Linux")
    model.finish(RESULT)
    image = chart.grab().toImage()
    for colour in (colours.faint, colours.used, colours.committed, colours.gc_minor, colours.ok, colours.border):
        assert has(image, colour), colour.name()
    assert "n = 2" in chart.accessibleDescription() and "2 processors" in chart.accessibleDescription()
    chart.show()
    qtbot.mouseMove(chart, QPoint(10, 290))
    qtbot.mouseMove(chart, QPoint(300, 80))
    readout = chart.findChild(Readout)
    assert readout is not None
    qtbot.waitUntil(readout.isVisible)
    assert readout.lines[0] == "fresh isolate, n = 2" and readout.lines[1] == "median 10 ms, p95 12 ms"
    for size in ((320, 150), (1200, 500)):
        chart.resize(*size)
        assert not chart.grab().isNull()


def test_the_fields_ask_for_what_can_be_measured(qtbot: QtBot, themes: Themes, model: ColdStartModel) -> None:
    view = ColdStartView(model, themes)
    qtbot.addWidget(view)
    asked: list[str] = []
    view.run_requested.connect(lambda: asked.append("run"))
    view.cancel_requested.connect(lambda: asked.append("cancel"))
    assert not view.run.isEnabled() and view.words.text() == "Choose a file."
    assert not view.node.isChecked()  # it would run the file with all the user's rights
    view.put_file(Path("/x/\u202ework.js"))
    assert view.file.text() == "/x/\\u202ework.js"
    view.run.click()
    view.show_running(3, 50)
    assert view.words.text() == "Round 4 of 50" and not view.rounds.isEnabled()
    view.cancel.click()
    view.show_idle("Cancelled.")
    assert asked == ["run", "cancel"] and view.run.isVisibleTo(view)
