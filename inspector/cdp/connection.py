"""The private link's WebSocket (picows), both ends: the pool listens and admits one caller, the host dials back.

The pool's end:  listener = await listen(secret, receiver); connection = await listener.accept(timeout_s)
The host's end:  connection = await dial(port, secret, receiver)

Only 127.0.0.1 is bound. A caller without the right `Authorization: Bearer <secret>` is answered 401 and changes
nothing; the first right one is admitted and the listener closes. One message is one frame; one above
`MAX_MESSAGE_BYTES` is refused where it is sent. All calls belong to the loop in which the connection was made.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Callable
from http import HTTPStatus

import picows
from msgspec import Struct

from inspector.errors import LimitError, LinkError

__all__ = ["MAX_MESSAGE_BYTES", "Closed", "Connection", "Listener", "Receiver", "dial", "listen"]

MAX_MESSAGE_BYTES = 1 << 30  # a source of 200 MB as JSON, escaped, fits
_CLOSE_PATIENCE_S = 1.0  # for the other end to answer a close before the socket is cut
_TEXT = picows.WSMsgType.TEXT
_BINARY = picows.WSMsgType.BINARY
_CLOSE = picows.WSMsgType.CLOSE

# picows tells of every connect, refused caller and disconnect; what matters of it is in `Closed` and in our errors.
_QUIET = logging.getLogger("picows.link")
_QUIET.setLevel(logging.CRITICAL)


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


class Connection(picows.WSListener):
    """One end of the link. Messages go out in the order of the calls."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._transport: picows.WSTransport | None = None
        self._full = False  # the socket's buffer is past its high-water mark
        self._closing = ""  # our reason, once we asked for the end
        self._closed: asyncio.Future[Closed] = asyncio.get_running_loop().create_future()

    @property
    def full(self) -> bool:
        """Whether the socket takes no more for now; `Receiver.writable` tells when it does again."""
        return self._full

    @property
    def is_open(self) -> bool:
        return self._transport is not None and not self._closing and not self._closed.done()

    def send_text(self, message: bytes) -> None:
        """Send UTF-8 JSON. Raises LinkError when closed, LimitError when above `MAX_MESSAGE_BYTES`."""
        self._send(_TEXT, message)

    def send_binary(self, message: bytes) -> None:
        """Send a binary frame. Raises as `send_text` does."""
        self._send(_BINARY, message)

    def close(self, reason: str = "") -> None:
        """Send what is buffered, say goodbye, end. Idempotent; `wait_closed` tells when it is done."""
        if self._transport is None or self._closing or self._closed.done():
            return
        self._closing = reason or "closed on request"
        self._transport.send_close(picows.WSCloseCode.OK, self._closing.encode()[:120])
        asyncio.get_running_loop().call_later(_CLOSE_PATIENCE_S, self._transport.disconnect, False)

    def abort(self) -> None:
        """End at once; what is buffered is lost."""
        if self._transport is not None:
            self._closing = self._closing or "cut on request"
            self._transport.disconnect(False)

    async def wait_closed(self) -> Closed:
        """Wait for the end, whoever wanted it."""
        return await asyncio.shield(self._closed)

    def _send(self, kind: picows.WSMsgType, message: bytes) -> None:
        if not self.is_open or self._transport is None:
            raise LinkError("Send a message over the link", "it is closed")
        if len(message) > MAX_MESSAGE_BYTES:
            cause = f"it has {len(message)} bytes; at most {MAX_MESSAGE_BYTES} fit"
            raise LimitError("Send a message over the link", cause)
        self._transport.send(kind, message)

    # --- called by picows ---

    def on_ws_connected(self, transport: picows.WSTransport) -> None:
        self._transport = transport

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        if frame.msg_type == _CLOSE:
            self._hear_close(transport, frame)
        elif not frame.fin:
            raise picows.WSProtocolError(picows.WSCloseCode.PROTOCOL_ERROR, "fragmented message")
        elif frame.msg_type == _TEXT:
            self._receiver.text(frame.get_payload_as_bytes())
        elif frame.msg_type == _BINARY:
            self._receiver.binary(frame.get_payload_as_bytes())

    def on_ws_disconnected(self, transport: picows.WSTransport) -> None:
        if self._closed.done():
            return
        handshake = transport.close_handshake
        if self._closing:
            closed = Closed("us", self._closing)
        elif handshake is not None and handshake.recv is not None and handshake.recv_then_sent:
            closed = Closed("them", handshake.recv.reason or f"code {int(handshake.recv.code.value)}")
        elif handshake is not None and handshake.sent is not None:
            closed = Closed("us", handshake.sent.reason or "the other end broke the protocol")
        else:
            closed = Closed("loss", "the connection broke without a word")
        self._closed.set_result(closed)
        self._receiver.closed(closed)

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False
        self._receiver.writable()

    def _hear_close(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        if not self._closing:
            transport.send_close(frame.get_close_code(), frame.get_close_message())
        transport.disconnect()


class Listener:
    """The pool's end before the host has called: one port on 127.0.0.1, one secret, one right caller."""

    def __init__(self, secret: str, receiver: Receiver) -> None:
        self._expected = f"Bearer {secret}".encode()
        self._admitted: asyncio.Future[Connection] = asyncio.get_running_loop().create_future()
        self._receiver = receiver
        self._server: asyncio.Server | None = None
        self.port = 0  # known once open
        self.refused = 0  # callers turned away

    async def open(self) -> None:
        self._server = await picows.ws_create_server(
            self._route,
            "127.0.0.1",
            0,
            websocket_handshake_timeout=5,
            logger_name=_QUIET,
            max_frame_size=MAX_MESSAGE_BYTES,
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def accept(self, timeout_s: float) -> Connection:
        """Wait for the right caller, then close the listener. Raises LinkError when nobody came in time."""
        try:
            return await asyncio.wait_for(asyncio.shield(self._admitted), timeout_s)
        except TimeoutError:
            cause = f"the host did not call back within {timeout_s:g} s ({self.refused} other callers were refused)"
            raise LinkError("Wait for the host process", cause) from None
        finally:
            self.close()

    def close(self) -> None:
        """Stop listening; an admitted connection lives on. Idempotent."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def _route(
        self, request: picows.WSUpgradeRequest
    ) -> picows.WSListener | picows.WSUpgradeResponseWithListener | None:
        given = request.headers.get("Authorization", "").encode("utf-8", "replace")
        if self._admitted.done() or not hmac.compare_digest(given, self._expected):
            self.refused += 1
            refusal = picows.WSUpgradeResponse.create_error_response(HTTPStatus.UNAUTHORIZED)
            return picows.WSUpgradeResponseWithListener(refusal, None)
        return _Admitted(self._receiver, self._admitted)


class _Admitted(Connection):
    """The pool's connection: tells the listener once the handshake is through."""

    def __init__(self, receiver: Receiver, admitted: asyncio.Future[Connection]) -> None:
        super().__init__(receiver)
        self._admitted = admitted

    def on_ws_connected(self, transport: picows.WSTransport) -> None:
        super().on_ws_connected(transport)
        if self._admitted.done():  # another right caller was quicker
            self.abort()
        else:
            self._admitted.set_result(self)


async def listen(secret: str, receiver: Receiver) -> Listener:
    """Open a port of its own on 127.0.0.1 for one host. `accept` it, or `close` it."""
    listener = Listener(secret, receiver)
    await listener.open()
    return listener


async def dial(port: int, secret: str, receiver: Receiver, timeout_s: float = 5) -> Connection:
    """Call the pool. Raises LinkError when nobody listens or the secret is refused."""
    connection = Connection(receiver)
    try:
        await picows.ws_connect(
            lambda: connection,
            f"ws://127.0.0.1:{port}/",
            websocket_handshake_timeout=timeout_s,
            logger_name=_QUIET,
            max_frame_size=MAX_MESSAGE_BYTES,
            max_redirects=0,
            proxy=None,
            extra_headers={"Authorization": f"Bearer {secret}"},
        )
    except (OSError, picows.WSError, TimeoutError) as error:
        raise LinkError(f"Call the pool at port {port}", f"{error or type(error).__name__}") from error
    return connection
