"""The pool's events as an asynchronous iterator: bounded, and a gap is told."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Protocol

from inspector.events import Event, EventsMissed, PoolStopped
from inspector.target.clock import now_us

__all__ = ["EventFeed"]

MOST = 10_000  # events that wait for a slow reader


class _Subscribes(Protocol):
    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]: ...


class EventFeed:
    """`async for event in pool.events()`: what lives, then all that happens, until the pool stops.

    Listens from the moment it is made until it is closed, left by `async with`, or forgotten. A reader that falls
    behind by 10,000 events loses the oldest, and gets `EventsMissed` in their place.
    """

    def __init__(self, pool: _Subscribes, most: int = MOST) -> None:
        self._most = most
        self._events: deque[Event] = deque()
        self._missed = 0
        self._over = False
        self._news = asyncio.Event()
        self._unsubscribe: Callable[[], None] = lambda: None
        self._unsubscribe = pool.subscribe(self._hear)
        if self._over:  # it was told of the pool's end at once
            self._unsubscribe()

    def __aiter__(self) -> EventFeed:
        return self

    async def __anext__(self) -> Event:
        while not self._events:
            if self._over:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        if self._missed:
            missed, self._missed = self._missed, 0
            return EventsMissed(now_us(), missed)
        return self._events.popleft()

    async def __aenter__(self) -> EventFeed:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hear nothing more; what waits can still be read. Idempotent."""
        self._unsubscribe()
        self._over = True
        self._news.set()

    def _hear(self, event: Event) -> None:
        if len(self._events) >= self._most:
            self._events.popleft()
            self._missed += 1
        self._events.append(event)
        self._news.set()
        if isinstance(event, PoolStopped) and event.reason == "the pool was closed":
            self.close()
