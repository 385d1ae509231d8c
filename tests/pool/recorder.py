"""A subscriber that keeps what it hears and can be waited on: tests wait for events, never for time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from inspector.events import Event

__all__ = ["Recorder"]

E = TypeVar("E", bound=Event)


class Recorder(list[Event]):
    """All events in order. Used on the pool's loop alone."""

    def __init__(self) -> None:
        super().__init__()
        self._waiters: list[tuple[Callable[[Event], bool], asyncio.Future[Event]]] = []

    def __call__(self, event: Event) -> None:
        self.append(event)
        for matches, future in self._waiters:
            if not future.done() and matches(event):
                future.set_result(event)

    def of(self, kind: type[E]) -> list[E]:
        """The events of one kind so far."""
        return [event for event in self if isinstance(event, kind)]

    async def heard(self, kind: type[E], matches: Callable[[E], bool] = lambda _: True, patience_s: float = 30) -> E:
        """The first event of this kind that matches: one heard already, or one to come."""
        for event in self.of(kind):
            if matches(event):
                return event
        return await self.next(kind, matches, patience_s)

    async def next(self, kind: type[E], matches: Callable[[E], bool] = lambda _: True, patience_s: float = 30) -> E:
        """The first event to come that matches."""
        future: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
        waiter = (lambda event: isinstance(event, kind) and matches(event), future)
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(patience_s):
                event = await future
        finally:
            self._waiters.remove(waiter)
        assert isinstance(event, kind)
        return event
