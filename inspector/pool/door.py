"""A pool in a background thread of its own, and the one door to it for every other thread."""

from __future__ import annotations

import concurrent.futures
from collections.abc import Coroutine
from typing import Any, TypeVar

from inspector.errors import EngineError
from inspector.pool.event_stream import Listener
from inspector.pool.host_start import EarlyHost
from inspector.pool.loop_thread import LoopThread
from inspector.pool.pool import Pool

__all__ = ["PoolDoor"]

T = TypeVar("T")


class PoolDoor:
    """`open` once, `submit` from any other thread, `close` once."""

    def __init__(
        self, *, engine: str = "auto", max_isolates_per_host: int = 64, early_host: EarlyHost | None = None
    ) -> None:
        """As `Pool`."""
        self.pool = Pool(engine=engine, max_isolates_per_host=max_isolates_per_host, early_host=early_host)
        self._thread = LoopThread()

    def open(self, listener: Listener | None = None, *, warm_up: bool = False) -> concurrent.futures.Future[None]:
        """Start the thread and open the pool there; `listener` is subscribed first and called on the pool's thread.

        The future resolves when the pool is open and, with `warm_up`, a host is ready.
        """
        self._thread.start()
        return self._thread.submit(self._open(listener, warm_up))

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Run a coroutine on the pool's loop. UsageError on that loop's own thread, before `open` and after `close`."""
        return self._thread.submit(coroutine)

    def close(self, timeout_s: float = 15) -> None:
        """Close the pool, then its thread; blocks. No process, thread or task is left. Idempotent.

        EngineError when that took longer than `timeout_s`; the thread is stopped all the same, its hosts killed.
        """
        if not self._thread.running:
            return
        try:
            self._thread.submit(self.pool.close()).result(timeout_s)
        except TimeoutError:
            raise EngineError("Close the pool", f"a host process did not end within {timeout_s:g} s") from None
        finally:
            self._thread.stop(timeout_s)

    async def _open(self, listener: Listener | None, warm_up: bool) -> None:
        if listener is not None:
            self.pool.subscribe(listener)
        await self.pool.open()
        if warm_up:
            await self.pool.warm_up()
