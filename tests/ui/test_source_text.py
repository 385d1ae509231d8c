"""The painted source: lines in sight only, places found, text chosen, breakpoints asked for."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from ui.models.line_mark import LineMark
from ui.models.source_text import SourceText, Spot
from ui.theme import Themes
from ui.views.sources import SourcesView

SOURCE = "function one() {\n\treturn 'tab'\n}\r\n" + "\n".join(f"const line{n} = {n};" for n in range(4, 2000))


def test_columns_count_what_is_drawn() -> None:
    text = SourceText("\tab\u202ec\nx")
    assert text.drawn(0) == "    ab\\u202ec"
    assert text.column_of(0, 1) == 4
    assert text.column_of(0, 4) == 12
    assert text.find("C") == [Spot(0, 12, 13)]
    assert text.find("") == []
    assert len(SourceText("")) == 1


@pytest.fixture
def view(qtbot: QtBot, themes: Themes) -> SourcesView:
    made = SourcesView(themes)
    qtbot.addWidget(made)
    made.resize(700, 400)
    made.show()
    made.put_text(SourceText(SOURCE), "facts", has_file=False)
    return made


def test_find_walks_around_the_end_and_goes_to_lines(qtbot: QtBot, view: SourcesView) -> None:
    qtbot.keyClicks(view.search, "LINE199")
    assert view.count.text() == "1 of 11"
    assert view.area.current_line == 199
    qtbot.keyClick(view.search, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert (view.count.text(), view.area.current_line) == ("11 of 11", 1999)
    qtbot.keyClick(view.search, Qt.Key.Key_Return)
    assert view.area.current_line == 199
    view.search.setText("zzz")
    assert view.count.text() == "none"
    view.search.setText(":1500")
    assert view.area.current_line == 1500
    view.search.setText(":999999")
    assert view.area.current_line == len(SourceText(SOURCE))
    assert "line 1999" in view.area.accessibleDescription()


def test_text_is_chosen_with_the_mouse_and_copied(qtbot: QtBot, view: SourcesView) -> None:
    port, area = view.area.viewport(), view.area
    lines: list[int] = []
    area.line_clicked.connect(lines.append)
    left, height, letter, gutter = Qt.MouseButton.LeftButton, area._height, area._letter, area._gutter
    shift, top = Qt.KeyboardModifier.ShiftModifier, height // 2
    qtbot.mouseClick(port, left, pos=QPoint(gutter + round(9 * letter), top))
    qtbot.mouseClick(port, left, shift, pos=QPoint(gutter + round(10 * letter), height + top))
    qtbot.keyClick(area, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "one() {\n    return"
    qtbot.mouseClick(port, left, pos=QPoint(10, 2 * height + 2))
    area.go_to(7)
    qtbot.keyClick(area, Qt.Key.Key_F9)
    assert lines == [3, 7]


def test_everything_that_can_be_marked_is_painted(view: SourcesView) -> None:
    plain = view.area.grab().toImage()
    pictures = [plain]
    for kind in ("coming", "plain", "condition", "log"):
        view.area.show_breakpoints({2: LineMark(kind)})
        pictures.append(view.area.grab().toImage())
    view.show_figures("time", {4: "12 ms", 5: "3 %"}, "self time of x")
    pictures.append(view.area.grab().toImage())
    view.show_figures("hits", {4: "0"}, "hits")
    marked = view.area.grab().toImage()
    pictures.append(marked)
    assert all(one != other for at, one in enumerate(pictures) for other in pictures[:at])
    assert view.facts.text().startswith("self time of x · hits · ")
    view.area.show_paused(1999)
    assert view.area.verticalScrollBar().value() > 1900
    assert view.area.grab().toImage() != marked


def test_a_line_of_a_million_characters_is_painted(view: SourcesView) -> None:
    view.put_text(SourceText("x = [" + "1, " * 350_000 + "]"), "", has_file=False)
    view.search.setText("]")
    assert view.area.horizontalScrollBar().value() > 1_000_000
    assert not view.area.grab().isNull()
