"""The endpoint's sockets (picows): HTTP answers, WebSockets as wires. Decides nothing: `guard` and `Attachment` do."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import cast

import picows

from inspector.endpoint.guard import Request

__all__ = ["MOST_MESSAGE_BYTES", "Ears", "Route", "Socket", "answer", "listen", "refuse"]

MOST_MESSAGE_BYTES = 16 << 20  # from a debugger, all fragments together; what V8 says has no bound
HANDSHAKE_S = 5.0
_CLOSE_PATIENCE_S = 1.0
_HIGH_WATER, _LOW_WATER = 256 << 10, 64 << 10
_MOST_REASON = 120  # bytes; a close frame holds 123
_TEXT, _BINARY = picows.WSMsgType.TEXT, picows.WSMsgType.BINARY
_CONTINUATION, _CLOSE = picows.WSMsgType.CONTINUATION, picows.WSMsgType.CLOSE
_QUIET = logging.getLogger("picows.endpoint")
_QUIET.setLevel(logging.CRITICAL)  # it tells of every connect and refusal

Route = Callable[[Request], picows.WSListener | picows.WSUpgradeResponseWithListener]


class Ears:
    """Who hears a socket. `opened` may refuse with the reason; `closed` comes once, last."""

    def opened(self, socket: Socket) -> str:
        raise NotImplementedError

    def heard(self, text: bytes) -> None:
        raise NotImplementedError

    def drained(self) -> None:
        raise NotImplementedError

    def closed(self, reason: str) -> None:
        raise NotImplementedError


class Socket(picows.WSListener):
    """One WebSocket, a `Wire`."""

    def __init__(self, ears: Ears) -> None:
        self._ears = ears
        self._transport: picows.WSTransport | None = None
        self._fragments: list[bytes] = []
        self._fragments_bytes = 0
        self._closing = ""

    # --- the wire ---

    def send(self, text: bytes) -> None:
        if self._transport is not None and not self._closing:
            self._transport.send(_TEXT, text)

    def unsent_bytes(self) -> int:
        return self._under().get_write_buffer_size() if self._is_up() else 0

    def listen(self, on: bool) -> None:
        if self._is_up():
            self._under().resume_reading() if on else self._under().pause_reading()

    def close(self, reason: str, *, at_once: bool = False) -> None:
        """Idempotent."""
        if self._transport is None or self._closing:
            return
        self._closing = reason or "closed"
        if at_once:
            self._under().abort()
            return
        words = self._closing.encode()[:_MOST_REASON].decode("utf-8", "ignore").encode()
        self._transport.send_close(picows.WSCloseCode.GOING_AWAY, words)
        self.listen(True)  # its own close is waited for
        asyncio.get_running_loop().call_later(_CLOSE_PATIENCE_S, self._cut)

    def _cut(self) -> None:
        if self._is_up():
            self._under().abort()

    def _is_up(self) -> bool:
        return self._transport is not None and not self._transport.is_disconnected

    def _under(self) -> asyncio.Transport:
        assert self._transport is not None
        return self._transport.underlying_transport

    # --- called by picows ---

    def on_ws_connected(self, transport: picows.WSTransport) -> None:
        self._transport = transport
        self._under().set_write_buffer_limits(high=_HIGH_WATER, low=_LOW_WATER)
        refusal = self._ears.opened(self)
        if refusal:
            self.close(refusal)

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        if frame.msg_type == _CLOSE:
            if not self._closing:
                transport.send_close(frame.get_close_code(), frame.get_close_message())
            transport.disconnect()
        elif self._closing:
            return
        elif frame.msg_type == _BINARY:
            raise picows.WSProtocolError(picows.WSCloseCode.UNSUPPORTED_DATA, "binary message")
        elif frame.msg_type in (_TEXT, _CONTINUATION):
            self._take(frame)

    def on_ws_disconnected(self, transport: picows.WSTransport) -> None:
        self._fragments.clear()
        self._ears.closed(self._closing or "the debugger has left")

    def pause_writing(self) -> None:
        """The buffer is past its high-water mark: `Attachment` sees to that by the buffer's size."""

    def resume_writing(self) -> None:
        self._ears.drained()

    def _take(self, frame: picows.WSFrame) -> None:
        """A frame is a message, or a part of one."""
        if (frame.msg_type == _CONTINUATION) != bool(self._fragments):
            raise picows.WSProtocolError(picows.WSCloseCode.PROTOCOL_ERROR, "a fragment out of order")
        payload = frame.get_payload_as_bytes()
        if frame.fin and not self._fragments:
            self._ears.heard(payload)
            return
        self._fragments.append(payload)
        self._fragments_bytes += len(payload) + 64  # of Python, so that empty ones count too
        if self._fragments_bytes > MOST_MESSAGE_BYTES:
            raise picows.WSProtocolError(picows.WSCloseCode.MESSAGE_TOO_BIG, "message too big")
        if frame.fin:
            whole, self._fragments, self._fragments_bytes = b"".join(self._fragments), [], 0
            self._ears.heard(whole)


async def listen(host: str, port: int, route: Route) -> asyncio.Server:
    """Open the port. Raises OSError."""

    def serve(request: picows.WSUpgradeRequest) -> picows.WSListener | picows.WSUpgradeResponseWithListener:
        return route(_read(request))

    return await picows.ws_create_server(
        serve,
        host,
        port,
        websocket_handshake_timeout=HANDSHAKE_S,
        logger_name=_QUIET,
        max_frame_size=MOST_MESSAGE_BYTES,
    )


def answer(body: bytes) -> picows.WSUpgradeResponseWithListener:
    """A JSON document."""
    headers = {
        "Content-Type": "application/json; charset=UTF-8",
        "Cache-Control": "no-cache",
        "Connection": "close",
        "X-Content-Type-Options": "nosniff",
    }
    return picows.WSUpgradeResponseWithListener(picows.WSUpgradeResponse.create_ok_response(body, headers), None)


def refuse(status: HTTPStatus, words: str) -> picows.WSUpgradeResponseWithListener:
    headers = {"Content-Type": "text/plain; charset=UTF-8", "Connection": "close"}
    response = picows.WSUpgradeResponse.create_error_response(status, f"{words}\n".encode(), headers)
    return picows.WSUpgradeResponseWithListener(response, None)


def _read(request: picows.WSUpgradeRequest) -> Request:
    headers = request.headers
    return Request(
        method=_text(request.method),
        path=_text(request.path),
        hosts=tuple(headers.getall("Host", ())),
        origins=tuple(headers.getall("Origin", ())),
        upgrade="websocket" in headers.get("Upgrade", "").lower(),
    )


def _text(words: object) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else cast("str", words)
