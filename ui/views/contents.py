"""What fills the window: the views and how they share the room."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QSplitter, QTabWidget

from ui.settings import Settings
from ui.style import SPACE
from ui.views.centre import Centre
from ui.views.console import ConsoleView
from ui.views.drop_overlay import DropOverlay
from ui.views.drop_target import DropTarget
from ui.views.facts import FactsView
from ui.views.isolates import IsolatesView
from ui.views.main_window import MainWindow, Parts
from ui.views.menus import build_context_menu, build_menus, build_toolbar
from ui.views.status_bar import StatusBar
from ui.views.tables import Table

__all__ = ["CONSOLE", "PROBLEMS", "RUNS", "Contents"]

CONSOLE, RUNS, PROBLEMS = range(3)
_ACROSS, _DOWN = (530, 482, 268), (450, 270)  # at the first start
_FACTS_FROM = 960  # points of width from which there is room for the facts


class Contents(QObject):
    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self.hidden: frozenset[str] = frozenset()  # of "tree", "facts", "bottom": by the user's wish
        self._problems = parts.problems
        self.tree = IsolatesView(parts.tree, parts.state, parts.selection, parts.themes)
        self.centre = Centre(parts.themes)
        self.console = ConsoleView(parts.console, parts.themes)
        self.facts = FactsView()
        self.runs = Table(parts.runs, parts.themes, name="Runs", empty="No runs yet.", widths=(16, 20, 12, 11, 11, 11))
        self.problems = Table(
            parts.problems, parts.themes, name="Problems", empty="No problems.", widths=(15, 8), wraps=True
        )
        self.status = StatusBar(window)
        self.bottom = QTabWidget()
        self._across = QSplitter(Qt.Orientation.Horizontal)
        self._down = QSplitter(Qt.Orientation.Vertical)
        self._lay_out()
        self.context_menu = build_context_menu(window, parts.actions)
        self.tree.menu_requested.connect(self.context_menu.popup)
        build_menus(window, parts.actions, window.example_requested.emit)
        build_toolbar(window, parts.actions, parts.themes, window.example_requested.emit)
        self.centre.welcome.example_requested.connect(window.example_requested)
        window.setCentralWidget(self._across)
        window.setStatusBar(self.status)
        self.tree.setFocus()
        self.drops = DropTarget(self._across, self.tree, DropOverlay(parts.themes, window), parts.state)
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
        self.fit(self._across.window().width())

    def share(self, across: Sequence[int], down: Sequence[int]) -> None:
        """The room, in any unit: of tree, middle and facts; of middle and bottom."""
        for splitter, shares in ((self._across, across), (self._down, down)):
            room = splitter.width() if splitter is self._across else splitter.height()
            splitter.setSizes([share * room // max(1, sum(shares)) for share in shares])

    def share_as_at_first(self) -> None:
        self.share(_ACROSS, _DOWN)

    def shares(self) -> tuple[tuple[int, int, int], tuple[int, int]]:
        """What `share` takes."""
        tree, middle, facts = self._across.sizes()
        above, below = self._down.sizes()
        return (tree, middle, facts), (above, below)

    def remember(self, settings: Settings) -> None:
        settings.put_data("across", bytes(self._across.saveState().data()))
        settings.put_data("down", bytes(self._down.saveState().data()))

    def recall(self, settings: Settings) -> None:
        """Take the shares of the last window, and leave out what was hidden there."""
        self.hide(settings.texts("hidden"))
        for splitter, key in ((self._across, "across"), (self._down, "down")):
            splitter.restoreState(settings.data(key))
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)

    def _lay_out(self) -> None:
        self.bottom.setAccessibleName("Console and lists")
        self.bottom.setDocumentMode(True)
        self.bottom.tabBar().setDrawBase(False)
        for view, name in ((self.console, "Console"), (self.runs, "Runs"), (self.problems, "Problems")):
            self.bottom.addTab(view, name)
        self._down.addWidget(self.centre)
        self._down.addWidget(self.bottom)
        for widget in (self.tree, self._down, self.facts):
            self._across.addWidget(widget)
        for splitter in (self._down, self._across):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        self.centre.setMinimumSize(260, 140)
        self.bottom.setMinimumHeight(120)
        self.tree.setMinimumWidth(200)
        figure = self.facts.fontMetrics().horizontalAdvance("Heap committed 999.9 MiB/s")
        self.facts.setMinimumWidth(max(220, figure + 5 * SPACE))
        self._down.setStretchFactor(0, 3)
        self._down.setStretchFactor(1, 2)
        self._across.setStretchFactor(1, 1)
        self._across.setSizes(list(_ACROSS))
        self._down.setSizes(list(_DOWN))

    def _count_problems(self) -> None:
        count = self._problems.rowCount()
        self.bottom.setTabText(PROBLEMS, f"Problems ({count})" if count else "Problems")
