"""Copies of values on one host's link: binary frames, both ways, so that neither end ever holds more than it takes.

From the host they come while it has credit, which each frame that was taken gives back. To the host they go while the
socket takes them; a control message waits for one frame at most.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from inspector.errors import InspectorError, LinkError
from inspector.wire import COPY, KIND_COPY, frame

if TYPE_CHECKING:
    from inspector.pool.link import HostLink

__all__ = ["CopyFrames"]

_CHUNK_BYTES = 1 << 20


class _Coming(Struct):
    data: bytearray
    whole: asyncio.Future[bytearray]
    received: int = 0


class CopyFrames:
    """Belongs to the pool's loop. `put` and `is_full` are the socket's."""

    def __init__(self, link: HostLink, put: Callable[[bytes], None], is_full: Callable[[], bool]) -> None:
        self._link = link
        self._put = put
        self._is_full = is_full
        self._coming: dict[int, _Coming] = {}
        self._writable = asyncio.Event()

    async def fetch(self, copy_id: int) -> bytes:
        """The bytes of a copy that the host holds. ProtocolError when it does not; GoneError when it ends."""
        whole: asyncio.Future[bytearray] = asyncio.get_running_loop().create_future()

        def answered(answer: Mapping[str, Any] | InspectorError) -> None:
            """In the order of the stream: the frames follow."""
            if isinstance(answer, InspectorError):
                if not whole.done():
                    whole.set_exception(answer)
                return
            coming = self._coming[copy_id] = _Coming(bytearray(int(answer["bytes"])), whole)
            self._check(coming)

        self._link.ask("Host.sendCopy", {"copyId": copy_id}, "", answered)
        try:
            return bytes(await whole)
        finally:
            self._coming.pop(copy_id, None)

    async def send(self, copy_id: int, data: bytes) -> None:
        """Have the host hold `data` too. LimitError, ProtocolError, GoneError."""
        await self._link.command("Host.takeCopy", {"copyId": copy_id, "bytes": len(data)})
        view = memoryview(data)
        for offset in range(0, len(data), _CHUNK_BYTES):
            while self._is_full():
                self._writable.clear()
                await self._writable.wait()
            self._put(frame(KIND_COPY, 1, COPY.pack(copy_id, offset) + view[offset : offset + _CHUNK_BYTES]))
            await asyncio.sleep(0)
        await self._link.command("Host.sealCopy", {"copyId": copy_id})

    # --- called by the link ---

    def arrived(self, records: bytes) -> None:
        """A frame of the host, without its header. LinkError for one that nobody asked for."""
        self._link.tell("Host.grantBulk", {"bytes": len(records)})
        copy_id, offset = COPY.unpack_from(records)
        coming = self._coming.get(copy_id)
        if coming is None:
            return  # who wanted it has stopped waiting
        part = memoryview(records)[COPY.size :]
        if offset != coming.received or offset + len(part) > len(coming.data):
            raise LinkError("Read a copy", f"bytes {offset} came out of turn")
        coming.data[offset : offset + len(part)] = part
        coming.received += len(part)
        self._check(coming)

    def writable(self) -> None:
        self._writable.set()

    def close(self, error: InspectorError) -> None:
        """The link has ended."""
        self._writable.set()
        for coming in self._coming.values():
            if not coming.whole.done():
                coming.whole.set_exception(error)

    @staticmethod
    def _check(coming: _Coming) -> None:
        if coming.received == len(coming.data) and not coming.whole.done():
            coming.whole.set_result(coming.data)
