"""Frames of the private link, without I/O: a kind (1 byte), a length (4 bytes, little-endian), the message.

Both ends are ours, on one machine, so a frame needs no mask, no fragments and no HTTP before it. History: this was a
WebSocket (picows); its import took 70 ms of every process, a third of a host's start.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from enum import IntEnum

__all__ = ["HEADER_BYTES", "MAX_MESSAGE_BYTES", "FrameError", "FrameReader", "Kind", "header"]

MAX_MESSAGE_BYTES = 1 << 30  # a source of 200 MB as JSON, escaped, fits
_HEADER = struct.Struct("<BI")
HEADER_BYTES = _HEADER.size
_CHUNK_BYTES = 64 * 1024  # what is read at once; a longer message gets a buffer of its own


class Kind(IntEnum):
    TEXT = 1
    BINARY = 2
    CLOSE = 8  # its message is the reason; answered by one with the same
    SECRET = 9  # the first frame of a caller
    ADMITTED = 10  # the first frame of a listener, empty


_KINDS = {int(kind): kind for kind in Kind}


class FrameError(ValueError):
    """What came is no frame of ours."""


def header(kind: Kind, length: int) -> bytes:
    """What goes before a message of `length` bytes."""
    return _HEADER.pack(kind, length)


class FrameReader:
    """Bytes in, frames out, read into place, as an asyncio.BufferedProtocol is asked for it.

    A length is believed up to `limit` bytes; the memory for it is taken as it fills.
    """

    def __init__(self, limit: int = MAX_MESSAGE_BYTES) -> None:
        self.limit = limit
        self._chunk = bytearray(_CHUNK_BYTES)
        self._view = memoryview(self._chunk)
        self._start = self._end = 0  # of what is not read yet in the chunk
        self._large: _Large | None = None  # a message longer than the chunk

    def get_buffer(self) -> memoryview:
        """Where the next bytes go: at least one."""
        return self._view[self._end :] if self._large is None else self._large.rest()

    def buffer_updated(self, count: int) -> Iterator[tuple[Kind, bytes]]:
        """The frames that `count` more bytes complete, in order. Raises FrameError."""
        if self._large is not None:
            self._large.filled += count
            if self._large.is_whole:
                large, self._large = self._large, None
                yield large.kind, large.message()
            return
        self._end += count
        while self._end - self._start >= HEADER_BYTES:
            kind, length = self._checked(*_HEADER.unpack_from(self._chunk, self._start))
            begin = self._start + HEADER_BYTES
            if begin + length <= self._end:
                self._start = begin + length
                yield kind, bytes(self._view[begin : self._start])
            elif HEADER_BYTES + length <= _CHUNK_BYTES:
                break
            else:
                self._begin_large(kind, length, begin)
                return
        self._close_up()

    def _checked(self, kind: int, length: int) -> tuple[Kind, int]:
        known = _KINDS.get(kind)
        if known is None:
            raise FrameError(f"a frame of kind {kind}")
        if length > self.limit:
            raise FrameError(f"a frame of {length} bytes; at most {self.limit} are taken")
        return known, length

    def _begin_large(self, kind: Kind, length: int, begin: int) -> None:
        self._large = _Large(kind, length, self._view[begin : self._end])
        self._start = self._end = 0

    def _close_up(self) -> None:
        """The rest to the front, so that a whole frame has room behind it."""
        rest = self._end - self._start
        if self._start:
            self._chunk[:rest] = self._chunk[self._start : self._end]
        self._start, self._end = 0, rest


class _Large:
    """A message that is read into place. A BytesIO gives its bytes away without a copy, which 100 MB would feel."""

    def __init__(self, kind: Kind, length: int, begun: memoryview) -> None:
        self.kind = kind
        self.filled = len(begun)
        self._file = io.BytesIO(bytes(length))  # zeros that the system lends: no page is touched before it is filled
        self._view = self._file.getbuffer()
        self._view[: self.filled] = begun

    @property
    def is_whole(self) -> bool:
        return self.filled == len(self._view)

    def rest(self) -> memoryview:
        return self._view[self.filled :]

    def message(self) -> bytes:
        """The whole message; once, at the end."""
        self._view.release()
        return self._file.getvalue()
