"""The figures of every isolate over the last ten minutes: what the graphs, the overview and the tree draw.

numpy is imported by `enable`, which the window calls after its first paint; batches that come earlier wait as bytes.
Everything here runs on the GUI thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING
from weakref import WeakSet

from PySide6.QtCore import QObject, Signal

from inspector.events import (
    BytesDropped,
    Event,
    GcBatchArrived,
    HostStarted,
    IsolateCreated,
    IsolateEnded,
    IsolateStateChanged,
    LimitHit,
    SampleBatchArrived,
)
from inspector.states import Capability
from inspector.wire import GC, SAMPLE
from ui.models.arrows import MessageArrows
from ui.models.readings import Batch, GcMark, GcMarks, LatestSample, Reading, Series, Track

if TYPE_CHECKING:
    from inspector.value_events import ValueMoved
    from ui.models.growth import Growth
    from ui.models.rings import Array
    from ui.models.series_data import SeriesData
    from ui.models.time_columns import TimeColumns

__all__ = ["KEPT_US", "SeriesStore"]

KEPT_US = 600_000_000  # ten minutes
_SPARKLINE_US = 60_000_000
_WAITING_BYTES = 8 << 20  # of batches before `enable`; past it the oldest go, and are counted
_LIMIT_HITS = 20
_MOST_UNNAMED = 64  # a host that invents isolates must not fill the window's memory


class SeriesStore(QObject):
    """Takes events in, answers questions about heaps. `revision` grows with each change; `changed` follows it.

    `now` is the clock of the events, in microseconds (tests hand in their own).
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None, *, now: Callable[[], int] | None = None) -> None:
        super().__init__(parent)
        self.revision = 0
        self.lost_samples = 0
        self.arrows = MessageArrows()  # over the heaps of the overview
        self.now: Callable[[], int] = now or _monotonic_us
        self._data: SeriesData | None = None
        self._tracks: dict[int, Track] = {}
        self._letters: dict[int, str] = {}
        self._sampling: dict[int, str] = {}
        self._free_rows: list[int] = []
        self._forgotten: set[int] = set()
        self._unnamed: set[int] = set()  # samples came, the word of the birth did not yet
        self._waiting: list[Batch] = []
        self._waiting_bytes = 0
        self._sparklines: dict[int, TimeColumns] = {}
        self._columns: WeakSet[TimeColumns] = WeakSet()

    # --- in ---------------------------------------------------------------------------------------------------------

    @property
    def enabled(self) -> bool:
        """Whether numpy is there and questions have answers."""
        return self._data is not None

    def enable(self) -> None:
        """Import numpy (about 100 ms) and take in the batches that waited."""
        if self._data is not None:
            return
        from ui.models.series_data import SeriesData

        self._data = SeriesData()
        for track in self._tracks.values():
            self._data.assign(track.isolate_id, track.row)
        waiting, self._waiting, self._waiting_bytes = self._waiting, [], 0
        self.apply(waiting)

    def apply(self, events: Sequence[Event]) -> None:
        """Take in what concerns figures; other events are passed over. Batches of one call are taken in as one."""
        batches: dict[type[Event], list[Batch]] = {}
        known = 0
        for event in events:
            if isinstance(event, SampleBatchArrived | GcBatchArrived):
                batches.setdefault(type(event), []).append(event)
            elif (handler := _HANDLERS.get(type(event))) is not None:
                handler(self, event)
                known += 1
        for several in batches.values():
            self._take_in(several)
            known += len(several)
        if known:
            self.revision += known
            self.changed.emit()

    def add_arrow(self, moved: ValueMoved) -> None:
        """A message, which the overview draws."""
        self.arrows.add(moved)
        self.revision += 1
        self.changed.emit()

    def forget(self, isolate_id: int) -> None:
        """Drop all data of an isolate; its late samples are passed over."""
        track = self._tracks.pop(isolate_id, None)
        if track is None:
            return
        self._forgotten.add(isolate_id)
        self._unnamed.discard(isolate_id)
        self._free_rows.append(track.row)
        if self._data is not None:
            self._data.release(isolate_id, track.row)
            for columns in self._columns:
                columns.forget(track.row)
        self.revision += 1
        self.changed.emit()

    def _take_in(self, batches: list[Batch]) -> None:
        if self._data is None:
            for batch in batches:
                self._wait(batch)
            return
        joined = self._data.joined(batches)
        if self._data.unknown_ids(joined):
            for batch in batches:
                self._make_unknown(batch, self._data.unknown_ids(batch))
        self._data.add(joined)

    def _make_unknown(self, batch: Batch, ids: Iterable[int]) -> None:
        """Samples may come before the word of the birth; those of a forgotten isolate come too late."""
        for isolate_id in ids:
            if isolate_id in self._forgotten:
                continue
            if len(self._unnamed) >= _MOST_UNNAMED:
                self.lost_samples += 1
                continue
            self._unnamed.add(isolate_id)
            self._make_track(isolate_id, f"isolate {isolate_id}", batch.host_id)

    def _wait(self, event: Batch) -> None:
        self._waiting.append(event)
        self._waiting_bytes += len(event.records)
        while self._waiting_bytes > _WAITING_BYTES:
            oldest = self._waiting.pop(0)
            self._waiting_bytes -= len(oldest.records)
            self.lost_samples += len(oldest.records) // (SAMPLE if isinstance(oldest, SampleBatchArrived) else GC).size

    def _host_started(self, event: HostStarted) -> None:
        self._letters[event.host_id] = event.letter
        self._sampling[event.host_id] = event.capabilities.get(str(Capability.BUSY_SAMPLES), "")
        for track in self._tracks.values():
            if track.host_id == event.host_id:
                track.letter, track.sampling = event.letter, self._sampling[event.host_id]

    def _isolate_created(self, event: IsolateCreated) -> None:
        self._forgotten.discard(event.isolate_id)
        self._unnamed.discard(event.isolate_id)
        track = self._tracks.get(event.isolate_id) or self._make_track(event.isolate_id, event.name, event.host_id)
        track.name, track.host_id = event.name, event.host_id
        track.letter = self._letters.get(event.host_id, "")
        track.sampling = self._sampling.get(event.host_id, "")
        track.limit_bytes, track.v8_limit_bytes = event.memory_limit_bytes, event.v8_limit_bytes

    def _state_changed(self, event: IsolateStateChanged) -> None:
        if track := self._tracks.get(event.isolate_id):
            track.state = event.state

    def _isolate_ended(self, event: IsolateEnded) -> None:
        if track := self._tracks.get(event.isolate_id):
            track.state, track.ended_us, track.end_reason = event.state, event.at_us, event.reason

    def _limit_hit(self, event: LimitHit) -> None:
        if track := self._tracks.get(event.isolate_id):
            track.limit_hits = (*track.limit_hits[1 - _LIMIT_HITS :], (event.at_us, str(event.outcome)))

    def _dropped(self, event: BytesDropped) -> None:
        self.lost_samples += event.count
        for track in self._tracks.values():
            if track.host_id == event.host_id and track.ended_us is None:
                track.lost_samples += event.count

    def _make_track(self, isolate_id: int, name: str, host_id: int) -> Track:
        row = self._free_rows.pop() if self._free_rows else len(self._tracks)
        track = Track(isolate_id, row, name, host_id, self._letters.get(host_id, ""))
        self._tracks[isolate_id] = track
        if self._data is not None:
            self._data.assign(isolate_id, row)
        return track

    # --- out --------------------------------------------------------------------------------------------------------

    @property
    def tracks(self) -> Mapping[int, Track]:
        """Every isolate that is not forgotten, in order of creation."""
        return self._tracks

    def end_us(self, isolate_id: int) -> int:
        """Up to when an isolate's heap is known: now, or its end."""
        track = self._tracks.get(isolate_id)
        return self.now() if track is None or track.ended_us is None else track.ended_us

    def latest(self, isolate_id: int) -> LatestSample | None:
        """The newest sample, exact; None before the first one."""
        track = self._tracks.get(isolate_id)
        if self._data is None or track is None:
            return None
        return self._data.latest(track.row, track.limit_bytes, self.end_us(isolate_id))

    def used(self, isolate_id: int) -> int | None:
        """Used bytes of the newest sample: the part of `latest` that costs a microsecond."""
        track = self._tracks.get(isolate_id)
        return None if self._data is None or track is None else self._data.used(track.row)

    def live_used(self) -> int:
        """Used bytes of all isolates that have not ended."""
        rows = [track.row for track in self._tracks.values() if track.ended_us is None]
        return 0 if self._data is None else self._data.used_sum(rows)

    def at(self, isolate_id: int, at_us: int) -> Reading | None:
        """Every figure at one instant; None before the first sample and when nothing is kept from then."""
        track = self._tracks.get(isolate_id)
        if self._data is None or track is None:
            return None
        return self._data.at(track.row, at_us, self.end_us(isolate_id))

    def changed_us(self, isolate_id: int) -> int:
        """When the newest thing in a graph of this isolate happened: a sample, a collection, a limit; 0: never."""
        track = self._tracks.get(isolate_id)
        if self._data is None or track is None:
            return 0
        return max(self._data.changed_us(track.row), *(at_us for at_us, _ in track.limit_hits), 0)

    def newest_us(self) -> int:
        """When the newest thing that the overview shows happened: a sample, an end, a message; 0: never."""
        ends = (track.ended_us for track in self._tracks.values() if track.ended_us is not None)
        return max(0 if self._data is None else self._data.newest_us(), *ends, self.arrows.newest_us, 0)

    def stamp(self, isolate_id: int) -> tuple[object, ...]:
        """Differs when what a graph of this isolate shows has changed."""
        track = self._tracks.get(isolate_id)
        if self._data is None or track is None:
            return ()
        return (
            *self._data.stamp(track.row),
            track.ended_us,
            track.name,
            track.letter,
            track.limit_bytes,
            track.limit_hits,
        )

    def neighbour(self, isolate_id: int, at_us: int, direction: int) -> int | None:
        """When the next sample after (`direction` 1) or the last before (-1) an instant was; None: there is none."""
        track = self._tracks.get(isolate_id)
        return None if self._data is None or track is None else self._data.neighbour(track.row, at_us, direction)

    def growth(self, isolate_id: int) -> float | None:
        """Bytes per second by which what collections leave grew in the last 60 s; None: fewer than three were seen."""
        detail = self.growth_detail(isolate_id)
        return None if detail is None else detail.bytes_per_s

    def growth_detail(self, isolate_id: int) -> Growth | None:
        """`growth` and what it rests on: full collections, or with too few of them young ones (see growth.py)."""
        track = self._tracks.get(isolate_id)
        if self._data is None or track is None:
            return None
        return self._data.growth(track.row, self.end_us(isolate_id))

    def window(self, isolate_id: int, from_us: int, to_us: int, points: int) -> Series | None:
        """The figures of a stretch of time: two points (lowest, highest) for each of `points` columns."""
        track = self._tracks.get(isolate_id)
        if self._data is None or track is None:
            return None
        return self._data.window(track.row, from_us, to_us, points, self.end_us(isolate_id))

    def gcs(self, isolate_id: int, from_us: int, to_us: int) -> GcMarks | None:
        """The collections with from_us < at_us <= to_us: the last 2,048 full and 8,192 young ones are kept."""
        track = self._tracks.get(isolate_id)
        return None if self._data is None or track is None else self._data.gcs(track.row, from_us, to_us)

    def gc_near(self, isolate_id: int, at_us: int, within_us: int) -> GcMark | None:
        """The collection nearest to an instant; of two within reach a full one wins."""
        track = self._tracks.get(isolate_id)
        return None if self._data is None or track is None else self._data.gc_near(track.row, at_us, within_us)

    def columns(self, bucket_us: int, count: int) -> TimeColumns | None:
        """Columns of time that follow the samples; None before `enable`. Held weakly: keep it while it is drawn."""
        if self._data is None:
            return None
        columns = self._data.columns(bucket_us, count)
        self._columns.add(columns)
        return columns

    def sparkline(self, isolate_id: int, points: int = 40) -> Array | None:
        """Highest used bytes in `points` equal parts of the last 60 s (of its life, when ended), NaN: not known."""
        track = self._tracks.get(isolate_id)
        if self._data is None or track is None:
            return None
        if track.ended_us is not None:
            return self._data.last_sparkline(track.row, track.ended_us, _SPARKLINE_US // points, points)
        if points not in self._sparklines:
            self._sparklines[points] = self._data.columns(_SPARKLINE_US // points, points)
            self._columns.add(self._sparklines[points])
        return self._data.sparkline(self._sparklines[points], track.row, (self.revision, self.now()))


def _monotonic_us() -> int:
    return time.monotonic_ns() // 1000


_HANDLERS: dict[type[Event], Callable[..., None]] = {
    HostStarted: SeriesStore._host_started,
    IsolateCreated: SeriesStore._isolate_created,
    IsolateStateChanged: SeriesStore._state_changed,
    IsolateEnded: SeriesStore._isolate_ended,
    LimitHit: SeriesStore._limit_hit,
    BytesDropped: SeriesStore._dropped,
}
