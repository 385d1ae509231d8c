"""Columns of time give the same whether they followed the samples or were made at the end."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.events import SampleBatchArrived
from tests.ui.heap_feed import MIB, Feed, sample_record
from ui.models.series import SeriesStore
from ui.models.time_columns import TimeColumns

BUCKET_US, COUNT = 100_000, 50
step = st.tuples(
    st.integers(1, 3),  # isolate
    st.integers(50_000, 12_000_000),  # µs that pass first: too many for two samples to share a point
    st.integers(1, 500),  # MiB used
    st.booleans(),  # the columns follow now
)


@settings(max_examples=60, deadline=None)
@given(st.lists(step, min_size=1, max_size=60))
def test_following_equals_making_anew(steps: list[tuple[int, int, int, bool]]) -> None:
    feed = Feed()
    store = SeriesStore(now=feed.now)
    store.enable()
    store.apply(feed.created([1, 2, 3]))
    followed = store.columns(BUCKET_US, COUNT)
    assert followed is not None
    for isolate_id, passes, used, follows in steps:
        feed.at_us += passes
        store.apply([SampleBatchArrived(0, 1, sample_record(isolate_id, feed.at_us, used * MIB))])
        if follows:
            followed.follow(feed.at_us)
    followed.follow(feed.at_us)
    anew = store.columns(BUCKET_US, COUNT)
    assert anew is not None
    anew.follow(feed.at_us)
    rows = np.array([0, 1, 2])
    for mine, theirs in zip(followed.read(rows, 2), anew.read(rows, 2), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def fed(count: int) -> tuple[TimeColumns, Feed, SeriesStore]:
    feed = Feed()
    store = SeriesStore(now=feed.now)
    store.enable()
    store.apply([*feed.created([1]), *feed.batch([1], count)])
    columns = store.columns(BUCKET_US, COUNT)
    assert columns is not None
    columns.follow(feed.at_us)
    return columns, feed, store


def test_columns_hold_lowest_and_highest() -> None:
    columns, _, _ = fed(40)
    low, high, held = columns.read(np.array([0]), 2)
    known = ~np.isnan(high[0])
    assert known.sum() in (20, 21)
    assert (low[0][known] <= high[0][known]).all()
    assert not held.any()


def test_silence_is_held_at_the_last_value_even_when_the_sample_left_the_view() -> None:
    columns, feed, store = fed(40)
    last = np.float32(feed.used(1))
    feed.at_us += 60_000_000
    columns.follow(feed.at_us)
    low, high, held = columns.read(np.array([0]), 2)
    assert (high == last).all()
    assert (low == last).all()
    assert held.all()
    assert columns.highest(np.array([0])) == last
    store.forget(1)
    assert np.isnan(columns.read(np.array([0]))[1]).all()


def test_more_isolates_than_rows_reserved() -> None:
    columns, feed, store = fed(10)
    ids = range(2, 200)
    store.apply([*feed.created(ids), *feed.batch(ids, 5)])
    columns.follow(feed.at_us)
    rows = np.array([store.tracks[each].row for each in ids])
    assert (np.nanmax(columns.read(rows)[1], axis=1) > 0).all()
