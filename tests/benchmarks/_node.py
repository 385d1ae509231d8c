"""The peer of round trips: `node --inspect`, asked over its own WebSocket by the same kind of client."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import picows

from inspector.cdp.session import Session

__all__ = ["NodeInspector", "node_inspector"]


class NodeInspector(picows.WSListener):
    """One CDP connection to a Node process."""

    def __init__(self) -> None:
        self._session = Session()
        self._transport: picows.WSTransport | None = None

    def on_ws_connected(self, transport: picows.WSTransport) -> None:
        self._transport = transport

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        if frame.msg_type == picows.WSMsgType.TEXT:
            self._session.receive(frame.get_payload_as_bytes())

    async def send(self, method: str, params: dict[str, Any]) -> Any:
        assert self._transport is not None
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        _, data = self._session.command(method, params, "", answer.set_result)
        self._transport.send(picows.WSMsgType.TEXT, data)
        return await answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.disconnect(False)


@asynccontextmanager
async def node_inspector() -> AsyncIterator[NodeInspector | None]:
    """A connection to a fresh `node --inspect`; None where Node is not installed."""
    if shutil.which("node") is None:
        yield None
        return
    node = await asyncio.create_subprocess_exec(
        "node",
        "--inspect=127.0.0.1:0",
        "-e",
        "setInterval(() => {}, 1000)",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    client = NodeInspector()
    try:
        assert node.stderr is not None
        address = ""
        while not address.startswith("ws://"):
            address = (await node.stderr.readline()).decode().rsplit(" ", 1)[-1].strip()
        await picows.ws_connect(lambda: client, address, proxy=None)
        yield client
    finally:
        client.close()
        node.kill()
        await node.communicate()
