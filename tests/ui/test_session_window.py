"""What is in view and what is brushed, for all charts of a session."""

from __future__ import annotations

import pytest

from ui.models.session_window import SHORTEST_US, SessionWindow


@pytest.fixture
def window() -> SessionWindow:
    made = SessionWindow()
    made.put_whole(1000.0, 101_000.0)
    made.fit()
    return made


def test_zooming_keeps_the_instant_under_the_mouse(window: SessionWindow) -> None:
    window.show(11_000, 31_000)
    window.zoom(0.5, 16_000)
    assert window.view == pytest.approx((13_500, 23_500))
    window.zoom(1e-12, 16_000)
    assert window.span_us == pytest.approx(SHORTEST_US)
    window.zoom(1e12)
    assert window.view == pytest.approx((-1000, 103_000))


def test_moving_stops_at_the_edges(window: SessionWindow) -> None:
    window.show(11_000, 31_000)
    window.move(0.5)
    assert window.view == pytest.approx((21_000, 41_000))
    window.move(-100)
    assert window.view[0] == pytest.approx(-1000)


def test_a_brush_is_what_tables_tell_of(window: SessionWindow) -> None:
    heard: list[tuple[float, float]] = []
    window.range_changed.connect(lambda: heard.append(window.range))
    window.put_brush(50_000, 20_000)
    window.put_brush(-5, 2000)  # beyond the recording
    window.put_brush(70_000, 70_000)  # nothing
    window.drop_brush()
    window.drop_brush()
    assert heard == [(20_000, 50_000), (1000, 2000), (1000, 101_000)]


def test_f_fits_the_brush_and_then_everything(window: SessionWindow) -> None:
    window.put_brush(20_000, 50_000)
    window.fit()
    assert window.view == pytest.approx((20_000, 50_000))
    window.fit()
    assert window.view == pytest.approx((-1000, 103_000))


def test_a_view_of_everything_grows_with_the_recording(window: SessionWindow) -> None:
    window.put_whole(1000.0, 201_000.0)
    assert window.view == pytest.approx((-3000, 205_000))
    window.show(11_000, 31_000)
    window.put_whole(1000.0, 301_000.0)
    assert window.view == pytest.approx((11_000, 31_000))
