"""One deadline per isolate: the scripts' timers live in the isolate's own heap, the host only wakes it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from inspector.host.clock import loop_time

__all__ = ["Deadline"]


class Deadline:
    """Calls `fire` when the latest deadline set has come."""

    def __init__(self, loop: asyncio.AbstractEventLoop, fire: Callable[[], None]) -> None:
        self._loop = loop
        self._fire = fire
        self._handle: asyncio.TimerHandle | None = None

    def set(self, at_us: int | None) -> None:
        """Replace the deadline; None: there is none."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
        if at_us is not None:
            self._handle = self._loop.call_at(loop_time(at_us), self._come)

    def _come(self) -> None:
        self._handle = None
        self._fire()
