"""What V8 says in an isolate's standing session, on its way to the link.

An answer leaves on V8's own thread, with what V8 said before it, when nothing waits before them. Over the loop it takes
0.2 ms more, most of them until the loop is handed the interpreter. What nobody waits for goes along, or over the loop.
"""

from __future__ import annotations

import threading
from collections import deque

from inspector.host.link import Link, Waiting
from inspector.host.pending import Pending

__all__ = ["Outlet"]


class Outlet:
    """`keep` and `answer` belong to the isolate's V8 thread, `flush` and `post` to the loop."""

    def __init__(self, link: Link, prefix: bytes, pending: Pending) -> None:
        self._link = link
        self._prefix = prefix
        self._pending = pending
        self._lock = threading.Lock()
        self._kept: deque[bytes] = deque()
        self.waiting = Waiting()

    def keep(self, text: bytes) -> None:
        """A notification, until an answer follows or the loop has time: `flush` is to be called there."""
        self.waiting.accepted += len(text)
        self._kept.append(text)

    def answer(self, text: bytes) -> bool:
        """Send an answer, or what is as urgent, behind what was kept; False: it has to go over the loop."""
        with self._lock:
            if not self._link.post_at_once([self._prefix + one[1:] for one in (*self._kept, text)]):
                return False
            self.waiting.accepted -= sum(map(len, self._kept))
            self._kept.clear()
        self._pending.saw(text)
        return True

    def flush(self) -> None:
        """Send what was kept and has not gone along."""
        with self._lock:
            while self._kept:
                self.post(self._kept.popleft())

    def post(self, text: bytes) -> None:
        """Send what is counted as waiting."""
        self._pending.saw(text)
        self._link.post(self._prefix + text[1:], self.waiting, len(text))
