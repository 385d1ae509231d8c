"""The middle of the window: the run that matters above, then tabs: how to start, all heaps, one heap."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QStackedLayout, QTabWidget, QVBoxLayout, QWidget

from ui.theme import Themes
from ui.views.notice_bar import NoticeBar
from ui.views.run_bar import RunBar
from ui.views.welcome import Welcome

__all__ = ["HEAP", "OVERVIEW", "START", "Centre"]

START, OVERVIEW, HEAP = range(3)


class Centre(QWidget):
    """The graphs come late, after the first paint; until then their tabs say so."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run_bar = RunBar(themes, self)
        self.waiting_bar = NoticeBar("Cancel", self)  # a command that a busy isolate can't serve now
        self.stopped_bar = NoticeBar("Allow starts again", self)  # no host process is started any more
        self.welcome = Welcome(themes, self)
        self.tabs = QTabWidget(self)
        self.tabs.setAccessibleName("Graphs and pages")
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self._pages: dict[int, QStackedLayout] = {}
        self.tabs.addTab(self.welcome, "Start")
        for place, name in ((OVERVIEW, "All heaps"), (HEAP, "Heap")):
            page = QWidget()
            self._pages[place] = QStackedLayout(page)
            words = QLabel("Loading the graphs…")
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            words.setProperty("tone", "muted")
            self._pages[place].addWidget(words)
            self.tabs.addTab(page, name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.run_bar)
        column.addWidget(self.waiting_bar)
        column.addWidget(self.stopped_bar)
        column.addWidget(self.tabs, 1)

    def put_bar(self, bar: QWidget) -> None:
        """Put a bar of a feature's own under those that are there."""
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(column.indexOf(self.tabs), bar)

    def put_graph(self, place: int, graph: QWidget) -> None:
        """Put a graph in place of the words that stood for it."""
        page = self._pages[place]
        page.addWidget(graph)
        page.setCurrentWidget(graph)

    def has_graph(self, place: int) -> bool:
        """Whether the graph has come, which is imported after the first paint."""
        return self._pages[place].count() > 1

    def go_to(self, place: int) -> None:
        self.tabs.setCurrentIndex(place)

    def leave_start(self) -> None:
        """To the heap, if how to start is what is shown."""
        if self.tabs.currentIndex() == START:
            self.go_to(HEAP)
