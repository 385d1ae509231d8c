"""The private link's socket, both ends: the pool listens and admits one caller, the host dials back.

The pool's end:  listener = await listen(secret, receiver); connection = await listener.accept(timeout_s)
The host's end:  connection = await dial(port, secret, receiver)

Only 127.0.0.1 is bound. A caller's first frame is the secret; one without it is cut off without a word and changes
nothing. The first right one is admitted and the listener closes. One message is one frame; one above
`MAX_MESSAGE_BYTES` is refused where it is sent. All calls but `send_text_at_once` belong to the loop in which the
connection was made.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import os
import threading
from collections.abc import Callable
from typing import cast

from msgspec import Struct

from inspector.cdp.frames import MAX_MESSAGE_BYTES, FrameError, FrameReader, Kind, header
from inspector.errors import LimitError, LinkError

__all__ = ["MAX_MESSAGE_BYTES", "Closed", "Connection", "Listener", "Receiver", "dial", "listen"]

_CLOSE_PATIENCE_S = 1.0  # for the other end to answer a close before the socket is cut
_SECRET_PATIENCE_S = 5.0  # for a caller's first frame
_MAX_SECRET_BYTES = 256
_JOIN_BELOW = 16 * 1024  # bytes: a shorter message is copied behind its header, to go out in one call
_MAX_REASON_BYTES = 120

log = logging.getLogger(__name__)


class Closed(Struct, frozen=True):
    """How a connection ended. `by`: "us", "them", or "loss" when it broke without a word."""

    by: str
    reason: str


class Receiver(Struct, frozen=True):
    """Where a connection delivers, on its loop. `closed` comes once, last; `writable` when a full socket drained."""

    text: Callable[[bytes], None]
    binary: Callable[[bytes], None]
    closed: Callable[[Closed], None]
    writable: Callable[[], None] = lambda: None


class Connection(asyncio.BufferedProtocol):
    """One end of the link. Messages go out in the order of the calls."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._loop = asyncio.get_running_loop()
        self._reader = FrameReader()
        self._transport: asyncio.Transport | None = None
        self._full = False  # the socket's buffer is past its high-water mark
        self._out = threading.Lock()  # of what is written, and of the three below
        self._descriptor = -1  # the socket's, where another thread may write to it; -1: none may
        self._rest = b""  # what the socket did not take of a message that went at once
        self._admitted: asyncio.Future[bool] = self._loop.create_future()
        self._discards = False  # what still comes can't be read, or is not wanted
        self._ending: Closed | None = None  # what `Closed` will say, once an end has a cause
        self._closed: asyncio.Future[Closed] = self._loop.create_future()
        self._cut: asyncio.TimerHandle | None = None

    @property
    def full(self) -> bool:
        """Whether the socket takes no more for now; `Receiver.writable` tells when it does again."""
        return self._full

    @property
    def is_open(self) -> bool:
        return self._transport is not None and self._ending is None and not self._closed.done()

    def send_text(self, message: bytes) -> None:
        """Send UTF-8 JSON. Raises LinkError when closed, LimitError when above `MAX_MESSAGE_BYTES`."""
        self._send(Kind.TEXT, message)

    def send_text_at_once(self, message: bytes) -> bool:
        """On any thread: send as `send_text` does, unless something waits before it; whether it goes.

        Saves what it takes to wake the loop and to be handed the interpreter there, 0.2 ms. False on Windows.
        """
        with self._out:
            if self._descriptor < 0 or self._rest or not self.is_open or self._transport is None:
                return False
            if self._transport.get_write_buffer_size():
                return False
            frame = header(Kind.TEXT, len(message)) + message
            try:
                sent = os.write(self._descriptor, frame)
            except OSError:  # full, or broken, of which the loop hears
                return False
            if sent < len(frame):
                self._rest = frame[sent:]
                with contextlib.suppress(RuntimeError):  # the loop is closed: the process ends
                    self._loop.call_soon_threadsafe(self._write_rest)
            return True

    def send_binary(self, message: bytes) -> None:
        """Send a binary frame. Raises as `send_text` does."""
        self._send(Kind.BINARY, message)

    def close(self, reason: str = "") -> None:
        """Send what is buffered, say goodbye, end. Idempotent; `wait_closed` tells when it is done."""
        if self.is_open:
            self._begin_close(Closed("us", reason or "closed on request"))

    def abort(self) -> None:
        """End at once; what is buffered is lost."""
        if self._transport is not None:
            self._ending = self._ending or Closed("us", "cut on request")
            self._transport.abort()

    async def wait_closed(self) -> Closed:
        """Wait for the end, whoever wanted it."""
        return await asyncio.shield(self._closed)

    async def authenticate(self, secret: str) -> bool:
        """Send the secret, once connected; tells whether the listener admits us."""
        self._write(Kind.SECRET, secret.encode())
        return await asyncio.shield(self._admitted)

    def _send(self, kind: Kind, message: bytes) -> None:
        if not self.is_open or self._transport is None:
            raise LinkError("Send a message over the link", "it is closed")
        if len(message) > MAX_MESSAGE_BYTES:
            cause = f"it has {len(message)} bytes; at most {MAX_MESSAGE_BYTES} fit"
            raise LimitError("Send a message over the link", cause)
        self._write(kind, message)

    def _write(self, kind: Kind, message: bytes) -> None:
        assert self._transport is not None
        with self._out:
            self._write_begun(self._transport)
            if len(message) < _JOIN_BELOW:
                self._transport.write(header(kind, len(message)) + message)
            else:
                self._transport.write(header(kind, len(message)))
                self._transport.write(memoryview(message))

    def _write_rest(self) -> None:
        with self._out:
            if self._transport is not None and not self._closed.done():
                self._write_begun(self._transport)

    def _write_begun(self, transport: asyncio.Transport) -> None:
        if self._rest:
            transport.write(self._rest)
            self._rest = b""

    def _begin_close(self, closed: Closed) -> None:
        """Our last frame; the other end answers it, or is cut off."""
        self._ending = closed
        self._write(Kind.CLOSE, closed.reason.encode("utf-8", "replace")[:_MAX_REASON_BYTES])
        self._cut = self._loop.call_later(_CLOSE_PATIENCE_S, self.abort)

    # --- called by asyncio ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        if os.name == "posix":
            self._descriptor = transport.get_extra_info("socket").fileno()

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._reader.get_buffer()

    def buffer_updated(self, nbytes: int) -> None:
        if self._discards:
            return
        try:
            for kind, message in self._reader.buffer_updated(nbytes):
                self._take(kind, message)
        except FrameError as error:
            self._give_up(f"the other end broke the protocol: {error}")
        except Exception:
            log.exception("A message of the link could not be taken")
            self._give_up("a message could not be taken")

    def connection_lost(self, exc: Exception | None) -> None:
        with self._out:
            self._descriptor = -1  # asyncio closes the socket next, and the system may give its number away
        if self._cut is not None:
            self._cut.cancel()
        self._reader = FrameReader()  # a large message that came half is not kept
        closed = self._ending or Closed("loss", "the connection broke without a word")
        if not self._admitted.done():
            self._admitted.set_result(False)
        self._closed.set_result(closed)
        if self._admitted.result():
            self._receiver.closed(closed)

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False
        self._receiver.writable()

    def _take(self, kind: Kind, message: bytes) -> None:
        if not self._admitted.done():
            self._authenticated(kind, message)
        elif kind is Kind.TEXT:
            self._receiver.text(message)
        elif kind is Kind.BINARY:
            self._receiver.binary(message)
        elif kind is Kind.CLOSE:
            self._hear_close(message)
        else:
            raise FrameError(f"a {kind.name} frame after the first")

    def _authenticated(self, kind: Kind, message: bytes) -> None:
        """The first frame: at the host's end, that it is admitted."""
        if kind is not Kind.ADMITTED or message:
            raise FrameError(f"a first frame of kind {kind.name}")
        self._admitted.set_result(True)

    def _hear_close(self, reason: bytes) -> None:
        assert self._transport is not None
        if self._ending is None:
            self._ending = Closed("them", reason.decode("utf-8", "replace"))
            self._write(Kind.CLOSE, reason)
        self._transport.close()  # once what is buffered has gone

    def _give_up(self, reason: str) -> None:
        self._discards = True
        self._reader = FrameReader()
        if not self._admitted.done():
            self.abort()
        elif self.is_open:
            self._begin_close(Closed("us", reason))


class _Caller(Connection):
    """The pool's end of a connection: whoever has called. It is admitted for the secret, or cut off."""

    def __init__(self, receiver: Receiver, listener: Listener) -> None:
        super().__init__(receiver)
        self._listener = listener
        self._reader.limit = _MAX_SECRET_BYTES
        self._patience = self._loop.call_later(_SECRET_PATIENCE_S, self.abort)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._listener.pending.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._no_longer_pending()
        self._listener.refused += not self._admitted.done()
        super().connection_lost(exc)

    def _authenticated(self, kind: Kind, message: bytes) -> None:
        if kind is not Kind.SECRET or not self._listener.admit(self, message):
            raise FrameError("no secret, or not the right one")
        self._no_longer_pending()
        self._reader.limit = MAX_MESSAGE_BYTES
        self._write(Kind.ADMITTED, b"")
        self._admitted.set_result(True)

    def _no_longer_pending(self) -> None:
        self._patience.cancel()
        self._listener.pending.discard(self)


class Listener:
    """The pool's end before the host has called: one port on 127.0.0.1, one secret, one right caller."""

    def __init__(self, secret: str, receiver: Receiver) -> None:
        self._secret = secret.encode()
        self._receiver = receiver
        self._caller: asyncio.Future[Connection] = asyncio.get_running_loop().create_future()
        self._server: asyncio.Server | None = None
        self.pending: set[Connection] = set()  # callers that have not sent the secret yet
        self.port = 0  # known once open
        self.refused = 0  # callers turned away

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Caller(self._receiver, self), "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def admit(self, caller: Connection, secret: bytes) -> bool:
        """Whether `caller` is the first with the right secret."""
        if self._caller.done() or not hmac.compare_digest(secret, self._secret):
            return False
        self._caller.set_result(caller)
        return True

    async def accept(self, timeout_s: float) -> Connection:
        """Wait for the right caller, then close the listener. Raises LinkError when nobody came in time."""
        try:
            return await asyncio.wait_for(asyncio.shield(self._caller), timeout_s)
        except TimeoutError:
            cause = f"the host did not call back within {timeout_s:g} s ({self.refused} other callers were refused)"
            raise LinkError("Wait for the host process", cause) from None
        finally:
            self.close()

    def close(self) -> None:
        """Stop listening, cut off pending callers; an admitted connection lives on. Idempotent."""
        if self._server is not None:
            self._server.close()
            self._server = None
            for caller in self.pending:
                caller.abort()


async def listen(secret: str, receiver: Receiver) -> Listener:
    """Open a port of its own on 127.0.0.1 for one host. `accept` it, or `close` it."""
    listener = Listener(secret, receiver)
    await listener.open()
    return listener


async def dial(port: int, secret: str, receiver: Receiver, timeout_s: float = 5) -> Connection:
    """Call the pool. Raises LinkError when nobody listens or the secret is refused."""
    connection = Connection(receiver)
    action = f"Call the pool at port {port}"
    try:
        async with asyncio.timeout(timeout_s):
            await asyncio.get_running_loop().create_connection(lambda: connection, "127.0.0.1", port)
            admitted = await connection.authenticate(secret)
    except (OSError, TimeoutError) as error:
        connection.abort()
        raise LinkError(action, str(error) or type(error).__name__) from error
    if not admitted:
        raise LinkError(action, "it did not admit us: another was first, or the secret is wrong")
    return connection
