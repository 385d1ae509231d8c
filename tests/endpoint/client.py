"""A debugger for tests: a WebSocket client that asks, keeps what it hears, and can be waited on."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import picows

PATIENCE_S = 60.0
TEXT, CLOSE = picows.WSMsgType.TEXT, picows.WSMsgType.CLOSE


class Client(picows.WSListener):
    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.received_bytes = 0
        self.closed: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()
        self.transport: picows.WSTransport
        self._ids = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._changed = asyncio.Event()
        self._close = (0, "")

    # --- what a test does ---

    def send(self, text: bytes | str) -> None:
        self.transport.send(TEXT, text.encode() if isinstance(text, str) else text)

    def go_deaf(self) -> None:
        """Read no more; the system takes a little on its behalf."""
        under = self.transport.underlying_transport
        under.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 10)
        under.pause_reading()

    def ask(self, method: str, **params: Any) -> asyncio.Future[dict[str, Any]]:
        """The future is the whole answer; it is cancelled when the connection ends, or has ended."""
        command_id = next(self._ids)
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        if self.closed.done():
            future.cancel()
            return future
        self._answers[command_id] = future
        self.send(json.dumps({"id": command_id, "method": method, "params": params}))
        return future

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """The result. AssertionError for an error."""
        answer = await asyncio.wait_for(self.ask(method, **params), PATIENCE_S)
        assert "error" not in answer, answer
        return dict(answer["result"])

    async def event(
        self, method: str, where: Callable[[dict[str, Any]], bool] = lambda _: True, *, after: int = 0
    ) -> dict[str, Any]:
        """The params of the first such notification, now or later; `after`: leave out so many of the heard ones."""
        found = await self.until(
            lambda: [one for one in self.heard[after:] if one.get("method") == method and where(one["params"])]
        )
        return dict(found[0]["params"])

    def pauses(self) -> list[dict[str, Any]]:
        return [one for one in self.heard if one.get("method") == "Debugger.paused"]

    async def until(self, found: Callable[[], Any]) -> Any:
        async with asyncio.timeout(PATIENCE_S):
            while not (result := found()):
                self._changed.clear()
                await self._changed.wait()
            return result

    async def ended(self) -> tuple[int, str]:
        """Code and reason of the close; (0, "") when it broke without a word."""
        return await asyncio.wait_for(asyncio.shield(self.closed), PATIENCE_S)

    # --- called by picows ---

    def on_ws_connected(self, transport: picows.WSTransport) -> None:
        self.transport = transport

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        if frame.msg_type == CLOSE:
            self._close = (int(frame.get_close_code()), frame.get_close_message().decode())
            transport.send_close(frame.get_close_code())
            transport.disconnect()
        elif frame.msg_type == TEXT:
            message = json.loads(frame.get_payload_as_bytes())
            self.received_bytes += frame.payload_size
            self.heard.append(message)
            answer = self._answers.pop(message.get("id"), None)
            if answer is not None and not answer.done():
                answer.set_result(message)
        self._changed.set()

    def on_ws_disconnected(self, transport: picows.WSTransport) -> None:
        for answer in self._answers.values():
            answer.cancel()
        if not self.closed.done():
            self.closed.set_result(self._close)
        self._changed.set()


@asynccontextmanager
async def attached(url: str, **headers: str) -> AsyncIterator[Client]:
    """A client on `url`, gone at the end. picows.WSError when it is turned away."""
    client = Client()
    await picows.ws_connect(
        lambda: client, url, extra_headers=headers, max_frame_size=1 << 30, logger_name="client", max_redirects=0
    )
    try:
        yield client
    finally:
        client.transport.disconnect(False)
        await client.ended()
