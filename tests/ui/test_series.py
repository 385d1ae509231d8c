"""The series store: what arrives as records is what the questions answer."""

from __future__ import annotations

import mmap
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.events import (
    BytesDropped,
    GcBatchArrived,
    HostStarted,
    IsolateEnded,
    IsolateStateChanged,
    LimitHit,
    SampleBatchArrived,
)
from inspector.states import GcKind, IsolateState, Outcome, SampleMode
from tests.ui import made
from tests.ui.heap_feed import MIB, Feed, gc_record, sample_record
from ui.models.series import SeriesStore
from ui.views.heap_words import rate_text

SECOND = 1_000_000


@pytest.fixture
def feed() -> Feed:
    return Feed()


@pytest.fixture
def store(feed: Feed) -> SeriesStore:
    store = SeriesStore(now=feed.now)
    store.enable()
    store.apply(feed.created([1, 2]))
    return store


def samples(*records: bytes) -> list[SampleBatchArrived]:
    return [SampleBatchArrived(0, 1, b"".join(records))]


def test_importing_the_store_does_not_import_numpy() -> None:
    modules = "ui.models.series, ui.views.overview, ui.views.heap_graph, ui.views.sparkline, ui.views.birth_strip"
    code = f"import sys, {modules}; print(bool({{'numpy', 'pyqtgraph'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it reads Linux's figure of resident memory")
def test_the_first_samples_of_200_isolates_take_pages_not_whole_rings(feed: Feed) -> None:
    def resident_mib() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * mmap.PAGESIZE / MIB

    store = SeriesStore(now=feed.now)
    store.enable()
    before = resident_mib()
    ids = range(1, 201)
    store.apply([*feed.created(ids), *feed.batch(ids, 2), *feed.collections(ids, 20)])
    assert resident_mib() - before < 50  # whole rings: 140


def test_the_latest_sample_is_exact(store: SeriesStore, feed: Feed) -> None:
    store.apply(samples(sample_record(1, feed.now(), 123_456_789, committed=200_000_001, external=77, mode="paused")))
    latest = store.latest(1)
    assert latest is not None
    assert (latest.used_bytes, latest.committed_bytes, latest.external_bytes) == (123_456_789, 200_000_001, 77)
    assert latest.mode is SampleMode.PAUSED
    assert latest.limit_bytes == 64 * MIB
    assert not latest.held
    assert store.latest(2) is None


def test_batches_before_enable_wait(feed: Feed) -> None:
    store = SeriesStore(now=feed.now)
    store.apply([*feed.created([1]), *feed.batch([1], 5)])
    assert store.latest(1) is None
    assert store.revision == 3
    store.enable()
    assert store.latest(1) is not None
    assert len(store.window(1, feed.now() - SECOND, feed.now(), 100).at_us) == 5


def test_what_waits_before_enable_is_bounded_and_counted(feed: Feed) -> None:
    store = SeriesStore(now=feed.now)
    big = SampleBatchArrived(0, 1, sample_record(1, feed.now(), MIB) * 20_000)
    store.apply([big] * 4)
    assert store.lost_samples == 20_000 * 2


def test_the_rate_reached_counts_every_sample(store: SeriesStore, feed: Feed) -> None:
    store.apply(feed.batch([1], 100))
    assert store.latest(1).rate_hz == pytest.approx(20, abs=1)
    start = feed.at_us
    fast = [sample_record(2, start + i * 10_000, MIB) for i in range(300)]
    feed.at_us = start + 3 * SECOND
    store.apply(samples(*fast))
    assert store.latest(2).rate_hz == pytest.approx(100, abs=3)


def test_close_samples_share_a_point_that_tells_their_peak_and_count(store: SeriesStore, feed: Feed) -> None:
    start = feed.at_us - feed.at_us % 50_000 + 50_000
    used = [5, 9, 7, 6, 5]
    for i, each in enumerate(used):  # one batch each: a point goes on across batches
        store.apply(samples(sample_record(1, start + i * 10_000, each * MIB)))
    feed.at_us = start + 45_000
    reading = store.at(1, feed.at_us)
    assert (reading.count, reading.used_bytes, reading.peak_bytes) == (5, 5 * MIB, 9 * MIB)
    assert reading.at_us == start + 40_000
    series = store.window(1, start - SECOND, feed.at_us, 1000)
    assert series.used.max() == 9 * MIB


def test_ten_minutes_are_kept_at_full_rate_whatever_the_rate(store: SeriesStore, feed: Feed) -> None:
    start = feed.at_us
    for i in range(610):
        at = [start + i * SECOND + k * 10_000 for k in range(100)]
        store.apply(samples(*(sample_record(1, each, (i % 60 + 1) * MIB) for each in at)))
    feed.at_us = start + 610 * SECOND
    reading = store.at(1, feed.at_us - 600 * SECOND + 5_000)
    assert reading is not None
    assert reading.used_bytes == 10 * MIB


def test_the_ring_forgets_the_oldest(store: SeriesStore, feed: Feed) -> None:
    start = feed.at_us
    for _ in range(200):
        store.apply(feed.batch([1], 100))
    assert store.at(1, start + 50_000) is None
    oldest = store.window(1, start, feed.now(), 20_000).at_us[0]
    assert feed.now() - oldest == 14_999 * 50_000


def test_held_stretches_are_marked_and_level(store: SeriesStore, feed: Feed) -> None:
    start = feed.at_us
    store.apply(samples(sample_record(1, start, 4 * MIB), sample_record(1, start + 3 * SECOND, 8 * MIB)))
    feed.at_us = start + 3 * SECOND + 10_000
    series = store.window(1, start - SECOND, feed.now(), 1000)
    middle = start + 3 * SECOND
    assert series.at_us.tolist() == [start, start, middle, middle, middle, feed.now()]
    assert series.used.tolist() == [4 * MIB] * 3 + [8 * MIB] * 3
    assert series.held.tolist() == [False, True, False, False, False, False]
    assert store.at(1, start + SECOND).held
    assert not store.at(1, feed.now()).held
    assert not store.latest(1).held
    feed.at_us += SECOND
    assert store.latest(1).held
    assert store.window(1, start, feed.now(), 1000).held.tolist()[-2:] == [True, False]


def test_decimated_stretches_are_not_held_and_gaps_between_them_are(store: SeriesStore, feed: Feed) -> None:
    store.apply(feed.batch([1], 2_000))
    last = feed.used(1)
    gap_from = feed.at_us
    feed.at_us += 5 * SECOND
    store.apply(feed.batch([1], 2_000))
    series = store.window(1, gap_from - 100 * SECOND, feed.now(), 100)
    held = series.held.nonzero()[0].tolist()
    assert [int(series.at_us[i]) for i in held] == [gap_from]
    assert series.at_us[held[0] + 1] == gap_from + 5 * SECOND + 50_000
    assert series.used[held[0]] == series.used[held[0] + 1] == pytest.approx(last)


def test_decimation_keeps_every_peak(store: SeriesStore, feed: Feed) -> None:
    start = feed.at_us
    used = [MIB] * 10_000
    used[7_777] = 50 * MIB
    store.apply(samples(*(sample_record(1, start + i * 50_000, each) for i, each in enumerate(used))))
    feed.at_us = start + 10_000 * 50_000
    series = store.window(1, start, feed.now(), 300)
    assert len(series.at_us) <= 2 * 301 + 3
    assert not series.held.any()
    assert series.used.max() == 50 * MIB
    assert series.used.min() == MIB


def test_a_sample_out_of_order_moves_nothing_back(store: SeriesStore, feed: Feed) -> None:
    start = feed.at_us
    store.apply(samples(sample_record(1, start + SECOND, 2 * MIB)))
    store.apply(samples(sample_record(1, start, 3 * MIB)))
    store.apply(samples(sample_record(1, start + 2 * SECOND, 5 * MIB), sample_record(1, start + SECOND, 4 * MIB)))
    feed.at_us = start + 2 * SECOND
    at_us = store.window(1, start - SECOND, feed.now(), 1000).at_us.tolist()
    assert at_us == sorted(at_us)
    assert store.latest(1).used_bytes == 5 * MIB


def test_a_torn_record_and_an_unknown_mode_break_nothing(store: SeriesStore, feed: Feed) -> None:
    whole = bytearray(sample_record(1, feed.now(), MIB))
    whole[4] = 250
    store.apply([SampleBatchArrived(0, 1, bytes(whole) + b"torn"), SampleBatchArrived(0, 1, b"")])
    store.apply([GcBatchArrived(0, 1, b""), GcBatchArrived(0, 1, b"x")])
    assert store.latest(1).used_bytes == MIB


def test_samples_before_the_birth_was_told_are_kept(feed: Feed) -> None:
    store = SeriesStore(now=feed.now)
    store.enable()
    store.apply(feed.batch([9], 3))
    assert store.tracks[9].name == "isolate 9"
    store.apply(feed.created([9]))
    assert store.tracks[9].name == "worker 9"
    assert store.tracks[9].letter == "A"
    assert store.latest(9) is not None


def test_forget_frees_the_row_and_late_samples_do_not_bring_it_back(store: SeriesStore, feed: Feed) -> None:
    store.apply(feed.batch([1, 2], 10))
    row = store.tracks[1].row
    columns = store.columns(50_000, 100)
    columns.follow(feed.now())
    store.forget(1)
    store.forget(1)
    assert store.latest(1) is None
    store.apply(feed.batch([1, 2], 1))
    assert 1 not in store.tracks
    store.apply(feed.created([3]))
    assert store.tracks[3].row == row
    assert store.latest(3) is None
    assert store.sparkline(3) is not None


def test_hundreds_of_isolates_and_large_ids(feed: Feed) -> None:
    store = SeriesStore(now=feed.now)
    store.enable()
    ids = [*range(1, 400), 1_000_000]
    store.apply([*feed.created(ids), *feed.batch(ids, 30)])
    assert all(store.latest(each).used_bytes == feed.used(each) for each in ids)
    assert store.live_used() == sum(feed.used(each) for each in ids)


def test_collections_are_found_by_time_kind_and_nearness(store: SeriesStore, feed: Feed) -> None:
    start = feed.at_us
    records = [
        gc_record(1, start + SECOND, 20 * MIB, 5 * MIB),
        gc_record(1, start + SECOND + 1_000, 6 * MIB, 5 * MIB, kind="scavenge", pause_us=400),
        gc_record(2, start + SECOND, 1, 1, kind="other"),
    ]
    store.apply([GcBatchArrived(0, 1, b"".join(records[::-1]))])
    marks = store.gcs(1, start, start + 2 * SECOND)
    assert marks.is_full.tolist() == [True, False]
    assert marks.after.tolist() == [5 * MIB, 5 * MIB]
    near = store.gc_near(1, start + SECOND + 900, 10_000)
    assert (near.kind, near.pause_us, near.before_bytes) == (GcKind.MARK_COMPACT, 3_000, 20 * MIB)
    assert store.gc_near(1, start, 10_000) is None
    assert store.gc_near(2, start + SECOND, 1).kind is GcKind.OTHER


def test_a_flood_of_young_collections_leaves_the_full_ones(store: SeriesStore, feed: Feed) -> None:
    start = feed.at_us
    store.apply([GcBatchArrived(0, 1, gc_record(1, start, 9 * MIB, MIB))])
    flood = b"".join(gc_record(1, start + i * 1_000, 2 * MIB, MIB, kind="scavenge") for i in range(20_000))
    store.apply([GcBatchArrived(0, 1, flood)])
    marks = store.gcs(1, start - 1, start + 20 * SECOND)
    assert marks.is_full.sum() == 1
    assert len(marks.at_us) == 8_192 + 1


def test_an_ended_isolate_keeps_its_data_and_reason(store: SeriesStore, feed: Feed) -> None:
    store.apply(feed.batch([1], 40))
    end = feed.at_us
    store.apply([LimitHit(end, 1, Outcome.HEAP_LIMIT, MIB, 0, MIB, None)])
    store.apply([IsolateEnded(end, 1, IsolateState.CRASHED, "killed by SIGKILL", None)])
    feed.at_us += 300 * SECOND
    latest = store.latest(1)
    assert not latest.held
    assert latest.rate_hz == pytest.approx(20, abs=1)
    assert store.end_us(1) == end
    assert store.at(1, end - 1).used_bytes > 0
    assert store.at(1, end + SECOND) is None
    track = store.tracks[1]
    assert (track.state, track.end_reason) == (IsolateState.CRASHED, "killed by SIGKILL")
    assert track.limit_hits == ((end, "heap-limit"),)
    line = store.sparkline(1)
    assert line[-1] > 0
    assert store.sparkline(1) is line


def test_losses_states_and_letters_are_told(store: SeriesStore, feed: Feed) -> None:
    store.apply([BytesDropped(0, 1, "samples", 12), IsolateStateChanged(0, 1, IsolateState.RUNNING)])
    assert store.lost_samples == 12
    assert store.tracks[1].lost_samples == 12
    assert store.tracks[1].state is IsolateState.RUNNING
    store.apply([HostStarted(0, 1, "Z", 1, "native", "", "", (), {}, {}, 1.0, False)])
    assert store.tracks[1].letter == "Z"


def test_a_stamp_changes_with_its_isolate_only(store: SeriesStore, feed: Feed) -> None:
    before = store.stamp(1)
    store.apply(feed.batch([2], 1))
    assert store.stamp(1) == before
    store.apply(feed.batch([1], 1))
    assert store.stamp(1) != before


def test_the_sparkline_has_the_last_minute(store: SeriesStore, feed: Feed) -> None:
    store.apply(feed.batch([1], 200))  # ten seconds
    line = store.sparkline(1, 60)
    known = [value for value in line.tolist() if value == value]  # noqa: PLR0124
    assert len(line) == 60
    assert 10 <= len(known) <= 11
    feed.at_us += 20 * SECOND
    moved = store.sparkline(1, 60).tolist()
    assert moved[-20:] == [moved[-1]] * 20


def test_neighbours_walk_from_sample_to_sample(store: SeriesStore, feed: Feed) -> None:
    start = feed.at_us
    store.apply(feed.batch([1], 3))
    at = [start + i * 50_000 for i in (1, 2, 3)]
    assert store.neighbour(1, at[0], 1) == at[1]
    assert store.neighbour(1, at[1], -1) == at[0]
    assert store.neighbour(1, at[2], 1) is None
    assert store.neighbour(1, at[0], -1) is None
    assert store.neighbour(2, at[0], 1) is None


def test_unknown_isolates_have_no_answers(store: SeriesStore) -> None:
    assert store.latest(77) is None
    assert store.at(77, 0) is None
    assert store.growth(77) is None
    assert store.window(77, 0, 1, 10) is None
    assert store.gcs(77, 0, 1) is None
    assert store.sparkline(77) is None
    assert store.used(77) is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.binary(max_size=1_000)), max_size=6))
def test_records_of_garbage_break_nothing(batches: list[tuple[bool, bytes]]) -> None:
    feed = Feed()
    store = SeriesStore(now=feed.now)
    store.enable()
    for is_sample, data in batches:
        kind = SampleBatchArrived if is_sample else GcBatchArrived
        store.apply([kind(0, 1, data), kind(0, 1, data)])
    for isolate_id in list(store.tracks):
        store.latest(isolate_id)
        store.at(isolate_id, feed.now())
        store.growth_detail(isolate_id)
        store.window(isolate_id, feed.now() - 60 * SECOND, feed.now(), 100)
        store.window(isolate_id, 0, 2**62, 100)
        store.gcs(isolate_id, 0, feed.now())
        store.gc_near(isolate_id, feed.now(), SECOND)
        store.sparkline(isolate_id)


def test_invented_isolates_are_bounded_and_counted(store: SeriesStore, feed: Feed) -> None:
    store.apply(samples(*(sample_record(2**32 - 1 - i, feed.now(), MIB) for i in range(1_000))))
    assert len(store.tracks) == 2 + 64
    assert store.lost_samples == 1_000 - 64
    store.apply(feed.batch([1], 1))
    assert store.latest(1) is not None


def test_what_a_sample_costs_is_known_where_it_costs(store: SeriesStore) -> None:
    """The public API engine can't sample while a script runs: the graph says so, with the price."""
    costly = "taken when going idle; 96 kB of garbage each"
    store.apply([made.host(1, capabilities={"busy-samples": costly}), made.isolate(1, 1), made.host(2)])
    store.apply([made.isolate(2, 2)])
    first, second = store.tracks[1], store.tracks[2]
    assert rate_text(None, first) == costly and rate_text(None, second) == ""
