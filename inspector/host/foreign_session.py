"""Sessions of foreign debuggers on one isolate: what V8 says to each waits here for the pool to grant bytes.

A debugger that reads slowly holds up nothing but itself. Its console lines are dropped by the engine past a bound, and
a heap snapshot, the one thing V8 says without end, waits on V8's own thread until there is room (the isolate does
nothing else meanwhile; the pool closes whoever does not read for 10 s). What else gathers past `MOST_WAITING_BYTES`
ends the session.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator

from inspector.host.link import Link, Waiting
from inspector.wire import FOREIGN_WINDOW_BYTES, foreign_session_id

__all__ = ["MOST_WAITING_BYTES", "ROOM_BYTES", "ForeignSession", "ForeignSessions"]

ROOM_BYTES = 2 * FOREIGN_WINDOW_BYTES  # past it a snapshot waits; above the window, or nothing would ever be granted
MOST_WAITING_BYTES = 64 << 20  # not counting the newest message, so that a single large answer passes
_SNAPSHOT = b'{"method":"HeapProfiler.addHeapSnapshotChunk"'
_LOOK_S = 0.1  # a V8 thread that waits looks this often by itself


class ForeignSession:
    """`accept` belongs to the isolate's V8 thread, the rest to the loop."""

    def __init__(self, isolate_id: int, number: int, link: Link, overflown: Callable[[int, str], None]) -> None:
        self.number = number
        self.waiting = Waiting()
        self._prefix = f'{{"sessionId":"{foreign_session_id(isolate_id, number)}",'.encode()
        self._link = link
        self._overflown = overflown
        self._queue: deque[bytes] = deque()
        self._credit = FOREIGN_WINDOW_BYTES
        self._closed = False
        self._room = threading.Condition()

    def accept(self, text: bytes) -> bool:
        """Whether a message is to be delivered; waits for room where it must."""
        if self._closed:
            return False
        if text.startswith(_SNAPSHOT) and self.waiting.bytes > ROOM_BYTES:
            with self._room:
                while self.waiting.bytes > ROOM_BYTES and not self._closed:
                    self._room.wait(_LOOK_S)
        self.waiting.accepted += len(text)
        return not self._closed

    def deliver(self, text: bytes) -> None:
        """In the order of `accept`."""
        if self._closed:
            return
        held = self.waiting.bytes - len(text)
        if held > MOST_WAITING_BYTES:
            self.close()
            self._overflown(self.number, f"{held} bytes waited for it to read")
            return
        self._queue.append(text)
        self._pump()

    def grant(self, count: int) -> None:
        """The debugger has read `count` bytes."""
        self._credit = min(FOREIGN_WINDOW_BYTES, self._credit + count)
        self._pump()
        with self._room:
            self._room.notify()

    def close(self) -> None:
        """Nothing is delivered any more, and nobody waits. Idempotent."""
        self._closed = True
        self._queue.clear()
        with self._room:
            self._room.notify()

    def _pump(self) -> None:
        while self._queue and self._credit > 0:
            text = self._queue.popleft()
            self._credit -= len(text)
            self._link.post(self._prefix + text[1:], self.waiting, len(text))


class ForeignSessions:
    """Those of one isolate, by number."""

    def __init__(self) -> None:
        self._open: dict[int, ForeignSession] = {}

    def __contains__(self, number: int) -> bool:
        return number in self._open

    def __iter__(self) -> Iterator[int]:
        return iter(tuple(self._open))

    def add(self, session: ForeignSession) -> None:
        self._open[session.number] = session

    def find(self, number: int) -> ForeignSession | None:
        """Any thread."""
        return self._open.get(number)

    def close(self, number: int) -> bool:
        """Whether it was open."""
        session = self._open.pop(number, None)
        if session is not None:
            session.close()
        return session is not None

    def close_all(self) -> None:
        for number in self:
            self.close(number)
