"""Growth: the slope of what collections leave, and when nothing can be said."""

from __future__ import annotations

import pytest

from inspector.events import GcBatchArrived
from tests.ui.heap_feed import MIB, Feed, gc_record
from ui.models.growth import slope
from ui.models.series import SeriesStore

SECOND = 1_000_000


def test_slope_of_a_straight_line() -> None:
    assert slope([i * SECOND for i in range(10)], [5 + 300 * i for i in range(10)]) == pytest.approx(300)
    assert slope([0, SECOND, 2 * SECOND], [7.0, 7.0, 7.0]) == 0
    assert slope([0, SECOND, 2 * SECOND], [9.0, 6.0, 3.0]) == pytest.approx(-3)


@pytest.mark.parametrize("at", [[], [0], [0, 5 * SECOND], [0, 1_000, 2_000]])
def test_too_little_tells_nothing(at: list[float]) -> None:
    assert slope(at, [1.0] * len(at)) is None


def grown(kinds: list[str], *, per_s: int = 100_000) -> tuple[SeriesStore, Feed]:
    """A store whose isolate 1 had a collection every two seconds."""
    feed = Feed()
    store = SeriesStore(now=feed.now)
    store.enable()
    store.apply(feed.created([1]))
    for kind in kinds:
        feed.at_us += 2 * SECOND
        after = 10 * MIB + per_s * feed.at_us // SECOND
        store.apply([GcBatchArrived(0, 1, gc_record(1, feed.at_us, after + MIB, after, kind=kind))])
    return store, feed


def test_full_collections_count() -> None:
    store, _ = grown(["mark-compact"] * 5)
    assert store.growth(1) == pytest.approx(100_000, rel=0.01)
    assert store.growth_detail(1).full


def test_unknown_until_three_were_seen() -> None:
    store, _ = grown(["mark-compact"] * 2)
    assert store.growth(1) is None
    assert store.growth_detail(1) is None


def test_young_collections_stand_in_and_say_so() -> None:
    store, _ = grown(["scavenge"] * 5)
    assert store.growth(1) == store.growth_detail(1).bytes_per_s
    detail = store.growth_detail(1)
    assert (detail.full, detail.collections) == (False, 5)
    assert detail.bytes_per_s == pytest.approx(100_000, rel=0.01)


def test_only_the_last_minute_counts() -> None:
    store, feed = grown(["mark-compact"] * 5)
    feed.at_us += 70 * SECOND
    assert store.growth(1) is None


def test_before_numpy_came_nothing_is_known() -> None:
    assert SeriesStore().growth(1) is None


def test_three_full_collections_outweigh_any_number_of_young_ones() -> None:
    store, feed = grown(["mark-compact"] * 3)
    young = b"".join(gc_record(1, feed.at_us - i * SECOND, MIB, i * MIB, kind="scavenge") for i in range(20))
    store.apply([GcBatchArrived(0, 1, young)])
    assert store.growth_detail(1).full
    assert store.growth(1) == pytest.approx(100_000, rel=0.01)
