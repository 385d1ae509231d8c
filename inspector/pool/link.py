"""The pool's end of one host's link: commands with answers, notifications by session, binary batches, credit.

Everything is called on the pool's loop. Nothing raises into the socket: what can't be read is told once per cause.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from inspector.cdp.connection import Connection, Receiver
from inspector.cdp.message import Notification, encode_notification
from inspector.cdp.session import Done, Session
from inspector.errors import HostLostError, InspectorError, LinkError
from inspector.pool.copy_frames import CopyFrames
from inspector.wire import FRAME_HEADER, KIND_COPY, LINK_VERSION

__all__ = ["HostLink"]

_CREDIT_STEP = 1 << 20  # bytes consumed before they are granted again: 16 times smaller than the host's window

log = logging.getLogger(__name__)

_TURN_S = 0.008  # of one turn of the loop goes to a host's messages

_FOREIGN = re.compile(rb'\{"sessionId":"(i[0-9]+\.[0-9]+)",')  # how the host names a foreign session

Notified = Callable[[Notification], None]


class HostLink:
    """One connection, shared by all isolates of a host. Its owner sets the `on_...` callbacks before it connects."""

    def __init__(self) -> None:
        self.on_host: Notified = lambda _: None  # notifications without a session
        self.on_records: Callable[[int, bytes], None] = lambda _kind, _records: None
        self.on_problem: Callable[[str], None] = lambda _: None  # a message could not be read; told once per cause
        self.on_closed: Callable[[str], None] = lambda _: None
        self._session = Session()
        self._connection: Connection | None = None
        self._routes: dict[str, Notified] = {}
        self._foreign: dict[bytes, Callable[[bytes], None]] = {}
        self._inbox: deque[bytes] = deque()  # bounded by the credit: what waits here is not granted again
        self._turn_ends = 0.0  # 0.0: no message has come in this turn of the loop
        self._consumed = 0
        self._problems: set[str] = set()
        self.copies = CopyFrames(self, self._send_binary, self._is_full)

    def receiver(self) -> Receiver:
        """What `Listener.accept` needs."""
        return Receiver(
            text=self._text,
            binary=self._binary,
            closed=lambda closed: self.on_closed(closed.reason),
            writable=self.copies.writable,
        )

    def attach(self, connection: Connection) -> None:
        """The host has called."""
        self._connection = connection

    def route(self, session_id: str, notified: Notified | None) -> None:
        """Where the notifications of a flat session go; None: nowhere any more."""
        if notified is None:
            self._routes.pop(session_id, None)
        else:
            self._routes[session_id] = notified

    def route_foreign(self, session_id: str, heard: Callable[[bytes], None] | None) -> None:
        """Where the messages of a foreign debugger's session go, as V8 wrote them; None: nowhere any more."""
        if heard is None:
            self._foreign.pop(session_id.encode(), None)
        else:
            self._foreign[session_id.encode()] = heard

    def pass_on(self, session_id: str, text: bytes) -> None:
        """A foreign debugger's message, a JSON object without `sessionId`. Raises what closed the link, LinkError."""
        if self._session.closed is not None:
            raise self._session.closed
        self._send(b'{"sessionId":"' + session_id.encode() + b'",' + text[1:])

    async def command(
        self, method: str, params: Mapping[str, Any] | None = None, session_id: str = ""
    ) -> Mapping[str, Any]:
        """Ask, and wait for the answer. ProtocolError, GoneError, LinkError. Cancelling drops the answer."""
        answer: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()

        def done(result: Mapping[str, Any] | InspectorError) -> None:
            if answer.done():
                return
            if isinstance(result, InspectorError):
                answer.set_exception(result)
            else:
                answer.set_result(result)

        command_id = self.ask(method, params, session_id, done)
        try:
            return await answer
        except asyncio.CancelledError:
            self._session.withdraw(command_id)
            raise

    def ask(self, method: str, params: Mapping[str, Any] | None, session_id: str, done: Done) -> int:
        """Ask; `done` is called in the order of the stream. Raises what closed the link, LinkError, LimitError."""
        command_id, data = self._session.command(method, params, session_id, done)
        try:
            self._send(data)
        except InspectorError:
            self._session.forget(command_id)
            raise
        return command_id

    def tell(self, method: str, params: Mapping[str, Any], session_id: str = "") -> None:
        """Say something that wants no answer; dropped when the link has ended."""
        if self._session.closed is None and self._connection is not None and self._connection.is_open:
            self._send(encode_notification(method, params, session_id))

    def end_session(self, session_id: str, error: InspectorError) -> None:
        """A flat session is over: its commands get `error`."""
        self.route(session_id, None)
        self._session.end(session_id, error)

    def fail(self, error: InspectorError) -> None:
        """The host is gone: what it said last is heard out, then every command gets `error`, and so do later ones."""
        while self._inbox:
            self._take(self._inbox.popleft())
        self._session.close(error)
        self.copies.close(error)
        if self._connection is not None:
            self._connection.abort()

    def _send(self, data: bytes) -> None:
        self._open().send_text(data)

    def _send_binary(self, data: bytes) -> None:
        self._open().send_binary(data)

    def _is_full(self) -> bool:
        return self._connection is not None and self._connection.is_open and self._connection.full

    def _open(self) -> Connection:
        if self._connection is None:
            raise LinkError("Send to the host process", "it has not called back yet")
        if not self._connection.is_open:  # for the moment until its loss has been looked into
            raise HostLostError("Send to the host process", "the connection to it has ended")
        return self._connection

    def _text(self, text: bytes) -> None:
        """A message came. Those of a burst wait in line once the loop's turn is used up, so that it never stalls."""
        now = time.perf_counter()
        if self._turn_ends == 0.0:
            self._turn_ends = now + _TURN_S
            asyncio.get_running_loop().call_soon(self._next_turn)
        for message in text.split(b"\n") if b"\n" in text else (text,):  # a frame of several has a line for each
            if self._inbox or now > self._turn_ends:
                self._inbox.append(message)
            else:
                self._take(message)

    def _next_turn(self) -> None:
        self._turn_ends = 0.0
        if self._inbox:
            self._turn_ends = time.perf_counter() + _TURN_S
            asyncio.get_running_loop().call_soon(self._next_turn)
            while self._inbox and time.perf_counter() < self._turn_ends:
                self._take(self._inbox.popleft())

    def _take(self, text: bytes) -> None:
        foreign = _FOREIGN.match(text)
        if foreign is not None:
            self._take_foreign(foreign[1], b"{" + text[foreign.end() :])
            self._grant(len(text))  # its own window is what holds a foreign session back
            return
        counts = True  # towards the credit; what can't be read is granted back too, or the stream would starve
        try:
            message = self._session.receive(text)
            counts = bool(message.session_id)
            if isinstance(message, Notification):
                self._deliver(message)
        except InspectorError as error:
            self._problem(error.cause.split(";", 1)[0], error)
        except Exception as error:  # our own fault: one message is lost, the host's other isolates must not be
            log.exception("A message of a host process could not be handled")
            self._problem(type(error).__name__, error)
        if counts:
            self._grant(len(text))

    def _take_foreign(self, session_id: bytes, text: bytes) -> None:
        heard = self._foreign.get(session_id)
        if heard is None:
            return  # the debugger has left
        try:
            heard(text)
        except Exception as error:  # our own fault: one message is lost, the others must not be
            log.exception("A message for a foreign debugger could not be passed on")
            self._problem(type(error).__name__, error)

    def _deliver(self, notification: Notification) -> None:
        if not notification.session_id:
            self.on_host(notification)
            return
        notified = self._routes.get(notification.session_id)
        if notified is not None:  # else: words of an isolate that is gone, which its end has told
            notified(notification)

    def _grant(self, size: int) -> None:
        self._consumed += size
        if self._consumed >= _CREDIT_STEP:
            granted, self._consumed = self._consumed, 0
            self.tell("Host.grantCredit", {"bytes": granted})

    def _binary(self, message: bytes) -> None:
        if len(message) < FRAME_HEADER.size:
            self._problem("short frame", LinkError("Read a batch", f"it has {len(message)} bytes only"))
            return
        kind, version, _, _ = FRAME_HEADER.unpack_from(message)
        if version != LINK_VERSION:
            self._problem("version", LinkError("Read a batch", f"its version is {version}, not {LINK_VERSION}"))
            return
        try:
            records = message[FRAME_HEADER.size :]
            if kind == KIND_COPY:
                self.copies.arrived(records)
            else:
                self.on_records(kind, records)
        except Exception as error:
            self._problem(type(error).__name__, error)

    def _problem(self, key: str, error: Exception) -> None:
        if key not in self._problems:
            self._problems.add(key)
            self.on_problem(str(error) if isinstance(error, InspectorError) else f"{type(error).__name__}: {error}")
