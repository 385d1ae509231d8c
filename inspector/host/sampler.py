"""Heap samples of all isolates of a host: at each isolate's beat, one binary batch for all.

A busy or paused isolate is asked at its beat and looked at a few times within the next 46 ms, sooner first, so that
the sample's window is tight though nobody polls at a high rate. An idle isolate costs nothing: the sample taken when it
went idle is sent once, at its next beat. While the socket is full only the newest sample of each isolate is kept; the
others are counted and told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from msgspec import Struct, field

from inspector.engine.port import HeapSample
from inspector.host.clock import loop_time, now_us
from inspector.wire import KIND_SAMPLES, SAMPLE, frame

__all__ = ["DEFAULT_RATE_HZ", "MAX_RATE_HZ", "MIN_RATE_HZ", "Lane", "Sampled", "Sampler"]

DEFAULT_RATE_HZ = 22.0  # beats come late now and then: so that 20 a second arrive
MIN_RATE_HZ = 1.0
MAX_RATE_HZ = 100.0
_LOOKS_S = (0.001, 0.003, 0.006, 0.012, 0.024)  # pauses between the looks after a beat


class Sampled(Protocol):
    """What the sampler needs of an `EngineIsolate`."""

    def request_sample(self) -> None: ...

    def poll_sample(self) -> HeapSample | None: ...


class Lane(Protocol):
    """Where batches go: the link."""

    @property
    def full(self) -> bool: ...

    def binary(self, message: bytes) -> None: ...

    def tell(self, method: str, params: object) -> None: ...


class _Subject(Struct):
    isolate_id: int
    engine: Sampled
    period_us: int
    saw: Callable[[HeapSample], None]  # each sample, as it is seen
    active: bool = False  # its thread may change its heap: ask at the beat
    asked: bool = False
    due_us: int = 0
    fresh: list[HeapSample] = field(default_factory=list)  # not sent yet, oldest first


class Sampler:
    """Belongs to the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, lane: Lane) -> None:
        self._loop = loop
        self._lane = lane
        self._subjects: dict[int, _Subject] = {}
        self._live: set[int] = set()  # active, or with a sample to send
        self._beat: asyncio.TimerHandle | None = None
        self._looking: asyncio.TimerHandle | None = None
        self._dropped = 0

    def add(self, isolate_id: int, engine: Sampled, rate_hz: float, saw: Callable[[HeapSample], None]) -> None:
        self._subjects[isolate_id] = _Subject(isolate_id, engine, _period_us(rate_hz), saw)

    def remove(self, isolate_id: int) -> None:
        """Send what is left of it, forget it."""
        if isolate_id in self._subjects:
            self._flush()
            del self._subjects[isolate_id]
            self._live.discard(isolate_id)

    def set_rate(self, isolate_id: int, rate_hz: float) -> None:
        subject = self._subjects[isolate_id]
        subject.period_us = _period_us(rate_hz)
        subject.due_us = 0
        self._wake(subject)

    def set_active(self, isolate_id: int, active: bool) -> None:
        """Whether the isolate runs (or is paused): only then is it asked."""
        subject = self._subjects.get(isolate_id)
        if subject is None or subject.active is active:
            return
        subject.active = active
        if active:
            self._wake(subject)

    def arrived(self, isolate_id: int, sample: HeapSample) -> None:
        """An idle or paused sample: the isolate's own thread took it."""
        subject = self._subjects.get(isolate_id)
        if subject is not None:
            subject.asked = False
            self._keep(subject, sample)
            self._wake(subject)

    def close(self) -> None:
        for handle in (self._beat, self._looking):
            if handle is not None:
                handle.cancel()

    def _wake(self, subject: _Subject) -> None:
        """Have a beat when this subject is due."""
        if not subject.active and not subject.fresh:
            return
        self._live.add(subject.isolate_id)
        now = now_us()
        if subject.due_us <= now:
            subject.due_us = _next_beat(now, subject.period_us)
        if self._beat is None or self._beat.when() > loop_time(subject.due_us):
            self._set_beat(subject.due_us)

    def _set_beat(self, at_us: int) -> None:
        if self._beat is not None:
            self._beat.cancel()
        self._beat = self._loop.call_at(loop_time(at_us), self._on_beat)

    def _on_beat(self) -> None:
        self._beat = None
        now = now_us()
        asked = False
        for isolate_id in list(self._live):
            subject = self._subjects[isolate_id]
            if subject.due_us > now:
                continue
            if subject.active:
                subject.due_us = _next_beat(now, subject.period_us)
                asked |= self._ask(subject)
            else:
                self._live.discard(isolate_id)  # its last sample goes with the batch below
        self._flush()
        if asked:
            self._look_in(0)
        due = min((self._subjects[isolate_id].due_us for isolate_id in self._live), default=None)
        if due is not None:
            self._set_beat(due)

    def _ask(self, subject: _Subject) -> bool:
        sample = subject.engine.poll_sample() if subject.asked else None
        if sample is not None:
            self._keep(subject, sample)
        if sample is not None or not subject.asked:
            subject.asked = True
            subject.engine.request_sample()
        return True

    def _look_in(self, look: int) -> None:
        if self._looking is not None:
            self._looking.cancel()
        self._looking = self._loop.call_later(_LOOKS_S[look], self._on_look, look)

    def _on_look(self, look: int) -> None:
        """Collect what V8 has written; look again while something is missing."""
        self._looking = None
        missing = False
        for isolate_id in self._live:
            subject = self._subjects[isolate_id]
            if not subject.asked or not subject.active:
                continue
            sample = subject.engine.poll_sample()
            if sample is None:
                missing = True
            else:
                subject.asked = False
                self._keep(subject, sample)
        if missing and look + 1 < len(_LOOKS_S):
            self._look_in(look + 1)
        else:
            self._flush()

    def _keep(self, subject: _Subject, sample: HeapSample) -> None:
        subject.saw(sample)
        if self._lane.full and subject.fresh:
            self._dropped += len(subject.fresh)
            subject.fresh = [sample]
        elif subject.active or not subject.fresh:
            subject.fresh.append(sample)
        else:
            subject.fresh[-1] = sample  # idle since: only the last one tells something

    def _flush(self) -> None:
        """Send what is fresh, unless the socket is full."""
        if self._lane.full:
            return
        records = [
            SAMPLE.pack(subject.isolate_id, sample.mode, sample.at_us, sample.window_us, *sample.words)
            for subject in self._subjects.values()
            for sample in subject.fresh
        ]
        if records:
            self._lane.binary(frame(KIND_SAMPLES, len(records), b"".join(records)))
            for subject in self._subjects.values():
                subject.fresh.clear()
        if self._dropped:
            self._lane.tell("Host.samplesDropped", {"what": "samples", "count": self._dropped})
            self._dropped = 0


def _period_us(rate_hz: float) -> int:
    return round(1e6 / min(max(rate_hz, MIN_RATE_HZ), MAX_RATE_HZ))


def _next_beat(now: int, period_us: int) -> int:
    """The next point of the grid of this period: isolates of one rate share their beats."""
    return (now // period_us + 1) * period_us
