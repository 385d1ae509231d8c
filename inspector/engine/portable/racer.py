"""One `MiniRacer` on its isolate's own event loop: evaluation, its interruption, limits, statistics.

Belongs to that loop's thread. Calls of mini-racer that wait for V8 (`heap_stats`, `low_memory_notification`, access to
an object) go to a short-lived thread, after a fence was served: on the loop they would hold it, and with it every stop,
for as long as JavaScript runs; and an isolate that is closed while such a call waits is never freed.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from py_mini_racer import MiniRacer

from inspector.errors import EngineError

__all__ = ["Interrupted", "Racer", "Unconvertible"]

T = TypeVar("T")
# mini-racer counts garbage that no full collection has seen yet, and ends the script without one: with the hard limit
# at the asked one, scripts that keep 40 MB died of a limit of 64 MiB. So V8 is told to collect harder early, and what
# runs is ended at twice the limit; `Turns` judges by a full collection what stays between the two.
_SOFT_SHARE = 0.75
_HARD_FACTOR = 2
_CALL_S = 3.0  # how long a close waits for a call that is inside V8: they return in milliseconds
_HALVES = re.compile("[\ud800-\udfff]")  # of surrogate pairs: as escapes they mean the same, but to String.raw


class Interrupted(Exception):
    """The evaluation was ended by `Racer.interrupt`."""


class Unconvertible(Exception):
    """The script has run, but mini-racer can't hand its value over (a BigInt, an invalid date, half a character)."""


class _Plain(MiniRacer):
    """Without mini-racer's own setTimeout: its constructor evaluates that before any of ours could run."""

    _is_made = False

    def __init__(self) -> None:
        super().__init__()
        self._is_made = True

    def eval(self, code: str, *args: Any, **named: Any) -> Any:
        return super().eval(code, *args, **named) if self._is_made else None


class Racer:
    """Make and close it on the thread of the running loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._on_loop_error)
        self._racer = _Plain()
        self._running: asyncio.Task[Any] | None = None
        self._failure: BaseException | None = None
        self._is_ending = False  # what the user's turn evaluates next is not begun
        self._calls: set[threading.Thread] = set()  # inside V8 now
        self.closed = False

    async def evaluate(self, code: str) -> Any:
        """The value as mini-racer converts it. Raises JSEvalException, Interrupted, Unconvertible."""
        if self.closed or self._is_ending:
            raise Interrupted
        self._failure = None
        if not code.isascii() and _HALVES.search(code):  # it goes to V8 as UTF-8, which has none
            code = _HALVES.sub(lambda half: f"\\u{ord(half[0]):04x}", code)
        self._running = task = self._loop.create_task(self._racer.eval_cancelable(code))
        try:
            return await task
        except asyncio.CancelledError:
            if self._failure is not None:
                raise Unconvertible(str(self._failure)) from self._failure
            raise Interrupted from None
        finally:
            self._running = None

    def post(self, code: str) -> asyncio.Task[Any]:
        """Evaluate `code` behind whatever V8 does now; nobody needs to wait for it."""
        return self._loop.create_task(self._racer.eval_cancelable(code))

    def interrupt(self) -> None:
        """End the evaluation under way: V8 terminates it. None begins until `resume`."""
        self._is_ending = True
        if self._running is not None:
            self._running.cancel()

    def resume(self) -> None:
        """What was interrupted is over."""
        self._is_ending = False

    def _on_loop_error(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """mini-racer 0.14.1 raises in a callback when it can't convert a value, and its future would wait for ever."""
        error = context.get("exception")
        if error is not None and self._running is not None:
            self._failure = error
            self._running.cancel()

    async def blocking(self, call: Callable[[], T]) -> T:
        """`call` on a thread of its own: only after V8 has served something, so that it returns soon."""
        if self.closed:
            raise Interrupted
        future: asyncio.Future[T] = self._loop.create_future()

        def settle(set_it: Callable[[Any], None], value: Any) -> None:
            if not future.done():
                set_it(value)

        def work() -> None:
            try:
                result = call()
            except BaseException as error:
                self._settle(settle, future.set_exception, error)
            else:
                self._settle(settle, future.set_result, result)
            finally:
                self._calls.discard(threading.current_thread())

        thread = threading.Thread(target=work, name="v8-call", daemon=True)
        self._calls.add(thread)
        thread.start()
        return await future

    def _settle(self, settle: Callable[..., None], set_it: Callable[[Any], None], value: Any) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(settle, set_it, value)

    # --- memory ---

    def arm(self, limit_bytes: int) -> None:
        """Have V8 end what runs when any collection leaves twice this; 0: no limit. Forgets an earlier hit."""
        self._racer.set_soft_memory_limit(int(limit_bytes * _SOFT_SHARE))
        self._racer.set_hard_memory_limit(limit_bytes * _HARD_FACTOR)

    def squeeze(self) -> None:
        """Have V8 end what runs at its next collection: the only lever on microtasks that never end."""
        self._racer.set_hard_memory_limit(1)

    @property
    def limit_was_hit(self) -> bool:
        return self._racer.was_hard_memory_limit_reached()

    @property
    def is_near_limit(self) -> bool:
        """The last collection left more than three quarters of the limit, garbage included."""
        return self._racer.was_soft_memory_limit_reached()

    async def heap_stats(self) -> dict[str, int]:
        """V8's figures; costs 0.4-1 ms and 96 kB of garbage in the heap. EngineError when V8 has none to give."""
        try:
            stats = await self.blocking(self._racer.heap_stats)
        except ValueError as error:  # it answers an empty text while the heap is over its limit
            raise EngineError("read heap statistics", "V8 gave none") from error
        return dict(stats)

    async def collect(self) -> None:
        await self.blocking(self._racer.low_memory_notification)

    @property
    def v8_version(self) -> str:
        return self._racer.v8_version

    def close(self) -> None:
        """Free the isolate, also while a script or its microtasks loop."""
        if not self.closed:
            self.closed = True
            if self._running is not None:
                self._running.cancel()
            for call in tuple(self._calls):  # freed under a collection V8 crashed the process
                call.join(_CALL_S)
            self._racer.close()
