"""The host processes of one pool: placed, started, lost and replaced, closed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING

from inspector.errors import GoneError, HostLostError, LimitError, UsageError
from inspector.events import PoolStopped
from inspector.pool.event_stream import EventStream
from inspector.pool.host import Host
from inspector.pool.host_start import EarlyHost
from inspector.pool.isolate import Isolate
from inspector.pool.names import letter_of
from inspector.pool.placement import choose, refusal
from inspector.pool.restarts import RestartPolicy
from inspector.pool.settings import Place
from inspector.pool.supervisor import Supervisor
from inspector.states import HostState
from inspector.target.clock import now_us

if TYPE_CHECKING:
    from inspector.engine.choice import EngineChoice

__all__ = ["Hosts"]

_OVER = (HostState.LOST, HostState.CLOSED)  # their supervisor still reaps them


class Hosts:
    """Belongs to the pool's loop. `engine`: what the next host uses."""

    def __init__(
        self, engine: Callable[[], EngineChoice], events: EventStream, most_isolates: int, early: EarlyHost | None
    ) -> None:
        """`early`: a process that was started ahead of the pool; it becomes the first shared host."""
        self._engine = engine
        self._events = events
        self._most = most_isolates
        self._early = early
        self._supervisors: dict[int, Supervisor] = {}
        self._restarts = RestartPolicy()
        self._stop_told = False
        self._replacements: set[asyncio.TimerHandle] = set()
        self._closings: set[asyncio.Task[None]] = set()
        self._ids = count(1)
        self._closed = False

    @property
    def all(self) -> list[Host]:
        """Also those that are over and not reaped yet, oldest first."""
        return [supervisor.host for supervisor in self._supervisors.values()]

    @property
    def live(self) -> Mapping[int, Host]:
        """host_id -> those that start, live or stop, oldest first."""
        return MappingProxyType({host.host_id: host for host in self.all if host.state not in _OVER})

    def isolate(self, isolate_id: int) -> Isolate:
        """GoneError when there is none of this number, or no longer."""
        for host in self.all:
            if isolate_id in host.isolates:
                return host.isolates[isolate_id]
        cause = f"isolate {isolate_id} is unknown or has ended"
        raise GoneError("Find the isolate", cause, "Choose one that is listed.")

    def place(self, wanted: Place, limit_bytes: int) -> Supervisor:
        """The host for a new isolate. UsageError for an unknown one, LimitError for one without room."""
        if wanted == "own":
            return self._start(alone=True)
        if wanted == "shared":
            shared = self._shared()
            host_id = choose((one.host.load() for one in shared), limit_bytes, self._most)
            return self._start(alone=False) if host_id is None else self._supervisors[host_id]
        supervisor = self._supervisors.get(wanted) if type(wanted) is int else None
        if supervisor is None or not supervisor.host.takes_isolates:
            raise UsageError("Create an isolate", f"there is no host process {wanted!r}", "Choose one that is listed.")
        host = supervisor.host
        if host.alone:
            cause = f"host process {host.letter} is for one isolate alone"
            raise UsageError("Create an isolate", cause, "Choose another.")
        why_not = refusal(host.load(), limit_bytes, self._most)
        if why_not:
            action = f"Create an isolate in host process {host.letter}"
            raise LimitError(action, why_not, "Choose another, or a new one.")
        return supervisor

    async def warm_up(self) -> None:
        """Start a shared host ahead of time, unless there is one. HostLostError when it did not come up."""
        shared = self._shared()
        await (shared[0] if shared else self._start(alone=False)).ready()

    def allow_starts(self) -> None:
        """Start hosts again after three losses stopped that."""
        self._restarts.allow()
        self._stop_told = False

    def close_empty(self) -> None:
        """A host of one isolate alone goes with it."""
        for supervisor in list(self._supervisors.values()):
            host = supervisor.host
            if host.alone and host.state is HostState.READY and host.load().isolates == 0:
                self._close_host(supervisor)

    def withdraw(self, isolate_id: int, supervisor: Supervisor) -> None:
        """An isolate did not come to life for its creator; what it had reserved is free again."""
        if isolate_id not in supervisor.host.isolates:
            supervisor.host.remove(isolate_id)
        if supervisor.host.alone and not supervisor.host.isolates:
            self._close_host(supervisor)

    def stop_replacing(self) -> None:
        """The pool is about to close: what is lost from now on stays lost."""
        self._closed = True
        for handle in self._replacements:
            handle.cancel()

    async def close(self) -> None:
        """End them all, by force after a grace time."""
        if self._early is not None:  # no host was ever asked for
            await asyncio.to_thread(self._early.discard)
            self._early = None
        await asyncio.gather(*(one.close() for one in list(self._supervisors.values())), *self._closings)

    # --- inside ---

    def _shared(self) -> list[Supervisor]:
        return [one for one in self._supervisors.values() if not one.host.alone and one.host.takes_isolates]

    def _start(self, *, alone: bool) -> Supervisor:
        if self._restarts.stopped:
            cause = "three host processes were lost within 30 s, so none is started any more"
            raise HostLostError("Start a host process", cause, "See why they ended, then allow starts again.")
        host_id = next(self._ids)
        host = Host(host_id, letter_of(host_id), alone=alone)
        early = None if alone else self._early
        supervisor = Supervisor(host, self._engine(), self._events, self._lost, early)
        self._early = self._early if alone else None
        self._supervisors[host_id] = supervisor
        supervisor.on_over(lambda: self._is_over(host_id))
        return supervisor

    def _is_over(self, host_id: int) -> None:
        self._supervisors.pop(host_id, None)
        if self._restarts.stopped and not self._stop_told and not self._closed:
            self._stop_told = True
            reason = "three host processes were lost within 30 s: no new one is started until that is allowed again"
            self._events.publish(PoolStopped(now_us(), reason))

    def _lost(self, supervisor: Supervisor) -> int | None:
        """A host was lost: when its replacement starts, in ms; None for none."""
        if supervisor.host.alone or self._closed:
            return None
        pause_ms = self._restarts.lost(now_us())
        if pause_ms == 0:
            self._replace()
        elif pause_ms is not None:
            self._replacements.add(asyncio.get_running_loop().call_later(pause_ms / 1000, self._replace))
        return pause_ms

    def _replace(self) -> None:
        """Start a shared host, unless an empty one is there already."""
        self._replacements = {handle for handle in self._replacements if not handle.cancelled()}
        if not self._closed and not self._restarts.stopped and all(one.host.isolates for one in self._shared()):
            self._start(alone=False)

    def _close_host(self, supervisor: Supervisor) -> None:
        task = asyncio.create_task(supervisor.close(), name=f"close host {supervisor.host.letter}")
        self._closings.add(task)
        task.add_done_callback(self._closings.discard)
