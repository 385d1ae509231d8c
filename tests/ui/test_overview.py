"""The overview, driven with real mouse and key events, on a clock moved by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.events import IsolateCreated, IsolateEnded, IsolateStateChanged
from inspector.states import IsolateState
from inspector.units import format_bytes
from inspector.value_events import ValueMoved
from tests.ui.heap_feed import Feed
from ui.clock import PaintClock
from ui.models.arrows import MessageArrows
from ui.models.series import SeriesStore
from ui.selection import Selection
from ui.theme import DARK, LIGHT, Theme, Themes
from ui.views.overview import Overview
from ui.views.overview_arrows import paint_arrows

S = 1_000_000
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")  # the offscreen platform
COUNT = 60


class Bench:
    """An overview of 60 isolates that have worked for 40 s, shown."""

    def __init__(self, qtbot: QtBot) -> None:
        self.feed = Feed()
        self.store = SeriesStore(now=self.feed.now)
        self.store.enable()
        self.ids = range(1, COUNT + 1)
        self.store.apply([*self.feed.created(self.ids), *self.feed.batch(self.ids, 800)])
        self.selection, self.themes, self.clock = Selection(), Themes(), PaintClock()
        self.themes.set_by_hand("light")
        self.view = Overview(self.store, self.selection, self.themes, self.clock)
        qtbot.addWidget(self.view)
        self.view.resize(900, 400)
        self.view.show()
        qtbot.waitExposed(self.view)
        QApplication.processEvents()

    def place(self, row: int, share: float = 0.5) -> QPoint:
        rows = self.view.rows
        chart = rows.chart()
        top = row * rows.row_px - rows.verticalScrollBar().value()
        return QPoint(int(chart.left() + share * chart.width()), top + rows.row_px // 2)

    def click(self, row: int) -> None:
        QTest.mouseClick(self.view.rows.viewport(), Qt.MouseButton.LeftButton, pos=self.place(row))

    def image(self) -> QImage:
        return self.view.rows.viewport().grab().toImage()

    def colours(self, row: int, from_share: float, to_share: float) -> set[str]:
        image, rows = self.image(), self.view.rows
        top = self.place(row).y() - rows.row_px // 2
        left, right = self.place(row, from_share).x(), self.place(row, to_share).x()
        return {image.pixelColor(x, y).name() for x in range(left, right) for y in range(top, top + rows.row_px - 1)}


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    bench = Bench(qtbot)
    yield bench
    bench.view.close()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_row_in_view_draws_its_heap(bench: Bench, theme: Theme) -> None:
    bench.themes.set_by_hand(theme.name)  # type: ignore[arg-type]
    for row in range(10):
        assert theme.used.name() in bench.colours(row, 0.5, 0.99)
        assert theme.used.name() not in bench.colours(row, 0.0, 0.3)  # before the first sample


def test_a_click_selects_and_a_double_click_opens(bench: Bench, qtbot: QtBot) -> None:
    bench.click(3)
    assert bench.selection.isolate_id == 4
    with qtbot.waitSignal(bench.view.isolate_activated, timeout=20_000) as opened:
        QTest.mouseDClick(bench.view.rows.viewport(), Qt.MouseButton.LeftButton, pos=bench.place(5))
    assert opened.args == [6]


def test_keys_walk_the_rows_and_scroll(bench: Bench, qtbot: QtBot) -> None:
    QTest.keyClick(bench.view, Qt.Key.Key_Down)
    QTest.keyClick(bench.view, Qt.Key.Key_Down)
    assert bench.selection.isolate_id == 2
    assert bench.view.accessibleDescription().startswith("worker 2 · host process A")
    QTest.keyClick(bench.view, Qt.Key.Key_End)
    assert bench.selection.isolate_id == COUNT
    bar = bench.view.rows.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    QTest.keyClick(bench.view, Qt.Key.Key_PageUp)
    QTest.keyClick(bench.view, Qt.Key.Key_Up)
    assert bench.selection.isolate_id < COUNT - 5
    QTest.keyClick(bench.view, Qt.Key.Key_Home)
    assert (bench.selection.isolate_id, bar.value()) == (1, 0)
    with qtbot.waitSignal(bench.view.isolate_activated, timeout=20_000):
        QTest.keyClick(bench.view, Qt.Key.Key_Return)


def test_hovering_tells_the_value_at_that_instant(bench: Bench) -> None:
    QTest.mouseMove(bench.view.rows.viewport(), bench.place(2, 0.75))
    bench.view.rows.pointed.emit(3, bench.feed.now() - 15 * S)
    words = bench.view._readout.text()
    reading = bench.store.at(3, bench.feed.now() - 15 * S)
    assert words.startswith("worker 3 · host process A · starting · -15.0 s: used ")
    assert f"{reading.used_bytes / 2**20:.1f}" in words
    assert bench.view.rows.at_us(bench.place(0, 0.75).x()) == pytest.approx(bench.feed.now() - 15 * S, abs=S // 5)


def test_left_and_right_walk_the_cursor_in_time(bench: Bench) -> None:
    bench.click(0)
    QTest.keyClick(bench.view, Qt.Key.Key_Left)
    QTest.keyClick(bench.view, Qt.Key.Key_Left)
    assert " -2.0 s: used" in bench.view.accessibleDescription()
    QTest.keyClick(bench.view, Qt.Key.Key_Escape)
    assert "live" in bench.view._readout.text()


def test_an_ended_isolate_is_grey_with_its_reason(bench: Bench) -> None:
    end = bench.feed.now()
    bench.store.apply([IsolateEnded(end, 2, IsolateState.CRASHED, "killed by SIGKILL", None)])
    bench.store.apply(bench.feed.batch([1], 200))
    bench.clock.tick.emit(bench.feed.now())
    assert LIGHT.faint.name() in bench.colours(1, 0.5, 0.8)
    assert LIGHT.used.name() not in bench.colours(1, 0.0, 1.0)
    assert bench.colours(1, 0.9, 0.99) == {LIGHT.panel.name()}  # nothing after its end
    bench.view.rows.pointed.emit(2, None)
    assert "crashed · killed by SIGKILL" in bench.view._readout.text()
    bench.view.rows.pointed.emit(None, None)
    assert bench.view._readout.text().startswith("59 live, 1 ended")


def test_one_scale_or_each_its_own(bench: Bench) -> None:
    own = bench.image()
    bench.view._common.click()
    assert bench.image() != own
    bench.view.redraw()
    assert "each row from 0 to" in bench.view._readout.text()


def test_compact_rows_fit_hundreds(bench: Bench) -> None:
    bench.view.resize(900, 600)
    bench.view._compact.click()
    assert bench.view.rows.verticalScrollBar().maximum() == 0
    assert bench.view.rows.row_px >= 6
    ids = range(COUNT + 1, 400)
    bench.store.apply([*bench.feed.created(ids), *bench.feed.batch(ids, 5)])
    bench.clock.tick.emit(bench.feed.now())
    assert bench.view.rows.row_px == 6
    assert bench.view.rows.verticalScrollBar().maximum() > 0
    bench.image()


def test_rows_come_and_go(bench: Bench) -> None:
    for isolate_id in list(bench.ids):
        bench.store.forget(isolate_id)
    bench.clock.tick.emit(bench.feed.now())
    assert bench.view._readout.text() == "No isolates yet."
    bench.image()
    QTest.keyClick(bench.view, Qt.Key.Key_Down)
    assert bench.selection.isolate_id is None
    bench.store.apply([*bench.feed.created([77]), *bench.feed.batch([77], 40)])
    bench.clock.tick.emit(bench.feed.now())
    assert LIGHT.used.name() in bench.colours(0, 0.9, 0.99)


def test_nothing_is_drawn_when_nothing_changed_or_nobody_looks(bench: Bench) -> None:
    drawn = bench.view.rows.now_us
    bench.feed.at_us += 500_000
    bench.clock.tick.emit(bench.feed.now())
    assert bench.view.rows.now_us == drawn
    bench.feed.at_us += 500_000
    bench.clock.tick.emit(bench.feed.now())
    assert bench.view.rows.now_us == drawn + S
    bench.view.hide()
    bench.store.apply(bench.feed.batch([1], 1))
    bench.clock.tick.emit(bench.feed.now())
    assert bench.view.rows.now_us == drawn + S


def test_level_lines_are_not_drawn_again(bench: Bench, qtbot: QtBot) -> None:
    bench.feed.at_us += 61 * S
    bench.clock.tick.emit(bench.feed.now())
    drawn = bench.view.rows.now_us
    assert drawn == bench.feed.now()
    bench.feed.at_us += 5 * S
    bench.clock.tick.emit(bench.feed.now())
    assert bench.view.rows.now_us == drawn
    bench.clock.start()
    qtbot.waitUntil(lambda: bench.clock.asleep, timeout=20_000)
    bench.store.apply(bench.feed.batch([1], 1))
    assert not bench.clock.asleep
    bench.clock.stop()
    bench.clock.tick.emit(bench.feed.now())
    assert bench.view.rows.now_us == bench.feed.now()


def test_values_change_five_times_a_second_and_end_up_true(bench: Bench) -> None:
    def values() -> list[str]:
        bench.image()
        return [bench.view.rows._values[one] for one in (1, 2, 3)]

    bench.feed.at_us += 300_000
    bench.view.redraw()
    before, words = values(), bench.view._readout.text()
    bench.store.apply(bench.feed.batch(bench.ids, 1))
    bench.clock.tick.emit(bench.feed.now())
    assert values() == before
    assert bench.view._readout.text() == words
    bench.feed.at_us += 300_000
    bench.clock.tick.emit(bench.feed.now())  # without anything new
    now = values()
    assert now == [format_bytes(bench.store.used(one)) for one in (1, 2, 3)] != before
    assert bench.view._readout.text() == f"60 live, 0 ended · {format_bytes(bench.store.live_used())} used in all"


def test_what_is_kept_of_the_rows_is_bounded(bench: Bench) -> None:
    bench.image()
    plates, track = bench.view.rows._plates, bench.store.tracks[1]
    assert plates is not None
    for number in range(1_000):
        assert not plates.right(track, f"{number} B", selected=False).isNull()
    assert plates.right(track, "1 B", selected=False) is plates.right(track, "1 B", selected=False)
    assert len(plates._kept) <= 300


def test_it_shows_before_numpy_came(qtbot: QtBot) -> None:
    feed = Feed()
    store = SeriesStore(now=feed.now)
    store.apply([*feed.created([1]), *feed.batch([1], 10)])
    view = Overview(store, Selection(), Themes(), PaintClock())
    qtbot.addWidget(view)
    view.resize(600, 200)
    view.show()
    view.grab()
    store.enable()
    view.redraw()
    assert "1 live, 0 ended" in view._readout.text()
    view.close()


def test_every_state_and_outlandish_names_are_painted(bench: Bench) -> None:
    for isolate_id, state in enumerate(IsolateState, 1):
        bench.store.apply([IsolateStateChanged(0, isolate_id, state)])
    event = next(each for each in bench.feed.created([1]) if isinstance(each, IsolateCreated))
    for isolate_id, name in ((1, "<i>\u202e</i>\n" * 500), (2, ""), (3, "😀" * 80), (4, "אבג")):
        bench.store.apply([IsolateCreated(0, isolate_id, 9, name, 1, 1, False, event.birth)])
    bench.clock.tick.emit(bench.feed.now())
    bench.image()
    bench.view.rows.pointed.emit(1, None)
    assert "\u202e" not in bench.view._readout.text()
    assert bench.view.minimumSizeHint().width() < 900


def test_a_tiny_overview_breaks_nothing(bench: Bench) -> None:
    for size in ((120, 60), (1, 1), (2_000, 30), (900, 400)):
        bench.view.resize(*size)
        bench.view.redraw()
        bench.view.grab()


def test_a_click_takes_the_focus_and_the_focus_is_seen(bench: Bench, qtbot: QtBot) -> None:
    bench.view.clearFocus()
    bench.view.activateWindow()
    bench.click(1)
    qtbot.waitUntil(bench.view.hasFocus, timeout=20_000)
    assert bench.view.grab().toImage().pixelColor(0, 100).name() == LIGHT.accent.name()


def test_messages_are_arrows_between_rows() -> None:
    arrows = MessageArrows()
    for at_us, pair, outcome in ((10, (1, 2), "arrived"), (20, (None, 2), "arrived"), (30, (2, 1), "refused")):
        arrows.add(ValueMoved(at_us, 1, pair[0], 1, pair[1], 1, "copy", "", "", 1, 1, 1, 1, outcome, ""))
    assert [(one.at_us, one.arrived) for one in arrows.since(0)] == [(30, False), (10, True)] and arrows.count == 2
    assert [one.at_us for one in arrows.since(11)] == [30]
    image = QImage(60, 60, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    middles = {1: 10.0, 2: 50.0}
    paint_arrows(painter, arrows.since(0), lambda at_us: 2.0 * at_us, middles.get, LIGHT)
    painter.end()
    painted = {(x, y) for x in range(60) for y in range(60) if image.pixel(x, y) != image.pixel(0, 0)}
    assert (20, 30) in painted and not any(12 < x < 16 or 26 < x < 50 for x, y in painted)
