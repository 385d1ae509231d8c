"""The last minute of a pool, always, in memory: what "save the last 60 s" and the black box write.

Bounded by time, count and bytes; what falls out at the far end leaves behind what later events need to be understood:
who lives, what runs, in which state, with which heap. Price: 0.5 us an event, 3 us a console line.
"""

from __future__ import annotations

import asyncio
import marshal
from collections import deque
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from inspector.events import (
    ConsoleWritten,
    ContextCreated,
    ContextReleased,
    Event,
    GcBatchArrived,
    HostLost,
    HostStarted,
    HostStateChanged,
    IsolateCreated,
    IsolateEnded,
    IsolateStateChanged,
    RunQueued,
    RunSettled,
    RunStarted,
    SampleBatchArrived,
    ScriptParsed,
)
from inspector.recording.facts import SourceRead
from inspector.recording.meta import beginning, ending
from inspector.recording.options import Preset, RecordOptions
from inspector.recording.source_reading import SourceReading
from inspector.states import HostState
from inspector.target.clock import now_us
from inspector.wire import SAMPLE

if TYPE_CHECKING:
    from inspector.pool import Isolate, Pool

__all__ = ["RING_S", "Ring"]

RING_S = 60
_MOST_EVENTS = 200_000
_MOST_BYTES = 64 << 20
_MOST_SOURCE_BYTES = 16 << 20
_SCRIPTS_KEPT = 200  # of one isolate
_EVENT_BYTES = 400  # what an event without a payload takes, about


class _Packed(Struct, frozen=True, gc=False):
    """A console line whose values garbage collection does not walk: 60 s of them took it 250 ms."""

    line: ConsoleWritten  # without its values
    values: bytes

    def event(self) -> ConsoleWritten:
        return replace(self.line, args=marshal.loads(self.values))


_Kept: TypeAlias = tuple[int, int, Event | _Packed]  # when it came, its size, itself


class Ring:
    """Belongs to the pool's loop, from `start` to `close`."""

    def __init__(self, pool: Pool, *, seconds: float = RING_S) -> None:
        self._pool = pool
        self._span_us = int(seconds * 1e6)
        self._kept: deque[_Kept] = deque()
        self._bytes = 0
        self._before = _Before()
        self._sources: dict[str, SourceRead] = {}
        self._reading = SourceReading(self._find, self._source_read, asks=False, most_bytes=_MOST_SOURCE_BYTES)
        self._unsubscribe = pool.subscribe(self._hear)

    def close(self) -> None:
        self._unsubscribe()
        self._kept.clear()

    def hosts_of(self, isolate_ids: Collection[int]) -> set[int]:
        """The host processes that these isolates live, or lived, in."""
        created = self._created()
        return {created[one].host_id for one in isolate_ids if one in created}

    def isolates_in(self, host_ids: Collection[int]) -> set[int]:
        """The isolates that live, or lived within the ring, in these host processes."""
        return {one.isolate_id for one in self._created().values() if one.host_id in host_ids}

    async def save(
        self,
        path: Path,
        reason: str,
        *,
        isolate_ids: Collection[int] | None = None,
        focus: tuple[int, int] | None = None,
    ) -> Path:
        """Write what is known now. `focus`: (isolate_id, at_us) of what it is about. RecordingError."""
        kept = [*self._before.events(), *self._sources.values(), *(event for _, _, event in self._kept)]
        began_us = max(now_us() - self._span_us, self._kept[0][0] if self._kept else 0)
        scope = None if isolate_ids is None else frozenset(isolate_ids)
        told = {} if focus is None else {"focus_isolate_id": str(focus[0]), "focus_us": str(focus[1])}
        meta = beginning(began_us, reason, RecordOptions(Preset.BASIC, scope), focus=told)
        await asyncio.to_thread(_write, path, meta, kept, scope)
        return path

    # --- inside ---

    def _hear(self, event: Event) -> None:
        came_us = now_us()
        size = _size(event)
        self._kept.append((came_us, size, _packed(event) if isinstance(event, ConsoleWritten) else event))
        self._bytes += size
        self._reading.hear(event)
        oldest_us = came_us - self._span_us
        kept = self._kept
        while kept and (kept[0][0] < oldest_us or len(kept) > _MOST_EVENTS or self._bytes > _MOST_BYTES):
            _, size, gone = kept.popleft()
            self._bytes -= size
            if not isinstance(gone, _Packed):
                self._before.take(gone)

    def _created(self) -> dict[int, IsolateCreated]:
        later = {event.isolate_id: event for _, _, event in self._kept if isinstance(event, IsolateCreated)}
        return self._before.isolates | later

    def _source_read(self, event: Event) -> None:
        if isinstance(event, SourceRead):
            self._sources[event.hash] = event

    def _find(self, isolate_id: int) -> Isolate | None:
        return self._pool.isolates.get(isolate_id)


class _Before:
    """What holds at the ring's far end, from the events that fell out of it."""

    def __init__(self) -> None:
        self._hosts: dict[int, HostStarted] = {}
        self.isolates: dict[int, IsolateCreated] = {}
        self._states: dict[int, IsolateStateChanged] = {}
        self._contexts: dict[tuple[int, int], ContextCreated] = {}
        self._scripts: dict[int, deque[ScriptParsed]] = {}
        self._runs: dict[int, list[Event]] = {}
        self._samples: dict[int, bytes] = {}

    def events(self) -> list[Event]:
        """In an order in which they can be told."""
        samples = SampleBatchArrived(now_us(), 0, b"".join(self._samples.values()))
        return [
            *self._hosts.values(),
            *self.isolates.values(),
            *self._contexts.values(),
            *(script for scripts in self._scripts.values() for script in scripts),
            *self._states.values(),
            *(event for events in self._runs.values() for event in events),
            *([samples] if self._samples else []),
        ]

    def take(self, event: Event) -> None:
        if isinstance(event, SampleBatchArrived):
            for at in range(0, len(event.records), SAMPLE.size):
                record = event.records[at : at + SAMPLE.size]
                self._samples[int.from_bytes(record[:4], "little")] = record
        elif isinstance(event, IsolateStateChanged):
            self._states[event.isolate_id] = event
        elif isinstance(event, HostStarted):
            self._hosts[event.host_id] = event
        elif isinstance(event, IsolateCreated):
            self.isolates[event.isolate_id] = event
        elif isinstance(event, ContextCreated):
            self._contexts[(event.isolate_id, event.context_id)] = event
        elif isinstance(event, ContextReleased):
            self._contexts.pop((event.isolate_id, event.context_id), None)
        elif isinstance(event, ScriptParsed):
            self._scripts.setdefault(event.isolate_id, deque(maxlen=_SCRIPTS_KEPT)).append(event)
        elif isinstance(event, RunQueued):
            self._runs[event.run_id] = [event]
        elif isinstance(event, RunStarted):
            self._runs.setdefault(event.run_id, []).append(event)
        elif isinstance(event, RunSettled):
            self._runs.pop(event.run_id, None)
        elif isinstance(event, IsolateEnded):
            self._forget(event.isolate_id)
        elif isinstance(event, HostLost) or (
            isinstance(event, HostStateChanged) and event.state in (HostState.CLOSED, HostState.LOST)
        ):
            self._hosts.pop(event.host_id, None)

    def _forget(self, isolate_id: int) -> None:
        for table in (self.isolates, self._states, self._scripts, self._samples):
            table.pop(isolate_id, None)
        self._contexts = {key: one for key, one in self._contexts.items() if key[0] != isolate_id}


def _packed(event: ConsoleWritten) -> _Packed:
    values: Any = event.args  # parsed from JSON
    return _Packed(replace(event, args=()), marshal.dumps(values))


def _size(event: Event) -> int:
    if isinstance(event, SampleBatchArrived | GcBatchArrived):
        return _EVENT_BYTES + len(event.records)
    if isinstance(event, ConsoleWritten):
        return _EVENT_BYTES + sum(_EVENT_BYTES + len(str(arg.get("value", ""))) for arg in event.args)
    return _EVENT_BYTES


def _write(path: Path, meta: dict[str, str], kept: list[Event | _Packed], scope: Collection[int] | None) -> None:
    """In a worker thread."""
    from inspector.recording.batch import Batch  # price: numpy, for the first file only
    from inspector.recording.store import Store

    store = Store.create(path, meta)
    try:
        batch = Batch(scope)
        batch.add([one.event() if isinstance(one, _Packed) else one for one in kept])
        store.write(batch, {**ending("saved"), "written_us": str(now_us())})
    finally:
        store.finish()
