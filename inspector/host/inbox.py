"""The one door from other threads (V8's, the GC reader's) into the host's loop: in order, with one wake-up for many.

Price: `put` is an append and a flag test; a `call_soon_threadsafe` (a byte through a socket pair, 5 us, and both
threads fight for the interpreter then) happens only when the loop has not been woken yet. What nobody waits for, states
and samples and notifications, is put with `put_patiently`: after each sign of life the loop looks by itself once more,
so that `1+1` wakes it once, for its answer, and not four times.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Any

__all__ = ["Inbox"]

_LOOK_S = 0.004
_TURN = 500  # items served before the loop may do something else (about 5 ms of work)
_log = logging.getLogger(__name__)


class Inbox:
    """Calls that wait for the loop. `put` on any thread, everything else on the loop."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        begin: Callable[[], None] = lambda: None,
        end: Callable[[], None] = lambda: None,
    ) -> None:
        """`begin` and `end` are called around each turn of serving."""
        self._loop = loop
        self._begin = begin
        self._end = end
        self._calls: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self._woken = False
        self._will_look = False  # cleared before a look, so that who saw it set is seen by that look

    def put(self, function: Callable[..., None], *args: Any) -> None:
        """Have `function(*args)` called on the loop, after what was put before. Silent once the loop is closed."""
        self._calls.append((function, args))
        if not self._woken:
            self._woken = True  # two threads may both get here: one wake-up too many does no harm
            try:
                self._loop.call_soon_threadsafe(self.serve)
            except RuntimeError:
                return  # the loop is closed: the process ends

    def put_patiently(self, function: Callable[..., None], *args: Any) -> None:
        """The same, for what may wait some milliseconds."""
        if self._will_look:
            self._calls.append((function, args))
            if self._will_look:
                return
            self.put(_nothing)  # the look came in between, and may have missed it
        else:
            self.put(function, *args)

    def put_along(self, function: Callable[..., None], *args: Any) -> None:
        """The same, for what goes along with a `put` that follows for certain."""
        self._calls.append((function, args))

    def expect(self) -> None:
        """On the loop: something was asked for, so there will soon be something to serve."""
        if not self._will_look:
            self._will_look = True
            self._loop.call_later(_LOOK_S, self._look)

    def _look(self) -> None:
        self._will_look = False
        self.serve()

    def serve(self) -> None:
        """Call what waits, at most a turn of it."""
        self._woken = False  # before the first look, so that a later `put` wakes again
        if not self._calls:
            return
        self.expect()
        self._begin()
        try:
            self._serve_turn()
        finally:
            self._end()
        if self._calls and not self._woken:
            self._woken = True
            self._loop.call_soon(self.serve)

    def _serve_turn(self) -> None:
        for _ in range(_TURN):
            try:
                function, args = self._calls.popleft()
            except IndexError:
                return
            try:
                function(*args)
            except Exception:
                _log.exception("A call from another thread failed: %s", getattr(function, "__qualname__", function))


def _nothing() -> None:
    return None
