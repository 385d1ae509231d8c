"""Saves the last minute by itself when an isolate reaches a limit, stops answering, or its host process is lost.

What is saved is of the isolate and its neighbours: those of its host process. The newest 20 files are kept.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from inspector.errors import RecordingError
from inspector.events import Event, HostLost, IsolateStateChanged, LimitHit, RunSettled
from inspector.recording.folder import BLACK_BOX, dated_path, delete
from inspector.recording.layout import SUFFIX
from inspector.recording.ring import RING_S, Ring
from inspector.states import IsolateState
from inspector.target.clock import now_us

if TYPE_CHECKING:
    from inspector.pool import Pool

__all__ = ["KEPT", "BlackBox", "BlackBoxSaved"]

KEPT = 20
_AFTERMATH_S = 1.0  # what follows is saved too
_RUN_PATIENCE_S = 10.0  # and how the run ended that hit a limit
_AGAIN_US = RING_S * 1_000_000  # a host that goes on like that has its next file after this time

log = logging.getLogger(__name__)


class BlackBoxSaved(Struct, frozen=True):
    """`isolate_ids`: those that it is about; `error`: why it could not be saved, None when it was."""

    path: Path
    reason: str
    at_us: int
    isolate_ids: tuple[int, ...]
    error: RecordingError | None = None


class BlackBox:
    """Belongs to the pool's loop. `saved` is called there."""

    def __init__(self, pool: Pool, ring: Ring, folder: Path, saved: Callable[[BlackBoxSaved], None]) -> None:
        self.enabled = True
        self._ring = ring
        self._folder = folder
        self._saved = saved
        self._last_us: dict[int, int] = {}  # host_id -> when it was saved last
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self._runs: dict[int, asyncio.Event] = {}  # run_id -> set once it has settled
        self._unsubscribe = pool.subscribe(self._hear)

    async def close(self) -> None:
        """What waits for its aftermath is saved now."""
        self._unsubscribe()
        self._closing.set()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _hear(self, event: Event) -> None:
        if isinstance(event, LimitHit):
            words = "the memory limit" if event.outcome.value == "heap-limit" else "the limit of off-heap memory"
            self._save_soon({event.isolate_id}, event, f"reached {words}")
        elif isinstance(event, RunSettled):
            settled = self._runs.pop(event.run_id, None)
            if settled is not None:
                settled.set()
        elif isinstance(event, IsolateStateChanged) and event.state is IsolateState.WEDGED:
            self._save_soon({event.isolate_id}, event, "stopped answering")
        elif isinstance(event, HostLost):
            self._save_soon(self._ring.isolates_in({event.host_id}), event, f"host process lost: {event.reason}")

    def _save_soon(self, isolate_ids: Collection[int], event: Event, reason: str) -> None:
        hosts = self._ring.hosts_of(isolate_ids)
        if not self.enabled or not isolate_ids:
            return
        recently = now_us() - _AGAIN_US
        if not isinstance(event, HostLost) and all(self._last_us.get(one, 0) > recently for one in hosts):
            return
        self._last_us |= dict.fromkeys(hosts, now_us())
        about = BlackBoxSaved(Path(), reason, event.at_us, tuple(sorted(isolate_ids)))
        settled = self._expected(event) if isinstance(event, LimitHit) else None
        task = asyncio.create_task(self._save(about, hosts, settled), name="save a black box")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _expected(self, event: LimitHit) -> asyncio.Event | None:
        return None if event.run_id is None else self._runs.setdefault(event.run_id, asyncio.Event())

    async def _until(self, event: asyncio.Event | None, patience_s: float) -> None:
        """Until `event`, the end of patience, or that of the window, which must not wait for this."""
        waits = [asyncio.ensure_future(one.wait()) for one in (event, self._closing) if one is not None]
        await asyncio.wait(waits, timeout=patience_s, return_when=asyncio.FIRST_COMPLETED)
        for one in waits:
            one.cancel()

    async def _save(self, about: BlackBoxSaved, hosts: Collection[int], settled: asyncio.Event | None) -> None:
        if settled is not None:
            await self._until(settled, _RUN_PATIENCE_S)
        await self._until(None, _AFTERMATH_S)
        neighbours = self._ring.isolates_in(hosts).union(about.isolate_ids)
        focus = (about.isolate_ids[0], about.at_us)
        error = None
        async with self._one_at_a_time:  # two in one second would choose one name
            path = dated_path(self._folder, BLACK_BOX)
            try:
                await self._ring.save(path, f"{BLACK_BOX}: {about.reason}", isolate_ids=neighbours, focus=focus)
                await asyncio.to_thread(_keep_newest, self._folder)
            except RecordingError as refused:
                error = refused
        self._saved(replace(about, path=path, error=error))


def _keep_newest(folder: Path) -> None:
    for path in sorted(folder.glob(f"{BLACK_BOX} *{SUFFIX}"))[:-KEPT]:
        try:
            delete(path)
        except OSError as error:
            log.warning("An old black box can't be deleted: %s", error)
