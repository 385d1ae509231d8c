"""Which stretch of time is shown: following, zooming, looking back, pausing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ui.models.time_view import TimeView

S = 1_000_000
NOW = 10_000 * S


def test_it_follows_the_present_over_a_minute() -> None:
    view = TimeView()
    assert view.window(NOW) == (NOW - 60 * S, NOW)
    assert view.window(NOW + S) == (NOW - 59 * S, NOW + S)
    assert view.fitted


def test_a_look_back_stands_still_until_fit() -> None:
    view = TimeView()
    view.look_at(NOW - 30 * S, NOW - 40 * S, NOW)
    assert view.window(NOW) == view.window(NOW + 5 * S) == (NOW - 40 * S, NOW - 30 * S)
    assert not view.follows
    view.fit()
    assert view.fitted


def test_a_look_at_the_present_follows() -> None:
    view = TimeView()
    view.look_at(NOW - 10 * S, NOW, NOW)
    assert view.window(NOW + S) == (NOW - 9 * S, NOW + S)
    assert not view.fitted


def test_zoom_keeps_the_instant_under_the_cursor() -> None:
    view = TimeView()
    anchor = NOW - 45 * S
    view.zoom(0.5, anchor, NOW)
    from_us, to_us = view.window(NOW)
    assert to_us - from_us == 30 * S
    assert (anchor - from_us) * 4 == to_us - from_us


def test_zoom_out_ends_at_the_present_and_at_what_is_kept() -> None:
    view = TimeView()
    for _ in range(30):
        view.zoom(1.25, NOW - 50 * S, NOW)
    assert view.window(NOW) == (NOW - 600 * S, NOW)
    assert view.follows


def test_pause_freezes_the_present() -> None:
    view = TimeView()
    view.pause(NOW)
    view.pause(NOW + S)
    assert view.window(NOW + 9 * S) == (NOW - 60 * S, NOW)
    view.resume()
    assert view.window(NOW + 9 * S) == (NOW - 51 * S, NOW + 9 * S)


def test_moving_right_ends_at_the_present() -> None:
    view = TimeView()
    view.move(-20 * S, NOW)
    assert view.window(NOW)[1] == NOW - 20 * S
    view.move(30 * S, NOW)
    assert view.follows


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["zoom", "look", "move"]),
            st.floats(0.01, 100),
            st.integers(-700 * S, 700 * S),
        ),
        max_size=20,
    )
)
def test_whatever_is_done_the_view_stays_within_what_is_kept(steps: list[tuple[str, float, int]]) -> None:
    view = TimeView()
    for verb, factor, by in steps:
        if verb == "zoom":
            view.zoom(factor, NOW + by, NOW)
        elif verb == "look":
            view.look_at(NOW + by, NOW + int(by * factor), NOW)
        else:
            view.move(by, NOW)
        from_us, to_us = view.window(NOW)
        assert 0 < to_us - from_us <= 600 * S
        assert to_us <= NOW
        assert from_us >= NOW - 600 * S - 1
