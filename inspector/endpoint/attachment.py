"""One attached debugger: its messages to the isolate's session, V8's words back, as fast as it reads. No socket here.

`Wire` is what a socket must do. Past `FULL_BYTES` that wait for the debugger, its own commands are not read either, so
that ten thousand of them cost what one buffer holds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from inspector.endpoint.patience import Patience
from inspector.endpoint.reading import SERVER_ERROR, Answer, failure, read_message
from inspector.errors import InspectorError
from inspector.pool import Isolate
from inspector.pool.foreign_session import ForeignSession, SessionReceiver

__all__ = ["FULL_BYTES", "Attachment", "Wire"]

FULL_BYTES = 256 << 10


class Wire(Protocol):
    """A WebSocket that is open."""

    def send(self, text: bytes) -> None: ...

    def unsent_bytes(self) -> int:
        """What it was given, and the system has not taken yet."""

    def listen(self, on: bool) -> None:
        """Whether to read what comes in."""

    def close(self, reason: str, *, at_once: bool = False) -> None:
        """Say why, and end; `at_once`: whoever doesn't read is not told."""


class Attachment:
    """Belongs to the pool's loop. `detach` and `take` come from the wire; `look` from a clock."""

    def __init__(self, isolate: Isolate, wire: Wire, client: str, waits: Callable[[], None]) -> None:
        """`waits` is called when something waits for the debugger to read. Raises GoneError, LinkError."""
        self._wire = wire
        self._waits = waits
        self._patience = Patience()
        self._listening = True
        self._sent = 0
        self.isolate_id = isolate.isolate_id
        self._session: ForeignSession = isolate.open_session(client, SessionReceiver(self._hear, self._closed))

    def take(self, text: bytes) -> None:
        """The debugger says something."""
        read = read_message(text)
        if isinstance(read, Answer):
            self._send(read.text)
            return
        try:
            self._session.send(read.id, read.method, read.params)
        except InspectorError as error:
            self._send(failure(read.id, SERVER_ERROR, str(error)).text)

    def look(self, now_s: float) -> None:
        """Several times a second while bytes wait, and whenever the wire has drained."""
        unsent = self._wire.unsent_bytes()
        self._note_read(unsent)
        if not self._patience.look(now_s, self._sent - unsent, unsent):
            self.close("it did not read for 10 s", at_once=True)
        elif self._listening != (unsent <= FULL_BYTES):
            self._listening = not self._listening
            self._wire.listen(self._listening)

    def detach(self, reason: str) -> None:
        """The debugger has left."""
        self._session.close(reason)

    def close(self, reason: str, *, at_once: bool = False) -> None:
        """Send it away."""
        self._wire.close(reason, at_once=at_once)
        self._session.close(reason)

    @property
    def waits(self) -> bool:
        """Whether it has not read all that it was told."""
        return self._wire.unsent_bytes() > 0

    def _hear(self, text: bytes) -> None:
        self._send(text)
        self._note_read(self._wire.unsent_bytes())

    def _note_read(self, unsent: int) -> None:
        read = self._session.unread - unsent
        if read > 0:
            self._session.read(read)

    def _send(self, text: bytes) -> None:
        self._sent += len(text)
        self._wire.send(text)
        unsent = self._wire.unsent_bytes()
        if unsent:
            self._waits()
        if self._listening and unsent > FULL_BYTES:
            self._listening = False
            self._wire.listen(False)

    def _closed(self, reason: str) -> None:
        self._wire.close(reason)
