"""Rows that lead to a place in a script, errors that are told once, values of input that are told in time."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from inspector.events import ConsoleWritten, ExceptionThrown, RunValued
from inspector.states import Outcome
from inspector.values import Member
from tests.ui.made import queued, settled, thrown
from ui.models.console import ConsoleModel
from ui.models.console_log import Branch, Level, Place
from ui.theme import Themes
from ui.views.console import ConsoleView

FUNCTION: dict[str, Any] = {"type": "function", "objectId": "1", "description": "function f() {}"}
WORDS: dict[str, Any] = {"type": "string", "value": "here"}
LOCATION: dict[str, Any] = {
    "type": "object",
    "subtype": "internal#location",
    "description": "main.js",
    "url": "app/main.js",
    "value": {"scriptId": "7", "lineNumber": 2, "columnNumber": 4},
}


def shown(model: ConsoleModel) -> list[str]:
    return [str(model.index(row).data()) for row in range(model.rowCount())]


@pytest.fixture
def view(qtbot: QtBot, themes: Themes) -> ConsoleView:
    model = ConsoleModel()
    model.show(1)
    made = ConsoleView(model, themes)
    qtbot.addWidget(made)
    made.resize(800, 300)
    made.show()
    return made


def click(qtbot: QtBot, view: ConsoleView, row: int, x: int) -> list[Place]:
    places: list[Place] = []
    view.list.place_requested.connect(places.append)
    rect = view.list.visualRect(view.list.model().index(row, 0))
    qtbot.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.left() + x, rect.center().y()))
    return places


def test_a_trace_has_its_stack_and_a_frame_leads_to_its_line(qtbot: QtBot, view: ConsoleView) -> None:
    stack = "    at inner (file:///a.js:3:5)\n    at <anonymous>:1:1"
    view.list._model.apply([ConsoleWritten(5, 1, 1, "trace", (WORDS,), "file:///a.js", 3, stack=stack)])
    assert shown(view.list._model) == ["here", *stack.split("\n")]
    assert click(qtbot, view, 1, 160) == [Place("file:///a.js", 3, 5)]


def test_no_link_leads_to_a_script_without_a_name(qtbot: QtBot, view: ConsoleView) -> None:
    error = thrown()
    error = type(error)("Error", "lost", "", 0, 0, "Error: lost\n    at <anonymous>:1:16")
    view.list._model.apply([ExceptionThrown(9, 1, 1, error)])
    assert click(qtbot, view, 1, 80) == []


def test_where_a_function_stands_is_named_and_leads_there(qtbot: QtBot, view: ConsoleView) -> None:
    model, wanted = view.list._model, list[Branch]()
    model.members_wanted.connect(wanted.append)
    model.apply([ConsoleWritten(5, 1, 1, "log", (FUNCTION,))])
    model.toggle(model.index(0))
    model.put_members(wanted[0], [Member("[[FunctionLocation]]", "internal", LOCATION)])
    assert shown(model)[1] == "[[FunctionLocation]]: main.js:3"
    assert click(qtbot, view, 1, 230) == [Place("app/main.js", 3, 5, "7")]


@pytest.mark.parametrize(
    ("label", "after"), [("console input", []), ("leak.js", ["leak.js threw: TypeError: no such thing"])]
)
def test_an_error_that_nobody_caught_is_told_with_its_stack_once(label: str, after: list[str]) -> None:
    model = ConsoleModel()
    model.show(1)
    model.apply([queued(1, label=label), ExceptionThrown(9, 1, 1, thrown(), 1)])
    before = shown(model)
    model.apply([settled(1, outcome=Outcome.THREW, error=thrown())])
    assert shown(model) == [*before, *after]


def test_the_value_of_input_is_told_before_its_timers_are_done_and_once() -> None:
    model = ConsoleModel()
    model.show(1)
    model.apply([queued(1, label="console input"), RunValued(9, 1, 1, 1, {"type": "number", "value": 5}, "5")])
    assert shown(model) == ["5"]
    model.apply([settled(1, preview="5")])
    assert shown(model) == ["5"]


def test_an_answer_from_a_call_frame() -> None:
    model = ConsoleModel()
    model.show(1)
    model.add_answer(1, 1, FUNCTION)
    model.add_answer(1, 1, {"type": "number", "value": 5, "description": "5"}, threw=True)
    assert shown(model) == ["ƒ f()", "Uncaught 5"]
    first, second = (model.row(model.index(row)) for row in range(2))
    assert first is not None and second is not None
    assert first.branch is not None and second.line.level is Level.ERROR
