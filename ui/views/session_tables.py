"""Beneath the charts of a session: what its range tells, as tables; and the source of a function.

Everything is of the brushed range. A row that is chosen is told by `function_chosen`; Enter or a double click shows
its source.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QSplitter, QTabWidget, QWidget

from inspector.analysis.track import Track
from inspector.analysis.tree import Array
from ui.models.call_tree import CallTreeModel, Direction
from ui.models.findings import FindingsModel
from ui.models.range_figures import RangeFiguresModel
from ui.models.session_events import SessionEventsModel
from ui.models.stacks import Stacks
from ui.theme import Themes
from ui.views.call_tree import CallTreeView
from ui.views.source_lines import SourceLines
from ui.views.tables import Table

__all__ = ["SessionTables"]

_NOTHING = "Nothing ran in this range."


class SessionTables(QTabWidget):
    function_chosen = Signal(int)  # its number in the tree
    function_opened = Signal(int)
    moment_opened = Signal(float)  # microseconds
    finding_opened = Signal(object)  # Finding

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Tables of the range")
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self.models = {direction: CallTreeModel(direction, self) for direction in Direction}
        self.trees = {
            direction: CallTreeView(model, themes, name=direction.value.capitalize(), empty=_NOTHING)
            for direction, model in self.models.items()
        }
        self.events = SessionEventsModel(self)
        self.figures = RangeFiguresModel(self)
        self.findings = FindingsModel(self)
        self.event_table = Table(
            self.events, themes, name="Event log", empty="Nothing happened in this range.", widths=(14, 16, 40)
        )
        self.figure_table = Table(
            self.figures, themes, name="Statistics", empty="Nothing to tell yet.", widths=(28, 14, 24, 7, 30)
        )
        self.finding_table = Table(self.findings, themes, name="Findings", empty="Nothing stands out.", widths=(15, 60))
        self.source = SourceLines(themes)
        self._between = QSplitter(Qt.Orientation.Horizontal)
        self._own: Array | None = None
        self._stacks: Stacks | None = None
        self.frame: int | None = None  # the chosen function
        self._lay_out()
        for view in self.trees.values():
            view.chosen.connect(self.function_chosen)
            view.opened.connect(self.function_opened)
        self.event_table.activated.connect(self._event_opened)
        self.finding_table.activated.connect(self._finding_opened)
        self.finding_table.clicked.connect(self._finding_opened)

    def put(self, stacks: Stacks | None, own: Array | None) -> None:
        """`own`: the weight of each node in the range."""
        if stacks is not self._stacks:
            self.frame = None
        self._stacks, self._own = stacks, own
        for direction in (Direction.BOTTOM_UP, Direction.TOP_DOWN):
            self._put(direction)
        self._put_neighbours()

    def put_events(self, track: Track | None, zero_us: float) -> None:
        self.events.put(track, zero_us)

    def show_function(self, frame: int) -> None:
        """Who called it and what it called."""
        if frame != self.frame:
            self.frame = frame
            self._put_neighbours()

    def show_source(self) -> None:
        self.setCurrentWidget(self.source)

    def _put_neighbours(self) -> None:
        for direction in (Direction.CALLERS, Direction.CALLEES):
            empty = "Choose a function." if self.frame is None else _NOTHING
            self.trees[direction].empty = empty
            self._put(direction)
            self.trees[direction].expandToDepth(0)

    def _put(self, direction: Direction) -> None:
        stacks, model = self._stacks, self.models[direction]
        if stacks is None:
            model.put(None, None)
        else:
            model.put(stacks.tree, self._own, frame=self.frame, amount=stacks.amount)

    def _event_opened(self, index: QModelIndex) -> None:
        self.moment_opened.emit(self.events.at_us(index.row()))

    def _finding_opened(self, index: QModelIndex) -> None:
        self.finding_opened.emit(self.findings.findings[index.row()])

    def _lay_out(self) -> None:
        for direction in (Direction.CALLERS, Direction.CALLEES):
            self._between.addWidget(self.trees[direction])
            header = direction.value.capitalize()
            self.models[direction].title = header
        self._between.setChildrenCollapsible(False)
        self._between.setHandleWidth(1)
        for view, name in (
            (self.trees[Direction.BOTTOM_UP], "Bottom-up"),
            (self.trees[Direction.TOP_DOWN], "Call tree"),
            (self._between, "Callers and callees"),
            (self.event_table, "Event log"),
            (self.figure_table, "Statistics"),
            (self.source, "Source"),
            (self.finding_table, "Findings"),
        ):
            self.addTab(view, name)
