"""The opened graph, driven with real mouse and key events, on a clock moved by hand."""

from __future__ import annotations

import pytest
from msgspec import structs
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.events import BytesDropped, GcBatchArrived, IsolateEnded, LimitHit, SampleBatchArrived
from inspector.states import IsolateState, Outcome
from tests.ui.heap_bench import Bench, bench
from tests.ui.heap_feed import MIB, gc_record, sample_record
from ui.theme import DARK, LIGHT

S = 1_000_000
__all__ = ["bench"]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")  # the offscreen platform


def test_it_shows_the_last_minute_and_goes_on(bench: Bench) -> None:
    assert bench.graph.shown() == (bench.feed.now() - 60 * S, bench.feed.now())
    bench.pass_time()
    assert bench.graph.shown()[1] == bench.feed.now()
    assert bench.series.at_us[-1] == pytest.approx(bench.feed.now(), abs=60_000)
    assert bench.series.used[-1] == pytest.approx(bench.feed.used(1), rel=1e-6)


def test_hovering_reads_every_figure_at_that_instant(bench: Bench) -> None:
    bench.mouse(QEvent.Type.MouseMove, 0.5)
    lines = bench.readout()
    assert lines[0].startswith("-30.0")
    assert [line.split()[0] for line in lines[1:]] == ["used", "committed", "off-heap", "limit", "sampled"]
    assert lines[-1] == "sampled while a script runs, 20.0 samples/s"
    QApplication.sendEvent(bench.plot, QEvent(QEvent.Type.Leave))
    assert bench.readout() == ()


def test_the_readout_keeps_up_under_a_still_mouse(bench: Bench) -> None:
    bench.mouse(QEvent.Type.MouseMove, 1.0)
    before = bench.readout()
    bench.pass_time(7)
    assert bench.readout() != before


def test_a_collection_tells_kind_pause_before_and_after(bench: Bench) -> None:
    at_us = bench.feed.now() - 15 * S
    bench.store.apply([GcBatchArrived(0, 1, gc_record(1, at_us, 24 * MIB, 8 * MIB, pause_us=3_100))])
    bench.graph.redraw()
    bench.mouse(QEvent.Type.MouseMove, 0.75)
    assert bench.readout()[-1] == "full GC (mark-compact), V8's pause 3.1 ms, no Python in it, 24 MiB → 8 MiB"


def test_a_held_stretch_says_so(bench: Bench) -> None:
    bench.feed.at_us += 10 * S
    bench.clock.tick.emit(bench.feed.now())
    bench.mouse(QEvent.Type.MouseMove, 1 - 5 / 60)
    assert bench.readout()[-1].startswith(("held: last sample 4.9", "held: last sample 5.0"))
    assert bench.graph._rate.text() == "held: no new sample"


def test_drag_zooms_and_three_ways_lead_back(bench: Bench) -> None:
    for back in ("double click", "key", "button"):
        bench.drag(0.25, 0.5)
        assert bench.span_us == pytest.approx(15 * S, rel=0.02)
        assert bench.graph._fit.isEnabled()
        standing = bench.graph.shown()
        bench.pass_time()
        assert bench.graph.shown() == standing
        if back == "double click":
            bench.mouse(QEvent.Type.MouseButtonDblClick, 0.5)
        elif back == "key":
            bench.key(Qt.Key.Key_Escape)
        else:
            bench.graph._fit.click()
        assert bench.span_us == 60 * S
        assert not bench.graph._fit.isEnabled()


def test_a_click_without_a_drag_zooms_nothing(bench: Bench) -> None:
    bench.drag(0.5, 0.501)
    assert bench.span_us == 60 * S


def test_the_wheel_zooms_about_the_cursor(bench: Bench) -> None:
    from_us, to_us = bench.graph.shown()
    anchor = from_us + (to_us - from_us) // 4
    bench.wheel(0.25, 2)
    from_us, to_us = bench.graph.shown()
    assert bench.span_us < 60 * S
    assert (anchor - from_us) / (to_us - from_us) == pytest.approx(0.25, abs=0.01)
    for _ in range(10):
        bench.wheel(0.25, -3)
    assert bench.span_us == 600 * S


def test_pause_freezes_the_drawing_and_not_the_sampling(bench: Bench) -> None:
    bench.key(Qt.Key.Key_Space)
    assert bench.graph.paused
    assert bench.graph._banner.isVisible()
    assert bench.graph._banner.text() == "drawing paused"
    shown = bench.graph.shown()
    curve = bench.series.used.tolist()
    bench.pass_time(40)
    assert bench.graph.shown() == shown
    assert bench.series.used.tolist() == curve
    bench.graph._pause.click()
    assert not bench.graph.paused
    assert bench.graph.shown()[1] == bench.feed.now()
    assert bench.series.used[-1] == pytest.approx(bench.feed.used(1), rel=1e-6)


def test_arrows_walk_from_sample_to_sample_and_speak(bench: Bench) -> None:
    bench.key(Qt.Key.Key_Left)
    first = bench.graph.cursor_us()
    bench.key(Qt.Key.Key_Left)
    assert first - bench.graph.cursor_us() == 50_000
    assert bench.graph.accessibleDescription().startswith("-0.10 s")
    assert "used" in bench.graph.accessibleDescription()
    bench.key(Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert first - bench.graph.cursor_us() == 50_000 + S
    bench.key(Qt.Key.Key_Right)
    assert first - bench.graph.cursor_us() == S
    bench.key(Qt.Key.Key_Home)
    assert bench.graph.cursor_us() == bench.graph.shown()[0]


def test_walking_out_of_the_view_moves_it(bench: Bench) -> None:
    bench.drag(0.5, 0.75)
    bench.key(Qt.Key.Key_Home)
    left = bench.graph.shown()[0]
    bench.key(Qt.Key.Key_Left)
    assert bench.graph.shown()[0] == pytest.approx(left - 50_000, abs=50_000)
    assert bench.readout()


def test_plus_and_minus_zoom(bench: Bench) -> None:
    bench.key(Qt.Key.Key_Plus)
    assert bench.span_us == 48 * S
    bench.key(Qt.Key.Key_Minus)
    assert bench.span_us == 60 * S


def test_the_limit_is_a_line_when_near_and_a_marker_when_far(bench: Bench) -> None:
    assert bench.plot.limit_in_view
    assert bench.plot.limit_words == "limit 64 MiB"
    bench.store.apply(bench.feed.created([1], limit_bytes=512 * MIB))
    bench.graph.redraw()
    assert not bench.plot.limit_in_view
    assert bench.plot.limit_words == "▲ limit 512 MiB, above this view"


def test_a_limit_hit_is_marked(bench: Bench) -> None:
    at_us = bench.feed.now() - 30 * S
    bench.store.apply([LimitHit(at_us, 1, Outcome.HEAP_LIMIT, 64 * MIB, 0, 64 * MIB, 3)])
    bench.graph.redraw()
    bench.mouse(QEvent.Type.MouseMove, 0.5)
    assert bench.readout()[-1] == "limit reached: heap-limit"
    assert bench.plot.frame is not None and bench.plot.frame.limit_hits == (at_us,)


def test_no_samples_and_no_selection_say_so(bench: Bench) -> None:
    bench.selection.set(isolate_id=2)
    assert bench.graph._empty.text() == "no samples yet"
    assert not bench.plot.isVisible()
    bench.store.apply([SampleBatchArrived(0, 1, sample_record(2, bench.feed.now(), MIB))])
    bench.clock.tick.emit(bench.feed.now())
    assert bench.plot.isVisible()
    bench.selection.clear()
    assert bench.graph._empty.text() == "Select an isolate to see its heap."
    assert bench.graph._empty.isVisible()


def test_an_ended_isolate_keeps_its_last_data_and_reason(bench: Bench) -> None:
    end = bench.feed.now()
    bench.store.apply([IsolateEnded(end, 1, IsolateState.CRASHED, "host process killed by SIGKILL", None)])
    bench.feed.at_us += 3_600 * S
    bench.clock.tick.emit(bench.feed.now())
    assert bench.graph.shown() == (end - 60 * S, end)
    assert bench.graph._ended.text() == "crashed: host process killed by SIGKILL"
    assert bench.graph._ended.isVisible()
    assert len(bench.series.used) > 100
    assert bench.plot.frame is not None and bench.plot.frame.ticks[-1].text == "end"


def test_both_themes_are_drawn(bench: Bench) -> None:
    for theme in (LIGHT, DARK):
        bench.themes.set_by_hand(theme.name)  # type: ignore[arg-type]
        image = bench.graph.grab().toImage()
        colours = {image.pixelColor(x, y).name() for x in range(100, 860, 2) for y in range(60, 370)}
        assert {theme.used.name(), theme.committed.name(), theme.limit.name(), theme.panel.name()} <= colours


def test_the_legend_has_every_line_with_its_figure(bench: Bench) -> None:
    text = bench.graph._legend.text()
    assert "limit 64 MiB" in text
    assert "off-heap 1 MiB" in text
    assert "held, no new sample" in text
    assert bench.graph._rate.text() == "20.0 samples/s reached"


def test_names_from_outside_are_plain_text(bench: Bench) -> None:
    event = bench.feed.created([1])[1]
    bench.store.apply([structs.replace(event, name="<b>x</b>\u202e\n" + "y" * 10_000)])  # type: ignore[call-arg]
    bench.graph.redraw()
    assert bench.graph._title.text().startswith(r"<b>x</b>\u202e\n")
    assert bench.graph.minimumSizeHint().width() < 900


def test_a_tiny_graph_breaks_nothing(bench: Bench) -> None:
    for size in ((120, 60), (1, 1), (2_000, 30), (900, 400)):
        bench.graph.resize(*size)
        bench.pass_time(1)
        bench.graph.grab()
    bench.mouse(QEvent.Type.MouseMove, 0.5)
    assert bench.readout()


def test_a_click_takes_the_focus_and_the_focus_is_seen(bench: Bench, qtbot: QtBot) -> None:
    bench.graph.clearFocus()
    bench.graph.activateWindow()
    QTest.mouseClick(bench.plot.viewport(), Qt.MouseButton.LeftButton, pos=bench.at(0.5))
    qtbot.waitUntil(bench.graph.hasFocus, timeout=20_000)
    assert bench.graph.grab().toImage().pixelColor(0, 100).name() == LIGHT.accent.name()


def test_lost_samples_are_told(bench: Bench) -> None:
    bench.store.apply([BytesDropped(0, 1, "samples", 12)])
    bench.graph.redraw()
    assert bench.graph._rate.text() == "12 samples lost · 20.0 samples/s reached"


def test_a_cursor_on_an_ended_isolate_counts_from_its_end(bench: Bench) -> None:
    bench.store.apply([IsolateEnded(bench.feed.now(), 1, IsolateState.DISPOSED, "disposed by the user", None)])
    bench.feed.at_us += 3_600 * S
    bench.graph.redraw()
    bench.mouse(QEvent.Type.MouseMove, 0.5)
    assert bench.readout()[0].startswith("-30.0")
    assert bench.graph._rate.text() == ""
