"""The pool's one stream of events: in order, to every subscriber, whatever one of them does."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable

from msgspec import Struct

from inspector.events import Event, ProblemReported
from inspector.target.clock import now_us

__all__ = ["EventStream", "Listener"]

Listener = Callable[[Event], None]

log = logging.getLogger(__name__)


class _Subscriber(Struct, eq=False):
    listener: Listener
    since: int  # the first event it hears; what came before is in its replay
    failed: bool = False  # told once, or the telling itself would loop


class EventStream:
    """Called on the pool's loop alone. What a listener publishes waits until all have heard the present event."""

    def __init__(self) -> None:
        self._subscribers: list[_Subscriber] = []
        self._waiting: deque[Event] = deque()
        self._delivering = False
        self._published = 0
        self._delivered = 0

    def subscribe(self, listener: Listener, replay: Iterable[Event] = ()) -> Callable[[], None]:
        """Add a listener, after telling it `replay`. Returns what ends the subscription (idempotent)."""
        subscriber = _Subscriber(listener, self._published)
        self._subscribers.append(subscriber)
        for event in replay:
            self._tell(subscriber, event)
        self._drain()

        def unsubscribe() -> None:
            if subscriber in self._subscribers:
                self._subscribers.remove(subscriber)

        return unsubscribe

    def publish(self, event: Event) -> None:
        """Tell every listener, in the order of their subscription."""
        self._published += 1
        self._waiting.append(event)
        self._drain()

    def _drain(self) -> None:
        if self._delivering:
            return
        self._delivering = True
        try:
            while self._waiting:
                event = self._waiting.popleft()
                for subscriber in tuple(self._subscribers):
                    if subscriber.since <= self._delivered and subscriber in self._subscribers:
                        self._tell(subscriber, event)
                self._delivered += 1
        finally:
            self._delivering = False

    def _tell(self, subscriber: _Subscriber, event: Event) -> None:
        try:
            subscriber.listener(event)
        except Exception as error:  # a subscriber's fault must not reach the pool or the others
            log.exception("A subscriber failed on %s", type(event).__name__)
            if not subscriber.failed:
                subscriber.failed = True
                cause = f"a subscriber failed on {type(event).__name__} ({type(error).__name__}: {error})"
                remedy = "It stays subscribed; its further failures are in the log alone."
                self._published += 1
                self._waiting.append(ProblemReported(now_us(), "error", "Deliver an event", cause, remedy))
