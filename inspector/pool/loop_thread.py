"""One background thread with one plain asyncio loop: the one door between threads.

Other threads hand over coroutines with `submit` and get a future. The loop's own thread is refused: it would wait for
itself. `stop` cancels what still runs, waits for it, and leaves no task and no thread.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from inspector.errors import EngineError, UsageError

__all__ = ["LoopThread"]

T = TypeVar("T")

log = logging.getLogger(__name__)


class LoopThread:
    """Start once, stop once."""

    def __init__(self, name: str = "pool") -> None:
        self._name = name
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self._lock = threading.Lock()  # guards _open and the hand-over of work against `stop`
        self._open = False

    @property
    def running(self) -> bool:
        """Whether `submit` is taken."""
        return self._open

    def start(self) -> None:
        """Start the thread; returns when its loop runs. UsageError when it was started before."""
        if self._thread is not None:
            raise UsageError(f"Start the {self._name} thread", "it was started before", "Make a new one.")
        self._thread = threading.Thread(target=self._main, name=self._name, daemon=True)
        self._thread.start()
        self._ready.wait()
        self._open = True

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Run `coroutine` on the loop. UsageError from the loop's own thread, before `start` and after `stop`."""
        try:
            with self._lock:
                return asyncio.run_coroutine_threadsafe(coroutine, self._usable("Submit a coroutine"))
        except UsageError:
            coroutine.close()
            raise

    def call_soon(self, function: Callable[..., object], *args: object) -> None:
        """Call `function` on the loop. Refused as `submit` is."""
        with self._lock:
            self._usable("Call a function").call_soon_threadsafe(function, *args)

    def stop(self, timeout_s: float = 10) -> None:
        """Cancel what still runs and end the thread. Idempotent. EngineError when it did not end in time."""
        thread, loop = self._thread, self._loop
        if thread is None or loop is None:
            return
        if threading.current_thread() is thread:
            raise UsageError(f"Stop the {self._name} thread", "it can't wait for itself", "Call from another thread.")
        with self._lock:
            if self._open:
                self._open = False
                loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout_s)
        if thread.is_alive():
            cause = f"something on its loop did not end within {timeout_s:g} s"
            raise EngineError(f"Stop the {self._name} thread", cause)

    def _usable(self, action: str) -> asyncio.AbstractEventLoop:
        loop = self._loop
        if not self._open or loop is None:
            raise UsageError(f"{action} on the {self._name} thread", "it does not run")
        if threading.current_thread() is self._thread:
            cause = "the caller is on that thread itself and would wait for itself"
            raise UsageError(f"{action} on the {self._name} thread", cause, "Await it directly.")
        return loop

    def _main(self) -> None:
        loop = asyncio.new_event_loop()
        self._loop = loop
        asyncio.set_event_loop(loop)
        loop.call_soon(self._ready.set)
        try:
            loop.run_forever()
            _cancel_all(loop)
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
        finally:
            asyncio.set_event_loop(None)
            loop.close()


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    """Cancel every task and wait until each has cleaned up behind itself."""
    tasks = asyncio.all_tasks(loop)
    if not tasks:
        return
    for task in tasks:
        task.cancel()
    results = loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    for result in results:
        if isinstance(result, Exception):
            log.error("A task failed while its loop was stopped", exc_info=result)
