"""When the opened graph is drawn, and what of it is painted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.units import format_bytes
from tests.ui.heap_bench import Bench, bench

S = 1_000_000
__all__ = ["bench"]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")  # the offscreen platform


def test_nothing_is_drawn_when_nothing_changed_or_nobody_looks(bench: Bench) -> None:
    drawn: list[object] = []
    draw = bench.plot.draw
    bench.plot.draw = lambda frame: (drawn.append(frame), draw(frame))  # type: ignore[method-assign]
    bench.clock.tick.emit(bench.feed.now())
    bench.clock.tick.emit(bench.feed.now() + 33_000)
    assert drawn == []
    bench.store.apply(bench.feed.batch([2], 1))
    bench.clock.tick.emit(bench.feed.now())
    assert drawn == []
    bench.pass_time(1)
    assert len(drawn) == 1
    bench.graph.hide()
    bench.pass_time(1)
    assert len(drawn) == 1
    bench.graph.show()
    assert len(drawn) == 2


def test_time_alone_moves_it_once_a_second(bench: Bench) -> None:
    shown = bench.graph.shown()
    bench.feed.at_us += S
    bench.clock.tick.emit(bench.feed.now())
    assert bench.graph.shown()[1] == shown[1] + S


def test_a_level_line_is_not_drawn_again_and_looks_the_same(bench: Bench) -> None:
    drawn: list[object] = []
    draw = bench.plot.draw
    bench.plot.draw = lambda frame: (drawn.append(frame), draw(frame))  # type: ignore[method-assign]
    for seconds, draws in ((60, 1), (1, 2), (3, 2), (3, 2)):
        bench.feed.at_us += seconds * S
        bench.clock.tick.emit(bench.feed.now())
        assert len(drawn) == draws
    before = bench.plot.grab().toImage()
    bench.graph.redraw()
    assert bench.plot.grab().toImage() == before
    bench.mouse(QEvent.Type.MouseMove, 0.5)  # the instant that it tells goes on
    bench.feed.at_us += S
    bench.clock.tick.emit(bench.feed.now())
    assert len(drawn) == 4
    bench.pass_time(1)
    assert len(drawn) == 5


def test_news_wake_the_clock_and_silence_lets_it_sleep(bench: Bench, qtbot: QtBot) -> None:
    bench.feed.at_us += 70 * S
    bench.clock.start()
    qtbot.waitUntil(lambda: bench.clock.asleep, timeout=20_000)
    bench.store.apply(bench.feed.batch([2], 1))  # another's
    assert bench.clock.asleep
    bench.store.apply(bench.feed.batch([1], 1))
    assert not bench.clock.asleep
    bench.clock.stop()


def test_only_the_picture_is_painted_for_a_new_sample(bench: Bench, qtbot: QtBot) -> None:
    class Paints(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if isinstance(event, QPaintEvent) and watched is bench.plot.viewport():
                painted.append(event.rect())
            return False

    painted: list[QRect] = []
    paints = Paints()
    bench.pass_time(1)
    bench.graph.grab()  # what was laid out anew at first
    QApplication.processEvents()
    QApplication.instance().installEventFilter(paints)  # type: ignore[union-attr]
    bench.pass_time(1)
    qtbot.waitUntil(lambda: bool(painted), timeout=20_000)
    QApplication.instance().removeEventFilter(paints)  # type: ignore[union-attr]
    assert painted == [bench.plot.chart()]


def test_figures_change_five_times_a_second_and_end_up_true(bench: Bench) -> None:
    def words() -> str:
        return next(one.figure for one in bench.graph._legend._entries if one.name == "used")

    before = words()
    bench.pass_time(1)
    bench.pass_time(1)
    assert bench.series.used[-1] == pytest.approx(bench.feed.used(1), rel=1e-6)
    assert words() == before
    bench.feed.at_us += 200_000
    bench.clock.tick.emit(bench.feed.now())  # without anything new
    assert words() == format_bytes(bench.store.used(1)) != before
    bench.pass_time(1)
    bench.graph.set_paused(True)  # what is frozen has figures of the same moment
    assert words() == format_bytes(bench.store.used(1))
