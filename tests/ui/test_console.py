from __future__ import annotations

import time

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from inspector.events import (
    ConsoleCleared,
    ConsoleDropped,
    ConsoleValuesReleased,
    ConsoleWritten,
    ExceptionThrown,
    ScriptError,
)
from inspector.states import Outcome
from tests.ui.made import queued, settled, thrown, written
from ui.models.console import ALL_LEVELS, ConsoleModel
from ui.models.console_log import MAX_ROWS, Level
from ui.theme import Themes
from ui.views.console import ConsoleView


def shown(model: ConsoleModel) -> list[str]:
    return [str(model.index(row).data()) for row in range(model.rowCount())]


@pytest.fixture
def model() -> ConsoleModel:
    made = ConsoleModel()
    made.show(1)
    return made


def test_lines_of_the_shown_isolate_only(model: ConsoleModel, qtmodeltester: ModelTester) -> None:
    model.apply([written("one"), written("other", isolate_id=2), written("two")])
    qtmodeltester.check(model)
    assert shown(model) == ["one", "two"]
    model.show(2)
    assert shown(model) == ["other"]
    model.show(None)
    assert shown(model) == []


def test_a_context_shows_its_own_lines(model: ConsoleModel) -> None:
    model.apply([written("a", context_id=1), written("b", context_id=2)])
    model.show(1, 2)
    assert shown(model) == ["b"]


def test_lines_of_text_are_rows_and_groups_are_indented(model: ConsoleModel) -> None:
    model.apply([written("first\nsecond", level="startGroup"), written("inside"), written("", level="endGroup")])
    model.apply([written("after")])
    assert shown(model) == ["first", "second", "inside", "after"]
    depths = [row.line.depth for row in map(model.row, map(model.index, range(4))) if row is not None]
    assert depths == [0, 0, 1, 0]


def test_levels_and_text_filter(model: ConsoleModel, qtmodeltester: ModelTester) -> None:
    model.apply([written("fine"), written("careful", level="warning"), written("broken", level="error")])
    model.set_filter(ALL_LEVELS - {Level.WARNING})
    assert shown(model) == ["fine", "broken"]
    model.set_filter(ALL_LEVELS, "CARE")
    assert shown(model) == ["careful"]
    model.apply([written("carefree"), written("no")])
    assert shown(model) == ["careful", "carefree"]
    qtmodeltester.check(model)


def test_a_filter_set_later_keeps_what_one_set_before_would_have_kept() -> None:
    levels = ("log", "warning", "startGroupCollapsed", "debug", "endGroup")
    lines = [written(f"{one} {number}", context_id=number % 3, level=one) for number in range(9) for one in levels]
    before, after = ConsoleModel(), ConsoleModel()
    for model in (before, after):
        model.show(1, 2)
    before.set_filter(ALL_LEVELS - {Level.WARNING}, "8")
    before.apply(lines)
    after.apply(lines)
    after.set_filter(ALL_LEVELS - {Level.WARNING}, "8")
    assert shown(after) == shown(before) == ["log 8", "startGroupCollapsed 8"]


def test_gaps_and_releases_are_visible(model: ConsoleModel) -> None:
    logged = ConsoleWritten(5, 1, 1, "log", ({"type": "object", "objectId": "77", "description": "Object"},))
    model.apply([logged, ConsoleDropped(6, 1, 1234), ConsoleValuesReleased(7, 1)])
    assert any("1,234 console lines were dropped" in text for text in shown(model))
    assert "value released" in model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    row = model.row(model.index(0))
    assert row is not None
    assert row.line.released


def test_a_script_that_clears_says_so(model: ConsoleModel) -> None:
    model.apply([written("old"), ConsoleCleared(6, 1, 1), written("new")])
    assert shown(model) == ["The script cleared the console.", "new"]


def test_runs_errors_and_results(model: ConsoleModel) -> None:
    model.apply([queued(1), settled(1, outcome=Outcome.THREW, error=thrown())])
    model.apply([queued(2, label="console input"), settled(2, preview="42")])
    model.apply([ExceptionThrown(9, 1, 1, thrown("late"))])
    lines = shown(model)
    assert lines[0] == "leak.js · script"
    assert lines[1].startswith("leak.js threw: TypeError: no such thing")
    assert "    at leak.js:3:7" in lines
    assert "42" in lines
    assert "Uncaught TypeError: late" in lines


def test_text_of_scripts_is_drawn_as_plain_text(model: ConsoleModel) -> None:
    model.apply([written("<img src=x>\x1b[31mred\u202etxt"), written("y" * 60_000)])
    text = shown(model)
    assert text[0].startswith("<img src=x>")
    assert "\x1b" not in text[0]
    assert "\u202e" not in text[0]
    assert all(len(one) < 3_000 for one in text)


def test_100_000_lines_without_a_stall(qtbot: QtBot, themes: Themes, model: ConsoleModel) -> None:
    view = ConsoleView(model, themes)
    qtbot.addWidget(view)
    view.resize(700, 300)
    view.show()
    slowest = total = 0.0
    for batch in range(52):
        events = [written(f"line {batch * 2000 + number}") for number in range(2000)]
        started = time.perf_counter()
        model.apply(events)
        view.repaint()
        took = time.perf_counter() - started
        slowest, total = max(slowest, took), total + took
    print(f"104,000 lines: {total / 52 * 1000:.1f} ms a batch of 2,000, slowest {slowest * 1000:.1f} ms")
    assert model.rowCount() <= MAX_ROWS
    assert "older lines were dropped" in shown(model)[0]
    bar = view.list.verticalScrollBar()
    assert bar.value() == bar.maximum()


def test_the_list_stays_where_the_user_scrolled_to(qtbot: QtBot, themes: Themes, model: ConsoleModel) -> None:
    view = ConsoleView(model, themes)
    qtbot.addWidget(view)
    view.resize(700, 300)
    view.show()
    model.apply([written(str(number)) for number in range(500)])
    bar = view.list.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() == bar.maximum() > 0)
    bar.setValue(100)
    model.apply([written("more")])
    view.repaint()
    assert bar.value() == 100


def test_input_history(qtbot: QtBot, themes: Themes, model: ConsoleModel) -> None:
    view = ConsoleView(model, themes)
    qtbot.addWidget(view)
    view.say("isolate 1", "Evaluate", ready=True)
    typed: list[str] = []
    view.evaluate_requested.connect(typed.append)
    for text in ("1 + 1", "2 + 2"):
        qtbot.keyClicks(view.input, text)
        qtbot.keyClick(view.input, Qt.Key.Key_Return)
    assert typed == ["1 + 1", "2 + 2"]
    qtbot.keyClicks(view.input, "draft")
    qtbot.keyClick(view.input, Qt.Key.Key_Up)
    qtbot.keyClick(view.input, Qt.Key.Key_Up)
    assert view.input.text() == "1 + 1"
    qtbot.keyClick(view.input, Qt.Key.Key_Down)
    qtbot.keyClick(view.input, Qt.Key.Key_Down)
    assert view.input.text() == "draft"


def test_the_place_gives_way_where_there_is_no_room_for_it(qtbot: QtBot, themes: Themes, model: ConsoleModel) -> None:
    view = ConsoleView(model, themes)
    qtbot.addWidget(view)
    view.say("isolate 1 · main", "Evaluate in isolate 1 · main", ready=True)
    view.resize(900, 300)
    view.show()
    assert view._where.isVisible()
    assert view._where.shown_text() == "isolate 1 · main"
    view.resize(view.minimumSizeHint().width(), 300)
    assert not view._where.isVisible()
    assert view.input.placeholderText() == "Evaluate in isolate 1 · main"


def test_ctrl_f_goes_to_the_filter(qtbot: QtBot, themes: Themes, model: ConsoleModel) -> None:
    view = ConsoleView(model, themes)
    qtbot.addWidget(view)
    view.show()
    (find,) = view.findChildren(QShortcut)
    assert find.key() == QKeySequence(QKeySequence.StandardKey.Find)
    find.activated.emit()
    assert view.focusWidget() is view._search


def test_copy_gives_whole_lines(qtbot: QtBot, themes: Themes, model: ConsoleModel) -> None:
    view = ConsoleView(model, themes)
    qtbot.addWidget(view)
    model.apply([written("one\ntwo"), written("three")])
    view.list.setCurrentIndex(model.index(0))
    view.list.copy()
    assert QGuiApplication.clipboard().text() == "one\ntwo"


def test_a_run_says_why_it_is_a_script_and_commonjs_is_told_what_to_do(model: ConsoleModel) -> None:
    start = replace(queued(), kind_reason="no import, export or top-level await")
    error = ScriptError("ReferenceError", "require is not defined", "a.js", 1, 12, "")
    model.apply([start, settled(outcome=Outcome.THREW, error=error)])
    assert shown(model)[0] == "leak.js · script (no import, export or top-level await)"
    assert shown(model)[-1].startswith("CommonJS: bundle it first")
    model.apply([queued(2), settled(2, outcome=Outcome.THREW, error=thrown())])
    assert "CommonJS" not in shown(model)[-1]


def test_a_line_that_may_be_cut_is_whole_in_its_tooltip(model: ConsoleModel) -> None:
    model.apply([written("<b>" + "long " * 30), written("short")])
    assert "&lt;b&gt;long" in model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert "short" not in model.index(1).data(Qt.ItemDataRole.ToolTipRole)
