"""What must hold at every size of window, font and name: columns, fields and figures stay in sight."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QApplication, QLineEdit, QRadioButton
from pytestqt.qtbot import QtBot

from ui.models.fact import Fact, Section
from ui.models.facts import Facts
from ui.models.repeat import RepeatModel
from ui.settings import Settings
from ui.style import style_sheet
from ui.theme import DARK, LIGHT, Theme, Themes
from ui.views.containment_controls import ContainmentControls
from ui.views.facts import FactsView
from ui.views.heap_plot import HeapPlot
from ui.views.main_window import MainWindow
from ui.views.new_isolate import NewIsolateDialog
from ui.views.repeat import RepeatView
from ui.views.tables import Table

TITLES = ("Isolate", "What", "Outcome", "Time", "Result")


@pytest.fixture
def _large_font(qapp: QApplication) -> Iterator[None]:
    before = qapp.font()
    large = qapp.font()
    large.setPointSizeF(16)
    qapp.setFont(large)
    yield
    qapp.setFont(before)


def table(themes: Themes, qtbot: QtBot) -> Table:
    model = QStandardItemModel(1, len(TITLES))
    model.setHorizontalHeaderLabels(list(TITLES))
    made = Table(model, themes, name="Runs", empty="", widths=(16, 20, 12, 9))
    qtbot.addWidget(made)
    made.resize(900, 200)
    made.show()
    return made


def test_columns_give_way_to_a_narrow_window_and_come_back(qtbot: QtBot, themes: Themes) -> None:
    made = table(themes, qtbot)
    wide = [made.columnWidth(column) for column in range(4)]
    made.resize(sum(wide) + 30, 200)
    assert not made.horizontalScrollBar().isVisible()
    assert made.columnWidth(1) < wide[1]
    made.resize(900, 200)
    assert [made.columnWidth(column) for column in range(4)] == wide


def test_columns_that_a_person_dragged_stay(qtbot: QtBot, themes: Themes) -> None:
    made = table(themes, qtbot)
    made.horizontalHeader().resizeSection(1, 333)
    made.resize(500, 200)
    assert made.columnWidth(1) == 333


def test_a_name_without_a_blank_leaves_the_figures_in_sight(qtbot: QtBot) -> None:
    view = FactsView()
    qtbot.addWidget(view)
    view.resize(260, 400)
    view.show_facts(Facts("n" * 200, "", (Section("Memory", (Fact("Heap used", "3 MiB", figure=True),)),)))
    view.show()
    value = view.values[0]
    right = value.mapTo(view.viewport(), value.rect().topRight()).x()
    assert 0 < right <= view.viewport().width()


@pytest.mark.usefixtures("_large_font")
def test_no_word_of_a_dialog_is_cut_at_a_large_font(qtbot: QtBot) -> None:
    dialog = NewIsolateDialog(lambda: (), "128 MiB")
    qtbot.addWidget(dialog)
    dialog.show()
    assert all(one.width() >= one.sizeHint().width() for one in dialog.findChildren(QRadioButton))


@pytest.mark.usefixtures("_large_font")
def test_the_words_of_the_value_axis_are_whole_at_a_large_font(qtbot: QtBot, themes: Themes) -> None:
    plot = HeapPlot(themes.current)
    qtbot.addWidget(plot)
    plot.resize(500, 300)
    plot.show()
    assert plot.chart().left() >= plot.fontMetrics().horizontalAdvance("0.75 MiB") + 8


def test_the_last_column_gives_way_too(qtbot: QtBot, themes: Themes) -> None:
    made = table(themes, qtbot)
    made.resize(made.columnWidth(0) + made.columnWidth(1) + made.columnWidth(2) + made.columnWidth(3) + 50, 200)
    assert made.horizontalHeader().length() <= made.viewport().width()


@pytest.mark.usefixtures("_large_font")
def test_the_fields_of_a_test_do_not_cover_each_other_at_a_large_font(qtbot: QtBot, themes: Themes) -> None:
    bar = ContainmentControls(themes)
    qtbot.addWidget(bar)
    bar.show_chosen(7, 40)
    bar.resize(bar.minimumSizeHint().width(), 120)
    bar.show()
    assert bar.run.width() >= bar.run.sizeHint().width()
    assert bar.timeout.geometry().right() < bar.cpu.geometry().left()


def test_a_low_window_does_not_crush_the_fields_of_a_repeat(qtbot: QtBot, themes: Themes) -> None:
    view = RepeatView(RepeatModel(), themes)
    qtbot.addWidget(view)
    view.resize(420, 160)
    view.show()
    fields = view.fields.form.findChildren(QLineEdit)
    assert fields and all(one.height() >= one.minimumSizeHint().height() for one in fields if one.isVisible())


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: str(theme.name))
def test_every_picture_of_the_sheet_is_there(theme: Theme) -> None:
    pictures = re.findall(r'url\("([^"]+)"\)', style_sheet(theme))
    assert len(pictures) >= 7
    assert [one for one in pictures if not Path(one).is_file()] == []


def test_a_window_and_its_frame_fit_a_screen_that_is_as_large(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    monkeypatch.setattr(window, "screen", _Low)
    window.recall(Settings(Path("/nowhere/settings.json")))
    assert window.height() <= 768 - 40 and window.width() <= 1280


class _Low:
    """A screen of 1280 by 768 points."""

    def availableSize(self) -> QSize:
        return QSize(1280, 768)
