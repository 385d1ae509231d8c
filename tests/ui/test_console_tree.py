"""What stands beneath a line: objects that open, groups that close, lines that repeat, tables."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from inspector.events import ConsoleValuesReleased, ConsoleWritten
from inspector.values import Member
from tests.ui.made import written
from ui.models.console import ALL_LEVELS, ConsoleModel
from ui.models.console_log import Branch, Place
from ui.theme import Themes
from ui.views.console import ConsoleView

OBJECT: dict[str, Any] = {"type": "object", "objectId": "1", "description": "Object"}
INNER: dict[str, Any] = {"type": "object", "objectId": "2", "description": "Inner"}


def logged(*args: dict[str, Any], level: str = "log") -> ConsoleWritten:
    return ConsoleWritten(5, 1, 1, level, args, "app/main.js", 12)


def shown(model: ConsoleModel) -> list[str]:
    return [str(model.index(row).data()) for row in range(model.rowCount())]


@pytest.fixture
def model(qtmodeltester: ModelTester) -> ConsoleModel:
    made = ConsoleModel()
    made.show(1)
    qtmodeltester.check(made)
    return made


@pytest.fixture
def wanted(model: ConsoleModel) -> list[Branch]:
    heard: list[Branch] = []
    model.members_wanted.connect(heard.append)
    return heard


def test_an_object_opens_beneath_its_line(model: ConsoleModel, wanted: list[Branch]) -> None:
    model.apply([logged(OBJECT), written("after")])
    model.toggle(model.index(0))
    model.toggle(model.index(0))  # asked once
    assert len(wanted) == 1
    model.put_members(wanted[0], [Member("a", "property", {"type": "number", "value": 1, "description": "1"}),
                                  Member("inner", "property", INNER), Member("late", "getter", {}, "1")])  # fmt: skip
    assert shown(model) == ["Object", "a: 1", "inner: Inner", "late: (…)", "after"]
    assert [model.opens(row) for row in map(model.row, map(model.index, range(5))) if row] == [
        True, None, False, False, None
    ]  # fmt: skip
    model.toggle(model.index(2))
    model.put_members(wanted[1], [])
    assert shown(model)[3] == "no properties"
    model.toggle(model.index(4))
    model.put_value(wanted[2], {"type": "string", "value": "now"})
    assert shown(model)[4] == "late: 'now'"
    model.toggle(model.index(0))
    assert shown(model) == ["Object", "after"]


def test_an_answer_that_comes_too_late_is_dropped(model: ConsoleModel, wanted: list[Branch]) -> None:
    model.apply([logged(OBJECT)])
    model.toggle(model.index(0))
    model.set_filter(ALL_LEVELS, "")
    model.put_members(wanted[0], [Member("a", "property", {})])
    assert model.rowCount() in (1, 2)
    model.show(2)
    model.put_members(wanted[0], [Member("a", "property", {})])
    assert shown(model) == []


def test_several_values_of_a_line_open_each(model: ConsoleModel, wanted: list[Branch]) -> None:
    model.apply([logged(OBJECT, INNER)])
    model.toggle(model.index(0))
    assert shown(model) == ["Object Inner", "Object", "Inner"]
    model.toggle(model.index(2))
    assert wanted[0].remotes == (INNER,)


def test_what_was_released_opens_no_more(model: ConsoleModel, wanted: list[Branch]) -> None:
    model.apply([logged(OBJECT), ConsoleValuesReleased(6, 1)])
    model.toggle(model.index(0))
    assert not wanted


def test_groups_close_and_open(model: ConsoleModel) -> None:
    model.apply([written("outer", level="startGroup"), written("a"), written("inner", level="startGroupCollapsed"),
                 written("b"), written("", level="endGroup"), written("", level="endGroup"), written("c")])  # fmt: skip
    assert shown(model) == ["outer", "a", "inner", "c"]
    model.toggle(model.index(2))
    assert shown(model) == ["outer", "a", "inner", "b", "c"]
    model.toggle(model.index(0))
    assert shown(model) == ["outer", "c"]


def test_a_line_that_repeats_is_counted(model: ConsoleModel) -> None:
    model.apply([written("again"), written("again")])
    model.apply([written("again"), written("other"), written("again"), logged(OBJECT), logged(OBJECT)])
    assert shown(model) == ["again", "other", "again", "Object", "Object"]
    first = model.row(model.index(0))
    assert first is not None and first.line.count == 3


def test_a_table_is_drawn_as_one(model: ConsoleModel) -> None:
    def row(index: str, **cells: str) -> dict[str, Any]:
        properties = [{"name": name, "type": "string", "value": value} for name, value in cells.items()]
        return {"name": index, "type": "object", "valuePreview": {"properties": properties}}

    rows = {"properties": [row("0", name="tea", price="3"), row("1", name="cake")]}
    model.apply([logged({"type": "object", "objectId": "9", "preview": rows}, level="table")])
    assert shown(model)[:4] == [
        "(index) │ name   │ price",
        "────────┼────────┼──────",
        "0       │ 'tea'  │ '3'",
        "1       │ 'cake' │",
    ]


def test_triangles_and_places_are_clicked(
    qtbot: QtBot, themes: Themes, model: ConsoleModel, wanted: list[Branch]
) -> None:
    view = ConsoleView(model, themes)
    qtbot.addWidget(view)
    view.resize(800, 300)
    view.show()
    model.apply([logged(OBJECT)])
    places: list[Place] = []
    view.list.place_requested.connect(places.append)
    rect = view.list.visualRect(model.index(0))
    left, port = Qt.MouseButton.LeftButton, view.list.viewport()
    qtbot.mouseClick(port, left, pos=QPoint(rect.left() + 28, rect.center().y()))
    assert len(wanted) == 1
    qtbot.mouseClick(port, left, pos=QPoint(rect.right() - 12, rect.center().y()))
    assert places == [Place("app/main.js", 12)]
    model.put_members(wanted[0], [Member("inner", "property", INNER)])
    view.list.setFocus()
    view.list.setCurrentIndex(model.index(1))
    qtbot.keyClick(view.list, Qt.Key.Key_Right)
    assert len(wanted) == 2
    qtbot.keyClick(view.list, Qt.Key.Key_Left)
    assert view.list.currentIndex().row() == 0
    qtbot.keyClick(view.list, Qt.Key.Key_Left)
    assert model.rowCount() == 1
