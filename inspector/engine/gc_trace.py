"""V8's `--trace-gc-nvp` lines as figures. Pure: bytes in, records out.

One line a collection, on V8's standard output, as V8 14.4 writes it (cut):

    [9085:0x560ec3cdc000:0]       69 ms: GC: {"pause":11.413,"mutator":3.436,"gc":"s",...,"start_object_size":1660400,
    "end_object_size":1660396,...}

`0x...` is the Isolate*, reused after a dispose; the number behind it counts isolates in order of creation and never
comes again in the process. `pause` is in milliseconds, sizes are the used bytes of the heap. Lines of other kinds
(allocation limits, a few about a heap's setup) stand between them; each isolate prints one of those at its birth.
"""

from __future__ import annotations

import re

from msgspec import Struct

__all__ = ["GcLine", "HeapSeen", "LineSplitter", "parse_line"]

# A whole line is 2-3 kB; the figures stand in its first 400 bytes, in this order. 3 us a line, json.loads 20 us.
_HEAD = re.compile(rb"\[\d+:0x([0-9a-f]+):(\d+)\] +(\d+) ms: ")
_GC = re.compile(
    rb'GC: \{"pause":([\d.e+-]+),.{0,300}?"gc":"(\w+)".{0,600}?"start_object_size":(\d+),"end_object_size":(\d+)'
)
_KINDS = {b"s": 0, b"mms": 1, b"mc": 2}  # index into wire.GC_KINDS
_OTHER_KIND = 3


class HeapSeen(Struct, frozen=True):
    """A line of V8's that is no collection, but names a heap."""

    address: int
    serial: int  # of the isolate in its process: order of creation, never reused
    heap_ms: int  # milliseconds on the isolate's own clock


class GcLine(HeapSeen, frozen=True):
    """One collection. `kind` is an index into `wire.GC_KINDS`."""

    kind: int
    pause_us: int
    before_bytes: int
    after_bytes: int


def parse_line(line: bytes) -> GcLine | HeapSeen | None:
    """Read one line; None when it is not a trace line."""
    head = _HEAD.match(line)
    if head is None:
        return None
    address, serial, heap_ms = int(head[1], 16), int(head[2]), int(head[3])
    collection = _GC.match(line, head.end())
    if collection is None:
        return HeapSeen(address, serial, heap_ms)
    pause, kind, before, after = collection.groups()
    return GcLine(
        address, serial, heap_ms, _KINDS.get(kind, _OTHER_KIND), _microseconds(pause), int(before), int(after)
    )


def _microseconds(milliseconds: bytes) -> int:
    try:
        return round(float(milliseconds) * 1000)
    except ValueError:
        return 0


class LineSplitter:
    """Cuts a stream of chunks into whole lines; a line longer than `limit` bytes is dropped and counted."""

    def __init__(self, limit: int = 1 << 20) -> None:
        self._rest = b""
        self._limit = limit
        self._skipping = False  # inside a line that was too long
        self.too_long = 0

    def feed(self, chunk: bytes) -> list[bytes]:
        """The lines that this chunk completes, without their ends."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if self._skipping and lines:
            del lines[0]
            self._skipping = False
        if len(self._rest) > self._limit or self._skipping:
            self.too_long += not self._skipping
            self._skipping = True
            self._rest = b""
        return lines
