"""The host's end of the link: three lanes out, credit, and how much of each isolate waits.

The express lane (answers to `Host.*`, samples, heartbeats) goes first. The session lane is one ordered stream of all
isolates; it stops while the pool has more than `CREDIT_BYTES` of it unacknowledged or the socket is full. What counts
against the credit is the whole frame of every text message with a `sessionId`, in bytes. The bulk lane (copies of
values, binary frames) goes last, with a credit of its own.
"""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from inspector.cdp.connection import Connection
from inspector.errors import LimitError, LinkError
from inspector.host.json_text import dump

__all__ = ["BULK_BYTES", "CREDIT_BYTES", "Link", "Waiting"]

CREDIT_BYTES = 16 << 20
BULK_BYTES = 8 << 20
_BATCH_BYTES = 64 << 10  # of one frame that holds several messages, a line each
_ANSWER = re.compile(rb'\{(?:"sessionId":"[^"]*",)?"id":(\d+),')


class Waiting:
    """Bytes of one isolate between V8 and the socket. `accepted` is written by its V8 thread, `sent` by the loop."""

    __slots__ = ("accepted", "sent")

    def __init__(self) -> None:
        self.accepted = 0
        self.sent = 0

    @property
    def bytes(self) -> int:
        return self.accepted - self.sent


class Link:
    """Where everything that leaves the host goes out. Belongs to the loop, but for `post_at_once`."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # of the lanes and their credit
        self._connection: Connection | None = None
        self._credit = CREDIT_BYTES
        self._express: deque[tuple[bool, bytes]] = deque()  # (is text, message), only while the socket is full
        self._session: deque[tuple[bytes, bool, Waiting | None, int]] = deque()  # message, counts, whose, its bytes
        self._bulk: deque[Iterator[bytes]] = deque()  # of each copy the frames that are still to be made
        self._bulk_credit = BULK_BYTES
        self._held = False
        self.lost_messages = 0  # above the size limit and nobody's answer

    def attach(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def full(self) -> bool:
        """Whether the socket takes no more for now: samples coalesce meanwhile."""
        return self._connection is None or self._connection.full

    @property
    def drained(self) -> bool:
        return not self._express and not self._session

    # --- out: the express lane ---

    def answer(self, command_id: int | None, result: Any) -> None:
        """Answer a command to the host itself."""
        self._send_express(True, dump({"id": command_id, "result": result}))

    def refuse(self, command_id: int | None, code: int, message: str, session: str = "") -> None:
        """Answer a command, of the host or of a session, with JSON-RPC's error."""
        reply = {"id": command_id, "error": {"code": code, "message": message}}
        if session:
            self.post(dump({"sessionId": session, **reply}))  # first: by that the pool knows a foreign session's ids
        else:
            self._send_express(True, dump(reply))

    def tell(self, method: str, params: Any) -> None:
        """An event of the host itself."""
        self._send_express(True, dump({"method": method, "params": params}))

    def binary(self, message: bytes) -> None:
        self._send_express(False, message)

    # --- out: the session lane ---

    def tell_in_order(self, method: str, params: Any) -> None:
        """An event of the host itself that must not overtake what isolates said before."""
        self._enqueue(dump({"method": method, "params": params}), False, None, 0)

    def post(self, message: bytes, waiting: Waiting | None = None, size: int = 0) -> None:
        """A session's message, whole. `size` bytes are taken off `waiting` once it is out."""
        self._enqueue(message, True, waiting, size)

    def post_at_once(self, messages: Sequence[bytes]) -> bool:
        """On any thread: send a session's messages in one frame, unless something waits before them; did they go?"""
        size = sum(map(len, messages))
        if size > _BATCH_BYTES:
            return False
        with self._lock:
            if self._connection is None or self._session or self._express or self._credit <= 0:
                return False
            if not self._connection.send_text_at_once(b"\n".join(messages)):
                return False
            self._credit -= size
            return True

    def grant(self, count: int) -> None:
        """The pool has consumed `count` bytes of session messages."""
        with self._lock:
            self._credit = min(CREDIT_BYTES, self._credit + count)
        self.pump()

    def bulk(self, frames: Iterator[bytes]) -> None:
        """Send binary frames, each made when it may go, behind everything else."""
        self._bulk.append(frames)
        self.pump()

    def grant_bulk(self, count: int) -> None:
        """The pool has consumed `count` bytes of bulk frames."""
        self._bulk_credit = min(BULK_BYTES, self._bulk_credit + count)
        self.pump()

    def pump(self) -> None:
        """Send what may go: after a grant, and when a full socket has drained."""
        connection = self._connection
        if connection is None or not connection.is_open:
            return
        with self._lock:
            while self._express and not connection.full:
                is_text, message = self._express.popleft()
                self._put_out(connection, is_text, message)
            while not connection.full and (batch := self._next_batch()):
                self._put_out(connection, True, batch[0] if len(batch) == 1 else b"\n".join(batch))
        while self._bulk and self._bulk_credit > 0 and not connection.full:
            message = next(self._bulk[0], b"")
            if not message:
                self._bulk.popleft()
                continue
            self._bulk_credit -= len(message)
            self._put_out(connection, False, message)

    def hold(self) -> None:
        """Until `let_go`, the session lane only gathers: an answer and what came before it go out as one frame."""
        self._held = True

    def let_go(self) -> None:
        self._held = False
        if self._session:
            self.pump()

    def _next_batch(self) -> list[bytes]:
        """What goes out as the next frame: small messages together, a large one alone; [] when nothing may go."""
        batch: list[bytes] = []
        total = 0
        while self._session:
            message, counts, waiting, size = self._session[0]
            if (counts and self._credit <= 0) or (batch and total + len(message) > _BATCH_BYTES):
                break
            self._session.popleft()
            if counts:
                self._credit -= len(message)
            if waiting is not None:
                waiting.sent += size
            batch.append(message)
            total += len(message)
        return batch

    def _enqueue(self, message: bytes, counts: bool, waiting: Waiting | None, size: int) -> None:
        with self._lock:
            self._session.append((message, counts, waiting, size))
            if not self._held and (len(self._session) == 1 or self._credit > 0):
                self.pump()

    def _send_express(self, is_text: bool, message: bytes) -> None:
        connection = self._connection
        if connection is None or not connection.is_open:
            return
        with self._lock:
            if self._express or connection.full:
                self._express.append((is_text, message))
            else:
                self._put_out(connection, is_text, message)

    def _put_out(self, connection: Connection, is_text: bool, message: bytes) -> None:
        try:
            if is_text:
                connection.send_text(message)
            else:
                connection.send_binary(message)
        except LimitError as error:
            self._apologise(connection, message, str(error))
        except LinkError:
            return  # it closed between two messages; `closed` ends the process

    def _apologise(self, connection: Connection, message: bytes, cause: str) -> None:
        """In place of a message that is too large: an error to whoever waits for it, else a count."""
        answer = _ANSWER.match(message)
        if answer is None:
            self.lost_messages += 1
            self.tell("Host.samplesDropped", {"what": "messages above the size limit", "count": self.lost_messages})
            return
        reply: dict[str, Any] = {"id": int(answer[1]), "error": {"code": -32000, "message": cause}}
        if message.startswith(b'{"sessionId":"'):
            reply["sessionId"] = message[14 : message.index(b'"', 14)].decode()
        connection.send_text(dump(reply))
