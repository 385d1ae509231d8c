"""What waits between the pool's thread and the window: bounded, ordered, and honest about what it drops.

Heap samples and console lines come without end, so each has a budget; when one is passed the older half of that
kind goes and an event in its place says how many. Everything else is a command's echo, bounded by the commands, and
is never dropped.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence

from inspector.events import (
    BytesDropped,
    ConsoleDropped,
    ConsoleWritten,
    Event,
    ExceptionThrown,
    GcBatchArrived,
    SampleBatchArrived,
)
from inspector.wire import GC, SAMPLE

__all__ = ["MAX_CONSOLE", "MAX_FIGURE_BYTES", "EventQueue"]

MAX_CONSOLE = 20_000  # console lines
MAX_FIGURE_BYTES = 8_000_000  # sample and GC records, about 58,000 samples

_CONSOLE = (ConsoleWritten, ExceptionThrown)
_FIGURES = (SampleBatchArrived, GcBatchArrived)


class EventQueue:
    """`put` on the pool's thread, `take` on the GUI's. The lock is held for a list append, or once in a while for a
    sweep.
    """

    def __init__(self, *, max_console: int = MAX_CONSOLE, max_figure_bytes: int = MAX_FIGURE_BYTES) -> None:
        self._lock = threading.Lock()
        self._events: list[Event] = []
        self._max_console = max_console
        self._max_figure_bytes = max_figure_bytes
        self._console = 0
        self._figure_bytes = 0
        self.wake: Callable[[], object] = lambda: None  # called on the pool's thread

    def __len__(self) -> int:
        return len(self._events)

    def put(self, event: Event) -> None:
        """Queue one event; its reader is woken when the queue was empty."""
        with self._lock:
            first = not self._events
            self._events.append(event)
            if isinstance(event, _CONSOLE):
                self._console += 1
                if self._console > self._max_console:
                    self._drop_console()
            elif isinstance(event, _FIGURES):
                self._figure_bytes += len(event.records)
                if self._figure_bytes > self._max_figure_bytes:
                    self._drop_figures()
        if first:
            self.wake()

    def take(self, limit: int) -> Sequence[Event]:
        """At most `limit` events from the front, in order."""
        with self._lock:
            taken = self._events[:limit]
            del self._events[:limit]
            if self._events:
                self._console -= sum(isinstance(event, _CONSOLE) for event in taken)
                self._figure_bytes -= sum(len(event.records) for event in taken if isinstance(event, _FIGURES))
            else:
                self._console = self._figure_bytes = 0
        return taken

    def _drop_console(self) -> None:
        surplus = self._console - self._max_console // 2
        kept: list[Event] = []
        dropped: Counter[int] = Counter()
        for event in self._events:
            if surplus and isinstance(event, _CONSOLE):
                dropped[event.isolate_id] += 1
                surplus -= 1
                continue
            if isinstance(event, ConsoleDropped) and event.isolate_id in dropped:
                dropped[event.isolate_id] += event.count
                continue
            kept.append(event)
        at_us = self._events[0].at_us
        self._events = [*(ConsoleDropped(at_us, one, count) for one, count in dropped.items()), *kept]
        self._console = self._max_console // 2

    def _drop_figures(self) -> None:
        surplus = self._figure_bytes - self._max_figure_bytes // 2
        kept: list[Event] = []
        dropped: Counter[tuple[int, str]] = Counter()
        for event in self._events:
            if surplus > 0 and isinstance(event, _FIGURES):
                surplus -= len(event.records)
                self._figure_bytes -= len(event.records)
                samples = isinstance(event, SampleBatchArrived)
                what, size = ("samples", SAMPLE.size) if samples else ("gc events", GC.size)
                dropped[event.host_id, what] += len(event.records) // size
                continue
            kept.append(event)
        at_us = self._events[0].at_us
        told = (BytesDropped(at_us, host_id, what, count) for (host_id, what), count in dropped.items())
        self._events = [*told, *kept]
