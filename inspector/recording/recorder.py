"""Records a pool: its events, and what a preset adds to them, into one file, until it is stopped or stops by itself.

Everything but `Recording.facts` belongs to the pool's loop; the file is written by a thread of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from inspector.errors import RecordingError
from inspector.events import Event, HostLost, IsolateCreated, IsolateEnded, LimitHit, MarkSet
from inspector.recording.allocation_sampling import AllocationSampling
from inspector.recording.batch import Batch
from inspector.recording.cpu_sampling import CpuSampling
from inspector.recording.meta import beginning, ending
from inspector.recording.options import RecordOptions
from inspector.recording.source_reading import SourceReading
from inspector.recording.store import Store
from inspector.recording.writer import RESERVE_BYTES, Writer
from inspector.states import IsolateState
from inspector.target.clock import now_us

if TYPE_CHECKING:
    from inspector.pool import Isolate, Pool

__all__ = ["Finished", "Recorder"]

_AFTERMATH_S = 1.0  # what follows a limit or a crash is recorded too


class Finished(Struct, frozen=True):
    """How a recording ended. `trouble`: "" or why it ended before it was asked to, or what is wrong with its file."""

    path: Path
    reason: str
    trouble: str
    began_us: int
    ended_us: int
    events: int


class Recorder:
    """One recording. `start` it, wait for `finished`; `stop` it, or let it stop by itself."""

    def __init__(
        self,
        pool: Pool,
        path: Path,
        options: RecordOptions | None = None,
        *,
        reason: str = "asked for",
        reserve_bytes: int = RESERVE_BYTES,
    ) -> None:
        self.path = path
        self.options = options or RecordOptions()
        self.began_us = 0
        self._pool = pool
        self._reason = reason
        self._reserve_bytes = reserve_bytes
        self._ids = set(self.options.isolate_ids or ())
        self._batch = Batch(None if self.options.isolate_ids is None else self._ids)
        self._writer: Writer | None = None
        self._cpu: CpuSampling | None = None
        self._allocations: AllocationSampling | None = None
        self._sources: SourceReading | None = None
        self._unsubscribe: Callable[[], None] = lambda: None
        self._loop = asyncio.get_running_loop()
        self._stopping: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._engine_told = False
        self._end_reason = ""
        self.finished: asyncio.Future[Finished] = self._loop.create_future()

    async def start(self) -> None:
        """Make the file, replay what lives, go on. RecordingError when no file can be made."""
        self.began_us = now_us()
        meta = beginning(self.began_us, self._reason, self.options)
        store = await asyncio.to_thread(Store.create, self.path, meta)
        self._writer = Writer(store, self._batch, ending, self._over, reserve_bytes=self._reserve_bytes)
        options = self.options
        self._sources = SourceReading(self._find, self._put, asks=True)
        if options.preset.samples_stacks:
            self._cpu = CpuSampling(self._find, self._put, options.cpu_interval_us)
        if options.preset.samples_allocations:
            self._allocations = AllocationSampling(self._find, self._put)
        self._unsubscribe = self._pool.subscribe(self._hear)
        if options.duration_s is not None:
            self._timer = self._loop.call_later(options.duration_s, self.stop, f"{options.duration_s:g} s were over")

    def stop(self, reason: str = "stopped") -> None:
        """Take the last profiles and close the file; `finished` follows. Idempotent."""
        if self._stopping is None and self._writer is not None:
            self._stopping = self._loop.create_task(self._stop(reason), name=f"stop {self.path.name}")

    async def close(self, reason: str = "stopped") -> Finished:
        """`stop`, and wait for the end. RecordingError when it was never started."""
        if self._writer is None:
            raise RecordingError("Stop the recording", "it was not started")
        self.stop(reason)
        return await asyncio.shield(self.finished)

    def mark(self, name: str, isolate_id: int = 0) -> None:
        """Set a mark at this moment."""
        self._put(MarkSet(now_us(), name, isolate_id))

    @property
    def recorded_s(self) -> float:
        """Seconds since its start."""
        return (now_us() - self.began_us) / 1e6

    # --- inside ---

    def _hear(self, event: Event) -> None:
        if isinstance(event, IsolateCreated) and event.replaces_isolate_id in self._ids:
            self._ids.add(event.isolate_id)
        self._put(event)
        assert self._sources is not None
        self._sources.hear(event)
        if self._cpu is not None:
            self._cpu.hear(event)
        if self._allocations is not None:
            self._allocations.hear(event)
        if isinstance(event, LimitHit | HostLost | IsolateEnded):
            self._may_end(event)

    def _may_end(self, event: LimitHit | HostLost | IsolateEnded) -> None:
        options = self.options
        if not isinstance(event, HostLost) and not self._in_scope(event.isolate_id):
            return
        if isinstance(event, LimitHit) and options.stops_on_limit:
            self._stop_soon(f"isolate {event.isolate_id} reached its memory limit")
        crashed = isinstance(event, HostLost) or (
            isinstance(event, IsolateEnded) and event.state is IsolateState.CRASHED
        )
        if crashed and options.stops_on_crash:
            self._stop_soon("a host process was lost")

    def _stop_soon(self, reason: str) -> None:
        if self._stopping is None:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self._loop.call_later(_AFTERMATH_S, self.stop, reason)

    def _put(self, event: Event) -> None:
        if self._writer is not None:
            self._writer.put(event)

    def _in_scope(self, isolate_id: int) -> bool:
        return self.options.isolate_ids is None or isolate_id in self._ids

    def _find(self, isolate_id: int) -> Isolate | None:
        return self._pool.isolates.get(isolate_id) if self._in_scope(isolate_id) else None

    async def _stop(self, reason: str) -> None:
        assert self._writer is not None
        if self._timer is not None:
            self._timer.cancel()
        try:
            for sampling in (self._cpu, self._allocations):
                if sampling is not None:
                    await sampling.close()
        finally:
            self._unsubscribe()
            self._end_reason = reason
            self._writer.close(reason)

    def _over(self, error: RecordingError | None) -> None:
        """On the writer's thread: the file is closed."""
        try:
            self._loop.call_soon_threadsafe(self._finish, error)
        except RuntimeError:  # the loop was closed meanwhile: nobody waits any more
            return

    def _finish(self, error: RecordingError | None) -> None:
        assert self._writer is not None
        self._unsubscribe()
        if self._timer is not None:
            self._timer.cancel()
        if self._stopping is None:  # the writer ended by itself
            self._stopping = self._loop.create_task(self._stop("" if error is None else error.cause))
        reason = self._end_reason or ("" if error is None else error.cause)
        trouble = "" if error is None else str(error)
        if not self.finished.done():
            self.finished.set_result(
                Finished(self.path, reason, trouble, self.began_us, now_us(), self._writer.written)
            )
