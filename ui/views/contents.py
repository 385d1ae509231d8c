"""What fills the window: the views and how they share the room."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QTabWidget

from ui.settings import Settings
from ui.style import SPACE
from ui.views.centre import Centre
from ui.views.console import ConsoleView
from ui.views.drop_overlay import DropOverlay
from ui.views.drop_target import DropTarget
from ui.views.facts import FactsView
from ui.views.font_care import when_font
from ui.views.main_window import MainWindow, Parts
from ui.views.menus import build_context_menu, build_menus, build_toolbar
from ui.views.panes import Panes
from ui.views.status_bar import StatusBar
from ui.views.tables import Table

__all__ = ["CONSOLE", "PROBLEMS", "RUNS", "Contents"]

CONSOLE, RUNS, PROBLEMS = range(3)
_FACTS_FROM = 960  # points of width from which there is room for the facts


class Contents(QObject):
    def __init__(self, window: MainWindow, parts: Parts, panes: Panes) -> None:
        super().__init__(window)
        self.hidden: frozenset[str] = frozenset()  # of "tree", "facts", "bottom": by the user's wish
        self.panes = panes
        self._window = window
        self._problems = parts.problems
        self.tree = parts.tree
        self.centre = Centre(parts.themes)
        self.console = ConsoleView(parts.console, parts.themes)
        self.facts = FactsView()
        self.runs = Table(parts.runs, parts.themes, name="Runs", empty="No runs yet.", widths=(16, 20, 12, 9, 9, 10))
        self.problems = Table(
            parts.problems, parts.themes, name="Problems", empty="No problems.", widths=(15, 8), wraps=True
        )
        self.status = StatusBar(window)
        self.bottom = QTabWidget()
        self._lay_out()
        self.console.order_stops()
        self.context_menu = build_context_menu(window, parts.actions)
        self.tree.menu_requested.connect(self.context_menu.popup)
        build_menus(window, parts.actions, window.example_requested.emit)
        toolbar = build_toolbar(window, parts.actions, parts.themes, window.example_requested.emit)
        self.panels = (toolbar, self.tree, self.centre, self.bottom, self.facts, self.status)  # as they are read
        self.centre.welcome.example_requested.connect(window.example_requested)
        window.setStatusBar(self.status)
        self.tree.setFocus()
        self.drops = DropTarget(panes.across, self.tree, DropOverlay(parts.themes, window), parts.state)
        parts.problems.rowsInserted.connect(self._count_problems)
        parts.problems.modelReset.connect(self._count_problems)
        # actions that are in no menu still answer to their shortcuts
        window.addActions(list(parts.actions.by_key.values()))

    def fit(self, width: int) -> None:
        """Leave out what a narrow window has no room for."""
        self.facts.setVisible(width >= _FACTS_FROM and "facts" not in self.hidden)
        self.status.fit(width)

    def hide(self, panels: Collection[str]) -> None:
        """Leave out these of "tree", "facts" and "bottom", and no others."""
        self.hidden = frozenset(panels)
        self.tree.setVisible("tree" not in self.hidden)
        self.bottom.setVisible("bottom" not in self.hidden)
        self.fit(self._window.width())

    def remember(self, settings: Settings) -> None:
        self.panes.remember(settings)

    def recall(self, settings: Settings) -> None:
        """Take the shares of the last window, and leave out what was hidden there."""
        self.hide(settings.texts("hidden"))
        self.panes.recall(settings)

    def _lay_out(self) -> None:
        self.bottom.setAccessibleName("Console and lists")
        self.bottom.setDocumentMode(True)
        self.bottom.tabBar().setDrawBase(False)
        for view, name in ((self.console, "Console"), (self.runs, "Runs"), (self.problems, "Problems")):
            self.bottom.addTab(view, name)
        self.centre.setMinimumSize(260, 140)
        self.bottom.setMinimumHeight(120)
        when_font(self.facts, self._fit_facts)
        self.panes.put(self.centre, self.bottom, self.facts)

    def _fit_facts(self) -> None:
        figure = self.facts.fontMetrics().horizontalAdvance("Heap committed 999.9 MiB/s")
        self.facts.setMinimumWidth(max(220, figure + 5 * SPACE))

    def _count_problems(self) -> None:
        count = self._problems.rowCount()
        self.bottom.setTabText(PROBLEMS, f"Problems ({count})" if count else "Problems")
