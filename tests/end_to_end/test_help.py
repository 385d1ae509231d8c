"""F1 in the real window: every column, chart and list of it has an entry of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QListView,
    QMenuBar,
    QPlainTextEdit,
    QScrollArea,
    QSplitter,
    QTabBar,
    QTabWidget,
    QWidget,
)

from tests.end_to_end.driver import Driver
from tests.end_to_end.opened import open_all
from ui.features.help import Help
from ui.models.help import look_up
from ui.views.centre import HEAP, OVERVIEW
from ui.views.help_target import of

_CONTROLS = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QMenuBar, QSplitter, QTabBar, QTabWidget)
_EXPLAIN_THEMSELVES = ("Shortcuts", "Actions", "Help entries")


def columns(window: QWidget) -> Iterator[tuple[str, str]]:
    """(view, title) of every column that has one, hidden tables too."""
    for header in window.findChildren(QHeaderView):
        model, table = header.model(), header.parentWidget()
        if header.orientation() != Qt.Orientation.Horizontal or model is None or header.isHidden():
            continue
        for section in range(header.count()):
            yield table.accessibleName(), str(model.headerData(section, header.orientation()) or "")


def places(window: QWidget) -> Iterator[QWidget]:
    """Charts, lists and tables: what takes the focus and is no control."""
    for widget in window.findChildren(QWidget):
        is_control = isinstance(widget, (*_CONTROLS, QPlainTextEdit, QScrollArea))
        is_popup = type(widget) is QListView and isinstance(widget.parentWidget(), QComboBox | QWidget)
        if widget.window() is not window:
            continue
        takes_focus = widget.focusPolicy() != Qt.FocusPolicy.NoFocus and bool(widget.accessibleName())
        if takes_focus and not is_control and not is_popup and not widget.accessibleName().startswith("Example"):
            yield widget


def test_every_column_chart_and_list_is_explained(
    driver: Driver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("ui.features.recordings.recordings_folder", lambda: tmp_path / "recordings")
    driver.drag([driver.file("work.js", "let n = 0; while (n < 1e5) n++; n")], driver.place_of("isolate", 1))
    driver.until(lambda: driver.outcome("isolate 1") == "completed")
    open_all(driver, "repeat")
    found = {pair for top in QApplication.topLevelWidgets() for pair in columns(top)}
    assert len(found) > 80
    without = {(view, title) for view, title in found if look_up(title, view) is None}
    assert sorted(pair for pair in without if pair[0] not in _EXPLAIN_THEMSELVES) == []
    driver.until(lambda: all(driver.views.centre.has_graph(place) for place in (OVERVIEW, HEAP)))
    charts = list(places(driver.window))
    assert {"Heap graph", "Flame chart", "Cases", "Source"} <= {one.accessibleName() for one in charts}
    unknown = {one.accessibleName() for one in charts if not explained(one)}
    assert sorted(unknown - set(_EXPLAIN_THEMSELVES)) == []
    for top in QApplication.topLevelWidgets():
        if top is not driver.window:
            top.close()


def explained(widget: QWidget) -> bool:
    target = of(widget, widget.rect().center())
    return any(look_up(name, target.view) is not None for name in target.names)


def test_the_title_is_the_name_that_was_asked_about(driver: Driver) -> None:
    helps = driver.all.feature(Help)
    entry = look_up("JS heap")
    assert entry is not None
    helps._make().show_entry(entry, "JS heap")
    assert helps.dialog is not None
    assert helps.dialog.shown()[0] == "JS heap"
    assert "Heap used" in helps.dialog._group.text()
    helps.dialog.close()
