"""Copies of values that this host holds outside V8: as bytes, under the pool's numbers, until they are dropped.

They enter any context of any isolate here without leaving the process. To another host they go through the pool, as
binary frames of at most `CHUNK_BYTES`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from inspector.engine.ports import Bytes
from inspector.errors import ProtocolError
from inspector.host.params import INVALID_PARAMS, SERVER_ERROR
from inspector.wire import COPY, FRAME_HEADER, KIND_COPY, frame

__all__ = ["CHUNK_BYTES", "Copies"]

CHUNK_BYTES = 1 << 20
# Messages of ports get numbers of the host's, which no other host and no pool gives.
_FIRST_POSTED = 1 << 52
_POSTED_BY_ONE = 1 << 31


class _Incoming:
    """A copy on its way in. Memory is taken when it is announced, so that a size that does not fit fails there."""

    def __init__(self, size: int) -> None:
        self.data = bytearray(size)
        self.received = 0


class Copies:
    """Belongs to the loop."""

    def __init__(self, host_id: int = 0) -> None:
        self._posted = count(_FIRST_POSTED + host_id * _POSTED_BY_ONE)
        self._held: dict[int, Bytes] = {}
        self._incoming: dict[int, _Incoming] = {}

    def hold(self, copy_id: int, data: Bytes) -> None:
        self._held[copy_id] = data

    def hold_posted(self, data: Bytes) -> int:
        """A message that a script posted; its number."""
        copy_id = next(self._posted)
        self._held[copy_id] = data
        return copy_id

    def get(self, copy_id: int) -> Bytes:
        """Raises ProtocolError for one that is not held here."""
        data = self._held.get(copy_id)
        if data is None:
            raise ProtocolError("Use a copy", f"copy {copy_id} is not held here", code=INVALID_PARAMS)
        return data

    def total_bytes(self) -> int:
        """Of all that are held or on their way in."""
        return sum(map(len, self._held.values())) + sum(len(one.data) for one in self._incoming.values())

    def drop(self, copy_id: int) -> None:
        """Idempotent."""
        self._held.pop(copy_id, None)
        self._incoming.pop(copy_id, None)

    def frames(self, copy_id: int) -> tuple[int, Iterator[bytes]]:
        """How many bytes it has, and its frames, each made when it is sent."""
        data = self.get(copy_id)
        return len(data), _frames(copy_id, data)

    def announce(self, copy_id: int, size: int) -> None:
        """A copy of `size` bytes is about to come."""
        try:
            self._incoming[copy_id] = _Incoming(size)
        except MemoryError:
            raise ProtocolError("Take a copy", f"no memory for {size} bytes", code=SERVER_ERROR) from None

    def arrived(self, message: bytes) -> None:
        """A binary frame of the pool. What belongs to no announced copy was dropped meanwhile. ProtocolError."""
        if len(message) < FRAME_HEADER.size + COPY.size or message[0] != KIND_COPY:
            raise ProtocolError(
                "Read a binary message", f"its {len(message)} bytes mean nothing to a host", code=-32600
            )
        copy_id, offset = COPY.unpack_from(message, FRAME_HEADER.size)
        incoming = self._incoming.get(copy_id)
        if incoming is None:
            return
        part = memoryview(message)[FRAME_HEADER.size + COPY.size :]
        if offset != incoming.received or offset + len(part) > len(incoming.data):
            del self._incoming[copy_id]
            raise ProtocolError("Take a copy", f"bytes {offset} of copy {copy_id} came out of turn")
        incoming.data[offset : offset + len(part)] = part
        incoming.received += len(part)

    def seal(self, copy_id: int) -> None:
        """All of it has been sent. Raises ProtocolError when it is not whole."""
        incoming = self._incoming.pop(copy_id, None)
        if incoming is None or incoming.received != len(incoming.data):
            raise ProtocolError("Take a copy", f"copy {copy_id} did not arrive whole", code=SERVER_ERROR)
        self._held[copy_id] = incoming.data


def _frames(copy_id: int, data: Bytes) -> Iterator[bytes]:
    view = memoryview(data)
    for offset in range(0, len(data), CHUNK_BYTES):
        yield frame(KIND_COPY, 1, COPY.pack(copy_id, offset) + view[offset : offset + CHUNK_BYTES])
