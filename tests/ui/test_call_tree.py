"""Rows of bottom-up, call tree, callers and callees."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from inspector.analysis.cpuprofile import profile_of
from tests.analysis.made import cpuprofile
from ui.models.call_tree import CallTreeModel, Direction
from ui.theme import Themes
from ui.views.call_tree import CallTreeView

PROFILE = profile_of(cpuprofile(["main alpha", "main alpha fib", "main beta fib", "main beta", "other fib", "(idle)"]))
ALPHA = next(i for i, one in enumerate(PROFILE.tree.frames) if one.name == "alpha")


def made(direction: Direction, frame: int | None = None) -> CallTreeModel:
    model = CallTreeModel(direction)
    model.put(PROFILE.tree, PROFILE.self_us(), frame=frame)
    return model


def text(model: CallTreeModel, parent: QModelIndex | None = None, depth: int = 0) -> list[str]:
    under = parent or QModelIndex()
    lines = []
    for row in range(model.rowCount(under)):
        index = model.index(row, 0, under)
        cells = [str(index.siblingAtColumn(column).data()) for column in range(3)]
        lines.append("  " * depth + " | ".join(cells))
        lines += text(model, index, depth + 1)
    return lines


def test_call_tree(qtmodeltester: ModelTester) -> None:
    model = made(Direction.TOP_DOWN)
    qtmodeltester.check(model)
    assert text(model) == [
        "main | 0 µs  0.0% | 4 ms  80.0%",
        "  alpha | 1 ms  20.0% | 2 ms  40.0%",
        "    fib | 1 ms  20.0% | 1 ms  20.0%",
        "  beta | 1 ms  20.0% | 2 ms  40.0%",
        "    fib | 1 ms  20.0% | 1 ms  20.0%",
        "other | 0 µs  0.0% | 1 ms  20.0%",
        "  fib | 1 ms  20.0% | 1 ms  20.0%",
    ]


def test_bottom_up(qtmodeltester: ModelTester) -> None:
    model = made(Direction.BOTTOM_UP)
    qtmodeltester.check(model)
    lines = text(model)
    assert lines[0] == "fib | 3 ms  60.0% | 3 ms  60.0%"
    assert lines[1:4] == ["  alpha | 1 ms  20.0% | ", "    main | 1 ms  20.0% | ", "  beta | 1 ms  20.0% | "]
    assert "  other | 1 ms  20.0% | " in lines
    assert "alpha | 1 ms  20.0% | 2 ms  40.0%" in lines
    assert not [line for line in lines if line.startswith("main")]  # it used no time itself


def test_callers_and_callees() -> None:
    assert text(made(Direction.CALLERS, ALPHA)) == ["alpha | 1 ms  20.0% | 2 ms  40.0%", "  main |  | 2 ms  40.0%"]
    assert text(made(Direction.CALLEES, ALPHA)) == [
        "alpha | 1 ms  20.0% | 2 ms  40.0%",
        "  fib | 1 ms  20.0% | 1 ms  20.0%",
    ]
    assert text(made(Direction.CALLERS)) == []


@pytest.mark.parametrize("direction", list(Direction))
def test_nothing_is_no_row(direction: Direction, qtmodeltester: ModelTester) -> None:
    model = CallTreeModel(direction)
    model.put(None, None)
    qtmodeltester.check(model)
    model.put(PROFILE.tree, PROFILE.self_us(0, 1), frame=ALPHA)
    assert text(model) == []


def test_the_view_tells_of_its_rows(qtbot: QtBot, themes: Themes) -> None:
    model = made(Direction.TOP_DOWN)
    view = CallTreeView(model, themes, name="Call tree", empty="Nothing.")
    qtbot.addWidget(view)
    view.resize(500, 300)
    view.show()
    chosen: list[int] = []
    opened: list[int] = []
    view.chosen.connect(chosen.append)
    view.opened.connect(opened.append)
    view.setCurrentIndex(model.index(0, 0, model.index(0, 0)))
    view.activated.emit(view.currentIndex())
    assert chosen == opened == [ALPHA]
    view.expandAll()
    assert not view.grab().isNull()
    later = profile_of(cpuprofile(["first", "main alpha fib", "main beta", "main alpha", "main alpha fib"]))
    model.put(later.tree, later.self_us())  # other numbers, the same functions
    main = next(model.index(row, 0) for row in range(model.rowCount()) if model.index(row, 0).data() == "main")
    assert view.isExpanded(main)
    assert view.isExpanded(model.index(0, 0, main))
    model.put(None, None)
    assert not view.grab().isNull()
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
