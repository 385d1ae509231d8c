"""Garbage collections, from V8's trace lines: standard output becomes a pipe, a thread of its own reads and parses it.

A line names its heap by address, which V8 reuses, and by a serial number, which it doesn't. The loop says which address
belongs to which isolate from its birth on; a serial is bound to an isolate by the first line that shows it. An engine
that can't tell addresses (0) makes its isolates one after another: their serials are bound in the order of birth.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections import deque
from collections.abc import Callable

from inspector.engine.gc_trace import GcLine, HeapSeen, LineSplitter, parse_line
from inspector.host.clock import now_us
from inspector.host.inbox import Inbox
from inspector.host.sampler import Lane
from inspector.wire import GC, KIND_GC, frame

__all__ = ["GcReader", "Owners", "redirect_standard_output"]

_PIPE_BYTES = 1 << 20  # V8's threads wait when it is full: 400 collections
_CHUNK = 1 << 18
_BATCH_S = 0.05
_MOST_WAITING = 10_000  # collections kept while the socket is full
_MOST_UNCLAIMED = 512  # lines of heaps whose birth the loop has not told yet


def redirect_standard_output(*, buffered: bool = False) -> int:
    """Make descriptor 1 the writing end of a pipe; the reading end is returned. Before the engine is made.

    `buffered`: C's standard output holds back 4 kB on a pipe, and nothing can change that any more (a frozen program):
    then it becomes a terminal of our own, on which C writes line by line. POSIX alone; elsewhere lines come late.
    """
    if buffered and hasattr(os, "openpty"):
        return _redirect_to_terminal()
    reading, writing = os.pipe()
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    os.dup2(writing, 1)
    os.close(writing)
    return reading


def _redirect_to_terminal() -> int:
    import tty

    reading, writing = os.openpty()
    tty.setraw(writing)
    os.dup2(writing, 1)
    os.close(writing)
    return reading


class Owners:
    """Which isolate a trace line is about. Belongs to the loop."""

    def __init__(self) -> None:
        self._by_serial: dict[int, int] = {}
        self._by_address: dict[int, int] = {}  # isolates whose serial no line has shown yet
        self._nameless: deque[int] = deque()  # isolates without an address, in order of birth
        self._unclaimed: deque[tuple[HeapSeen, int]] = deque(maxlen=_MOST_UNCLAIMED)  # and when it was read
        self._ended: set[int] = set()  # serials of ended isolates: a number each, for the life of the process

    def born(self, isolate_id: int, address: int) -> list[tuple[HeapSeen, int]]:
        """An isolate was born; the lines it wrote before, with the time they were read."""
        if address:
            self._by_address[address] = isolate_id
        else:
            self._nameless.append(isolate_id)
        waiting = list(self._unclaimed)
        self._unclaimed.clear()
        return waiting

    def ended(self, isolate_id: int) -> None:
        """Its address may be another's soon; lines of its serial are dropped from now on."""
        for serial in [serial for serial, owner in self._by_serial.items() if owner == isolate_id]:
            del self._by_serial[serial]
            self._ended.add(serial)
        self._by_address = {a: owner for a, owner in self._by_address.items() if owner != isolate_id}
        with contextlib.suppress(ValueError):
            self._nameless.remove(isolate_id)

    def owner(self, seen: HeapSeen, read_at_us: int) -> int | None:
        """The isolate; None when it is unknown (kept until the next birth) or ended."""
        known = self._by_serial.get(seen.serial)
        if known is not None or seen.serial in self._ended:
            return known
        owner = self._by_address.pop(seen.address, None)
        if owner is None and self._nameless:
            owner = self._nameless.popleft()
        if owner is None:
            self._unclaimed.append((seen, read_at_us))
        else:
            self._by_serial[seen.serial] = owner
        return owner


class GcReader:
    """Turns the pipe into batches of `wire.GC` records. `saw(isolate_id, used_before, at_us)` for each, on the loop."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, inbox: Inbox, lane: Lane, saw: Callable[[int, int, int], None]
    ) -> None:
        self._loop = loop
        self._inbox = inbox
        self._lane = lane
        self._saw = saw
        self._owners = Owners()
        self._records: deque[bytes] = deque()
        self._dropped = 0
        self._flushing: asyncio.TimerHandle | None = None

    def start(self, descriptor: int) -> None:
        """Read `descriptor` until its end, on a thread of its own."""
        threading.Thread(target=self._read, args=(descriptor,), name="gc-reader", daemon=True).start()

    def born(self, isolate_id: int, address: int) -> None:
        for line, read_at_us in self._owners.born(isolate_id, address):
            self._take(line, read_at_us)

    def ended(self, isolate_id: int) -> None:
        self._owners.ended(isolate_id)

    def _read(self, descriptor: int) -> None:
        splitter = LineSplitter()
        starts: dict[int, int] = {}  # serial -> the start of the heap's own clock, in microseconds
        while chunk := os.read(descriptor, _CHUNK):
            now = now_us()
            lines = [parsed for parsed in map(parse_line, splitter.feed(chunk)) if parsed is not None]
            if lines:
                self._inbox.put(self._take_all, [(line, _seen_at(starts, line, now)) for line in lines])

    def _take_all(self, lines: list[tuple[HeapSeen, int]]) -> None:
        for line, at_us in lines:
            self._take(line, at_us)

    def _take(self, line: HeapSeen, at_us: int) -> None:
        owner = self._owners.owner(line, at_us)
        if owner is None or not isinstance(line, GcLine):
            return
        self._saw(owner, line.before_bytes, at_us)
        self._records.append(GC.pack(owner, line.kind, at_us, line.pause_us, line.before_bytes, line.after_bytes))
        if len(self._records) > _MOST_WAITING:
            self._records.popleft()
            self._dropped += 1
        if self._flushing is None:
            self._flushing = self._loop.call_later(_BATCH_S, self._flush)

    def _flush(self) -> None:
        self._flushing = None
        if self._lane.full:
            self._flushing = self._loop.call_later(_BATCH_S, self._flush)
            return
        if self._dropped:
            self._lane.tell("Host.samplesDropped", {"what": "gc events", "count": self._dropped})
            self._dropped = 0
        self._lane.binary(frame(KIND_GC, len(self._records), b"".join(self._records)))
        self._records.clear()


def _seen_at(starts: dict[int, int], line: HeapSeen, now: int) -> int:
    """When it happened: by the heap's own clock (whole milliseconds), set by the line that was read quickest."""
    if not isinstance(line, GcLine):
        return now  # a heap's first lines count from the machine's start, not from its own
    start = now - line.heap_ms * 1000
    known = starts.get(line.serial)
    if known is None or start < known:
        if len(starts) > 4 * _MOST_UNCLAIMED:
            starts.clear()
        starts[line.serial] = known = start
    return known + line.heap_ms * 1000
