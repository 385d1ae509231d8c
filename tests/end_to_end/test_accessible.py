"""Everything that takes the focus has a name, charts are walked by keys and read aloud, outcomes are announced."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QMenu, QWidget

from tests.end_to_end.driver import Driver
from tests.end_to_end.opened import open_all
from ui.features.announcements import Announcements
from ui.features.heap_table import HeapTable
from ui.features.preferences import Preferences
from ui.views.heap_graph import HeapGraph


@pytest.fixture
def _screen_reader() -> Iterator[None]:
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


def nameless(root: QWidget) -> Iterator[str]:
    """Widgets that take the focus and tell a screen reader nothing. A list that pops up is told of by its box; the
    menu that a plot library makes for itself is never shown.
    """
    for widget in root.findChildren(QWidget):
        above, popped_up = widget.parentWidget(), False
        while above is not None:
            popped_up = popped_up or isinstance(above, QMenu) or (
                isinstance(above, QComboBox) and isinstance(widget, QAbstractItemView)
            )  # fmt: skip
            above = above.parentWidget()
        if popped_up or widget.focusPolicy() == Qt.FocusPolicy.NoFocus or widget.objectName().startswith("qt_"):
            continue
        told = QAccessible.queryAccessibleInterface(widget)
        if not told.text(QAccessible.Text.Name).strip():
            outward, path = widget, []
            while outward is not None:
                path.append(type(outward).__name__)
                outward = outward.parentWidget()
            yield " in ".join(path)


@pytest.mark.usefixtures("_screen_reader")
def test_all_that_takes_the_focus_has_a_name_and_charts_are_read_aloud(
    driver: Driver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("ui.features.recordings.recordings_folder", lambda: tmp_path / "recordings")
    driver.drag([driver.file("work.js", "let n = 0; while (n < 1e6) n++; n")], driver.place_of("isolate", 1))
    driver.until(lambda: driver.outcome("isolate 1") == "completed")
    driver.until(lambda: "work.js completed: 1000000" in driver.all.feature(Announcements).said)
    sessions = open_all(driver)
    heap = driver.all.feature(HeapTable).dialog
    assert heap is not None
    driver.until(lambda: heap.read() or heap.table.model().rowCount())  # once the graphs have come
    found = {one for top in QApplication.topLevelWidgets() for one in nameless(top)}
    assert sorted(found) == []
    for top in QApplication.topLevelWidgets():
        if top is not driver.window:
            top.close()
    driver.until(lambda: driver.all.feature(Preferences).dialog is None)

    flame = sessions.views[0].flame
    flame.setFocus()
    for _ in range(3):
        driver.qtbot.keyClick(flame, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert "burn" in flame.accessibleDescription()
    driver.views.centre.go_to(2)
    driver.until(lambda: driver.window.findChild(HeapGraph) is not None)
    graph = driver.window.findChild(HeapGraph)
    driver.qtbot.keyClick(graph, Qt.Key.Key_Left)
    driver.until(lambda: "used" in graph.accessibleDescription())
    driver.type("throw new RangeError('too far')")
    driver.until(lambda: "threw: too far" in driver.all.feature(Announcements).said)
