"""The thread of one isolate: an event loop, and a line of jobs that are served one after another."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Awaitable, Callable

from msgspec import Struct

__all__ = ["Job", "Worker"]

log = logging.getLogger(__name__)


class Job(Struct, frozen=True):
    """`work` runs on the isolate's thread; `abandon` is called there instead when the isolate ends first."""

    work: Callable[[], Awaitable[None]]
    abandon: Callable[[], None] | None = None


class Worker:
    """`post` and `soon` may be called from any thread, also before `start`; the rest belongs to the worker's thread."""

    def __init__(self, name: str) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._main: Callable[[], Awaitable[None]] | None = None
        self._jobs: deque[Job] = deque()
        self._waiting: asyncio.Future[None] | None = None
        self._closing = False
        self._lock = threading.Lock()
        self._ended = False  # guarded by the lock: the loop takes no calls any more

    def start(self, main: Callable[[], Awaitable[None]]) -> None:
        """Run `main` on the thread; it calls `serve`."""
        self._main = main
        self._thread.start()

    def soon(self, call: Callable[..., None], *args: object) -> bool:
        """`call` on the thread, between two steps of what it does: also while JavaScript runs. False: it has ended."""
        with self._lock:
            if self._ended:
                return False
            self.loop.call_soon_threadsafe(call, *args)
            return True

    def post(self, work: Callable[[], Awaitable[None]], abandon: Callable[[], None] | None = None) -> None:
        """Serve `work` behind what is in line."""
        if not self.soon(self._add, Job(work, abandon)) and abandon is not None:
            abandon()

    def _add(self, job: Job) -> None:
        if self._closing:
            if job.abandon is not None:
                job.abandon()
            return
        self._jobs.append(job)
        self._wake()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def serve(self) -> None:
        """Serve jobs until `close`."""
        while not self._closing:
            if self._jobs:
                await self._do(self._jobs.popleft())
                continue
            self._waiting = self.loop.create_future()
            await self._waiting
            self._waiting = None

    async def _do(self, job: Job) -> None:
        try:
            await job.work()
        except Exception:
            if not self._closing:  # an isolate that is closed under its job's hands ends it with any error
                log.exception("a job on an isolate's thread failed")
            if job.abandon is not None:
                job.abandon()

    def close(self) -> None:
        """Take no more jobs: those in line are abandoned, and `serve` returns when the one under way has ended."""
        self._closing = True
        left, self._jobs = list(self._jobs), deque()
        for job in left:
            if job.abandon is not None:
                job.abandon()
        self._wake()

    async def refuse(self) -> None:
        """Take no calls any more; those that were taken are served before this returns."""
        with self._lock:
            self._ended = True
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread's end; False when it goes on."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        assert self._main is not None
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_until_complete(_as_coroutine(self._main))
        except Exception:
            log.exception("the thread of an isolate failed")
        finally:
            with self._lock:
                self._ended = True
            self.loop.close()


async def _as_coroutine(main: Callable[[], Awaitable[None]]) -> None:
    await main()
