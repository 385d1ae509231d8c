"""The application's font changed while the window is open reaches what is painted, and what is measured, by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.made import written
from ui.models.console import ConsoleModel
from ui.models.facts import Facts
from ui.models.isolates import IsolatesModel
from ui.models.pool_state import PoolState
from ui.models.problems import ProblemsModel
from ui.models.series import SeriesStore
from ui.models.source_text import SourceText
from ui.selection import Selection
from ui.style import dress
from ui.theme import Themes
from ui.views.console import ConsoleView
from ui.views.facts import FactsView
from ui.views.isolates import IsolatesView
from ui.views.main_window import MainWindow
from ui.views.source_text import SourceArea
from ui.views.tables import Table


@pytest.fixture
def application(qapp: QApplication) -> Iterator[QApplication]:
    before = QApplication.font()
    yield qapp
    QApplication.setFont(before)


def put_font(application: QApplication, points: float, themes: Themes) -> None:
    font = QApplication.font()
    font.setPointSizeF(points)
    QApplication.setFont(font)
    application.processEvents()
    dress(application, themes.current)  # as the window does


def console(themes: Themes) -> ConsoleView:
    model = ConsoleModel()
    model.show(1)
    model.apply([written("one")])
    return ConsoleView(model, themes)


def of_console(view: ConsoleView) -> tuple[object, ...]:
    line = view.input
    fonts = (
        view.list._delegate._font,
        line.font(),
        line.viewport().font(),
        line.document().defaultFont(),
        view.eager.font(),
    )
    return tuple(font.pointSizeF() for font in fonts), view.list.rowHeight(0), view.list._delegate._letter


def table(themes: Themes) -> Table:
    return Table(ProblemsModel(), themes, name="Problems", empty="", widths=(10, 8))


def of_table(view: Table) -> tuple[object, ...]:
    widths = tuple(view.columnWidth(column) for column in range(2))
    return widths, view.verticalHeader().defaultSectionSize()


def tree(themes: Themes) -> IsolatesView:
    state = PoolState()
    return IsolatesView(IsolatesModel(state, SeriesStore()), state, Selection(), themes)


def of_tree(view: IsolatesView) -> tuple[object, ...]:
    return tuple(view.columnWidth(column) for column in range(1, 5)), view.header().minimumSectionSize()


def facts(_themes: Themes) -> FactsView:
    made = FactsView()
    made.show_facts(Facts("first", "idle", ()))
    return made


def of_facts(view: FactsView) -> tuple[object, ...]:
    return view._title.font().pointSizeF(), view._title.font().weight(), view._subtitle.font().pointSizeF()


def source(themes: Themes) -> SourceArea:
    made = SourceArea(themes)
    made.put(SourceText("one\ntwo"))
    return made


def of_source(view: SourceArea) -> tuple[object, ...]:
    return view.font().pointSizeF(), view._letter, view._height, view._descent


def equals(one: object, other: object) -> bool:
    assert one == other
    return True


PARTS = [(console, of_console), (table, of_table), (tree, of_tree), (facts, of_facts), (source, of_source)]


@pytest.mark.parametrize(("make", "measured"), PARTS, ids=lambda one: one.__name__)
def test_it_is_as_if_it_had_begun_with_the_new_font(
    qtbot: QtBot,
    application: QApplication,
    themes: Themes,
    make: Callable[[Themes], QWidget],
    measured: Callable[[Any], tuple[object, ...]],
) -> None:
    def shown() -> QWidget:
        made = make(themes)
        qtbot.addWidget(made)
        made.resize(1_000, 300)
        made.show()
        application.processEvents()
        return made

    put_font(application, 9, themes)
    early = shown()
    before = measured(early)
    put_font(application, 16, themes)
    late = measured(shown())
    assert late != before
    qtbot.waitUntil(lambda: equals(measured(early), late))
    put_font(application, 9, themes)
    qtbot.waitUntil(lambda: equals(measured(early), before))


def test_the_window_hears_of_a_font(qtbot: QtBot, application: QApplication) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    with qtbot.waitSignal(window.font_changed):
        font = QApplication.font()
        font.setPointSizeF(16)
        QApplication.setFont(font)
