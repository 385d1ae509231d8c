"""What is seen from outside while a case runs: the runaway's heap, a limit hit, the loss of a host, resident memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from inspector.containment.record import HeapPoint
from inspector.events import Event, GcBatchArrived, HostLost, HostMeasured, LimitHit, SampleBatchArrived
from inspector.wire import GC, SAMPLE, SAMPLE_WORDS

__all__ = ["Watch", "peak_resident_bytes", "resident_bytes"]

_FIRST_WORD = 4  # of a SAMPLE record: isolate_id, mode, at_us, window_us, then the words
_USED = _FIRST_WORD + SAMPLE_WORDS.index("used_bytes")
_EXTERNAL = _FIRST_WORD + SAMPLE_WORDS.index("external_bytes")


class Watch:
    """A subscriber of the pool. Bytes; `heap` is that of the first runaway, oldest first, for drawing.

    `grown` hears of its new points as they come.
    """

    def __init__(self, isolate_id: int, grown: Callable[[tuple[HeapPoint, ...]], None] | None = None) -> None:
        self._drawn = isolate_id
        self._grown = grown
        self.isolate_ids = {isolate_id}  # all that run away
        self.peak_bytes = 0  # of one isolate: used + off-heap, of samples, collections and limit hits
        self.limit_hit: LimitHit | None = None
        self.host_lost: HostLost | None = None
        self.peak_resident_bytes = 0  # once a second: where the system keeps no high-water mark
        self.heap: list[HeapPoint] = []
        self.cpu_ms: float | None = None  # the first runaway's thread since its birth, told once a second

    def __call__(self, event: Event) -> None:
        if isinstance(event, SampleBatchArrived):
            self._take_samples(event.records)
        elif isinstance(event, GcBatchArrived):
            for isolate_id, _kind, _at_us, _pause_us, before, _after in GC.iter_unpack(event.records):
                if isolate_id in self.isolate_ids:
                    self._seen(before)
        elif isinstance(event, LimitHit) and event.isolate_id in self.isolate_ids:
            self.limit_hit = self.limit_hit or event
            self._seen(event.used_bytes + event.external_bytes)
        elif isinstance(event, HostMeasured):
            self.peak_resident_bytes = max(self.peak_resident_bytes, event.resident_bytes)
            for isolate_id, cpu_us, _ in event.isolates:
                if isolate_id == self._drawn and cpu_us is not None:
                    self.cpu_ms = cpu_us / 1e3
        elif isinstance(event, HostLost):
            self.host_lost = event

    def _take_samples(self, records: bytes) -> None:
        points: list[HeapPoint] = []
        for record in SAMPLE.iter_unpack(records):
            if record[0] in self.isolate_ids:
                self._seen(record[_USED] + record[_EXTERNAL])
            if record[0] == self._drawn:
                points.append((record[2], record[_USED], record[_EXTERNAL]))
        self.heap += points
        if points and self._grown is not None:
            self._grown(tuple(points))

    def _seen(self, count: int) -> None:
        self.peak_bytes = max(self.peak_bytes, count)


def resident_bytes(pid: int) -> int | None:
    """Resident memory of a process now, as Linux tells it; None elsewhere or when it is gone."""
    return _status(pid, "VmRSS")


def peak_resident_bytes(pid: int) -> int | None:
    """The highest resident memory a process has had, as Linux keeps it; None elsewhere or when it is gone."""
    return _status(pid, "VmHWM")


def _status(pid: int, field: str) -> int | None:
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    line = next((line for line in text.splitlines() if line.startswith(f"{field}:")), None)
    return None if line is None else int(line.split()[1]) * 1024
