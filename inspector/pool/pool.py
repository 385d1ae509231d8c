"""The pool: all host processes and isolates of one program, one stream of events. Lives in one asyncio loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from inspector.errors import GoneError, UsageError
from inspector.events import Event, IsolateEnded, LimitHit, PoolStopped
from inspector.pool.birth import Order, give_birth
from inspector.pool.copy_store import MOST_BYTES, CopyStore
from inspector.pool.event_feed import EventFeed
from inspector.pool.event_stream import EventStream, Listener
from inspector.pool.external_copy import ExternalCopy, copy_from_python
from inspector.pool.folders import sweep_folders
from inspector.pool.host import Host
from inspector.pool.host_start import EarlyHost
from inspector.pool.hosts import Hosts
from inspector.pool.isolate import Isolate
from inspector.pool.journal import note
from inspector.pool.limit_policy import LimitPolicy
from inspector.pool.modules import real_folder
from inspector.pool.names import checked_name, free_name, memory_limit_bytes
from inspector.pool.outcomes import Limits, Time
from inspector.pool.prelude_files import Prelude, read_preludes, split_prelude
from inspector.pool.settings import ON_LIMIT, IsolateSettings, OnLimit, Place
from inspector.pool.supervisor import Supervisor
from inspector.target.clock import now_us

if TYPE_CHECKING:
    from inspector.engine.choice import EngineChoice

__all__ = ["Pool"]


def _choose_and_sweep(engine: str) -> EngineChoice:
    """What `open` does in a worker thread."""
    from inspector.engine.choice import choose as choose_engine

    chosen = choose_engine(engine)
    sweep_folders()
    return chosen


class Pool:
    """All calls belong to the loop in which it was opened; other threads go through `LoopThread` or `PoolDoor`."""

    def __init__(
        self,
        *,
        engine: str = "auto",
        max_isolates_per_host: int = 64,
        early_host: EarlyHost | None = None,
        most_external_bytes: int = MOST_BYTES,
    ) -> None:
        """`early_host`: a process that was started ahead of the pool; it becomes the first shared host.
        `most_external_bytes`: of all copies in transit.
        """
        if max_isolates_per_host < 1:
            raise UsageError("Set the isolates per host", f"{max_isolates_per_host} is too few", "Give it 1 or more.")
        self._wanted_engine = engine
        self._choice: EngineChoice | None = None
        self._choosing: asyncio.Future[EngineChoice] | None = None  # its self-test is a child process of ours
        self._events = EventStream()
        self._limits = LimitPolicy(self._replace_isolate, self._events.publish)
        self._events.subscribe(note)
        self._events.subscribe(self._watch)
        self._copies = CopyStore(self._events.publish, most_external_bytes)
        self._events.subscribe(self._copies.saw)
        self._hosts = Hosts(lambda: self.engine_choice, self._events, max_isolates_per_host, early_host)
        self._isolate_ids = count(1)
        self._run_ids = count(1)
        self._import_folders: list[Path] = []
        self._coming_names: set[str] = set()  # of isolates on their way
        self._closed: asyncio.Task[None] | None = None

    def __enter__(self) -> Pool:
        raise UsageError("Open the pool", "it opens and closes asynchronously", "Write `async with Pool() as pool:`.")

    def __exit__(self, *_: object) -> None:
        """For `with` to come as far as `__enter__`."""

    async def __aenter__(self) -> Pool:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # --- the pool itself ---

    async def open(self) -> None:
        """Choose the engine; its self-test takes a moment when its answer is not cached. EngineError if none works."""
        if self._closed is not None:
            raise GoneError("Open the pool", "it was closed", "Make a new one.")
        if self._choice is None:
            if self._choosing is None or self._choosing.done():
                self._choosing = asyncio.ensure_future(asyncio.to_thread(_choose_and_sweep, self._wanted_engine))
            self._choice = await asyncio.shield(self._choosing)

    async def warm_up(self) -> None:
        """Start a shared host ahead of time, unless there is one. HostLostError when it did not come up."""
        self._usable("Warm up")
        await self._hosts.warm_up()

    async def close(self) -> None:
        """End every host, by force after a grace time. No process is left, also with endless loops. Idempotent.

        Whoever stops waiting does not stop the closing.
        """
        if self._closed is None:
            self._hosts.stop_replacing()
            self._closed = asyncio.create_task(self._close(), name="close the pool")
        await asyncio.shield(self._closed)

    async def _close(self) -> None:
        if self._choosing is not None:  # whoever waited for it may have been cancelled
            await asyncio.wait([self._choosing])
            self._choosing.exception()
        await self._limits.close()
        await self._hosts.close()
        self._events.publish(PoolStopped(now_us(), "the pool was closed"))

    def allow_starts(self) -> None:
        """Start hosts again after three losses stopped that."""
        self._hosts.allow_starts()

    async def allow_imports(self, folder: Path) -> Path:
        """From now on modules of every isolate may also import files of `folder`; the real folder. UsageError for
        anything else.
        """
        real = await asyncio.to_thread(real_folder, folder)
        if real not in self._import_folders:
            self._import_folders.append(real)
        return real

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear every event from now on, after a replay of what lives, on the pool's loop. Returns what ends it."""
        replay: list[Event] = []
        for host in self._hosts.all:
            replay += host.replay()
            for isolate in host.isolates.values():
                replay += isolate.replay()
        return self._events.subscribe(listener, replay)

    def events(self) -> EventFeed:
        """All that lives and happens, to be read with `async for`; bounded, and a gap is told."""
        self._usable("Listen to the pool")
        return EventFeed(self)

    @property
    def engine_choice(self) -> EngineChoice:
        """Which engine hosts use, and why. UsageError before `open`."""
        if self._choice is None:
            raise UsageError("Read the choice of engine", "the pool is not open", "Open it first.")
        return self._choice

    @property
    def hosts(self) -> Mapping[int, Host]:
        """host_id -> those that start, live or stop, oldest first."""
        return self._hosts.live

    @property
    def isolates(self) -> Mapping[int, Isolate]:
        """isolate_id -> those that live, oldest first."""
        alive = {key: one for host in self.hosts.values() for key, one in host.isolates.items()}
        return MappingProxyType(dict(sorted(alive.items())))

    def isolate(self, isolate_id: int) -> Isolate:
        """GoneError when there is none of this number, or no longer."""
        return self._hosts.isolate(isolate_id)

    # --- values ---

    def external_copy(self, value: Any) -> ExternalCopy:
        """A Python value as a copy that enters any context, by the table in `inspector.clone`.

        CloneError with the path of what JavaScript has nothing for; LimitError above the cap.
        """
        return copy_from_python(self._copies, value)

    @property
    def total_external_bytes(self) -> int:
        """Of all copies that are held, each counted once for every process that holds it."""
        return self._copies.total_bytes

    @property
    def most_external_bytes(self) -> int:
        """The cap on that."""
        return self._copies.most_bytes

    def set_most_external_bytes(self, most_bytes: int) -> None:
        """Copies that are held already stay."""
        if most_bytes < 0:
            raise UsageError("Set the cap of values in transit", f"{most_bytes} bytes is too few", "Give it 0 or more.")
        self._copies.most_bytes = most_bytes

    # --- isolates ---

    async def create_isolate(
        self,
        *,
        name: str | None = None,
        memory_limit: str | int = "128 MiB",
        cpu_limit: Time = None,
        host: Place | Host = "shared",
        prelude: Prelude = "web",
        sample_rate_hz: float = 22,
        on_limit: OnLimit = "keep",
    ) -> Isolate:
        """A new isolate: in a host that has room ("shared"), in a process of its own ("own"), in this host.

        `cpu_limit`: of each run that names none itself; seconds, or words such as "1s".
        `prelude`: "web", "bare", JavaScript files of your own, or a list of these; they run in each new context first.
        `on_limit`: once a memory limit was hit and the run has settled, "keep" the isolate, "dispose" it, or "replace"
        it by a fresh one with the same settings, in which nothing is run unasked.

        UsageError for a bad limit, a name in use, an unknown host; SourceError for a prelude that can't be read,
        PreludeError for one that throws or does not end; LimitError when that host has no room; HostLostError when the
        host was lost before the isolate lived.
        """
        self._usable("Create an isolate")
        limit_bytes = memory_limit_bytes(memory_limit)
        prelude_name, files = split_prelude(prelude)
        if not 1 <= sample_rate_hz <= 100:
            raise UsageError("Create an isolate", f"{sample_rate_hz:g} samples per second is outside 1 to 100")
        if on_limit not in ON_LIMIT:
            cause = f'on_limit can\'t be "{on_limit}"'
            raise UsageError("Create an isolate", cause, f"Known: {', '.join(ON_LIMIT)}.")
        isolate_id = next(self._isolate_ids)
        taken = self._coming_names.union(one.name for one in self.isolates.values())
        name = free_name("isolate", isolate_id, taken) if name is None else checked_name(name, taken, "isolate")
        place = host.host_id if isinstance(host, Host) else host
        cpu_limit_s = Limits.read(None, cpu_limit).cpu_limit_s
        settings = IsolateSettings(name, limit_bytes, place, prelude_name, sample_rate_hz, on_limit, files, cpu_limit_s)
        return await self._create(isolate_id, settings)

    async def replace_isolate(self, isolate_id: int) -> Isolate:
        """Dispose an isolate and make one with the same settings and name; nothing is run in it unasked.

        GoneError when there is none of this number; what `create_isolate` raises when the new one can't be had.
        """
        return await self._replace_isolate(self.isolate(isolate_id), "replaced")

    async def _replace_isolate(self, isolate: Isolate, reason: str) -> Isolate:
        await isolate.dispose(reason)
        self._usable("Replace an isolate")
        settings = isolate.settings
        if settings.name in self._coming_names or any(one.name == settings.name for one in self.isolates.values()):
            raise UsageError("Replace an isolate", f'"{settings.name}" is in use by now', "Create one of another name.")
        if type(settings.host) is int and settings.host not in self.hosts:
            settings = replace(settings, host="shared")  # the host it was made in has ended since
        return await self._create(next(self._isolate_ids), settings, isolate.isolate_id)

    async def _create(
        self, isolate_id: int, settings: IsolateSettings, replaces_isolate_id: int | None = None
    ) -> Isolate:
        limit_bytes, name = settings.memory_limit_bytes, settings.name
        preludes = await asyncio.to_thread(read_preludes, settings.prelude_files) if settings.prelude_files else []
        supervisor = self._hosts.place(settings.host, limit_bytes)
        is_first = supervisor.host.reserve(isolate_id, limit_bytes)
        self._coming_names.add(name)
        try:
            started = await supervisor.ready()
            isolate = self._make(isolate_id, settings, supervisor)
            start_ms = started.start_ms if is_first else None
            order = Order(start_ms, supervisor.host.alone, replaces_isolate_id, tuple(preludes))
            await give_birth(isolate, supervisor.link, order)
        except BaseException:
            self._hosts.withdraw(isolate_id, supervisor)
            raise
        finally:
            self._coming_names.discard(name)
        return isolate

    def _make(self, isolate_id: int, settings: IsolateSettings, supervisor: Supervisor) -> Isolate:
        return Isolate(
            isolate_id,
            settings,
            host=supervisor.host,
            link=supervisor.link,
            events=self._events,
            run_ids=self._run_ids,
            copies=self._copies,
            import_folders=self._import_folders,
        )

    def _watch(self, event: Event) -> None:
        """Limits and ends have consequences."""
        if isinstance(event, LimitHit):
            isolate = self.isolates.get(event.isolate_id)
            if isolate is not None:
                self._limits.limit_hit(isolate, event)
        elif isinstance(event, IsolateEnded):
            self._hosts.close_empty()

    def _usable(self, action: str) -> None:
        if self._closed is not None:
            raise GoneError(action, "the pool was closed", "Make a new one.")
        if self._choice is None:
            raise UsageError(
                action, "the pool is not open", "Write `async with Pool() as pool:`, or `await pool.open()` first."
            )
