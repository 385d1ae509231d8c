"""A heap graph on a clock moved by hand, for tests that drive it with real mouse and key events."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.heap_feed import Feed
from ui.clock import PaintClock
from ui.models.readings import Series
from ui.models.series import SeriesStore
from ui.selection import Selection
from ui.theme import Themes
from ui.views.heap_graph import HeapGraph
from ui.views.heap_plot import HeapPlot

S = 1_000_000


class Bench:
    """A graph of isolate 1 that has worked for 70 s, shown."""

    def __init__(self, qtbot: QtBot) -> None:
        self.feed = Feed()
        self.store = SeriesStore(now=self.feed.now)
        self.store.enable()
        self.store.apply([*self.feed.created([1, 2]), *self.feed.batch([1], 1_400)])
        self.selection, self.themes, self.clock = Selection(), Themes(), PaintClock()
        self.themes.set_by_hand("light")
        self.selection.set(isolate_id=1)
        self.graph = HeapGraph(self.store, self.selection, self.themes, self.clock)
        qtbot.addWidget(self.graph)
        self.graph.resize(900, 400)
        self.graph.show()
        qtbot.waitExposed(self.graph)
        QApplication.processEvents()

    @property
    def plot(self) -> HeapPlot:
        plot = self.graph.findChild(HeapPlot)
        assert isinstance(plot, HeapPlot)
        return plot

    @property
    def series(self) -> Series:
        """What is drawn."""
        assert self.plot.frame is not None and self.plot.frame.series is not None
        return self.plot.frame.series

    @property
    def span_us(self) -> int:
        from_us, to_us = self.graph.shown()
        return to_us - from_us

    def readout(self) -> tuple[str, ...]:
        return self.graph._readout.lines if self.graph._readout.isVisible() else ()

    def at(self, share: float) -> QPoint:
        return self.plot.position(share) + QPoint(0, 50)

    def mouse(self, kind: QEvent.Type, share: float, *, down: bool = False) -> None:
        button = Qt.MouseButton.LeftButton if kind != QEvent.Type.MouseMove else Qt.MouseButton.NoButton
        buttons = Qt.MouseButton.LeftButton if down else Qt.MouseButton.NoButton
        place = QPointF(self.at(share))
        event = QMouseEvent(kind, place, self.plot.mapToGlobal(place), button, buttons, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.plot.viewport(), event)

    def drag(self, start: float, end: float) -> None:
        self.mouse(QEvent.Type.MouseButtonPress, start, down=True)
        for share in ((start + end) / 2, end):
            self.mouse(QEvent.Type.MouseMove, share, down=True)
        self.mouse(QEvent.Type.MouseButtonRelease, end)

    def wheel(self, share: float, steps: int) -> None:
        place = QPointF(self.at(share))
        event = QWheelEvent(
            place,
            self.plot.mapToGlobal(place),
            QPoint(),
            QPoint(0, 120 * steps),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.plot.viewport(), event)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.graph, key, modifier)

    def pass_time(self, samples: int = 20) -> None:
        self.store.apply(self.feed.batch([1], samples))
        self.clock.tick.emit(self.feed.now())


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    bench = Bench(qtbot)
    yield bench
    bench.graph.close()
