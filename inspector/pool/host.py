"""One host process as the pool knows it: identity, state, what it carries. Its supervisor writes, everyone reads."""

from __future__ import annotations

from collections.abc import Mapping
from struct import Struct
from types import MappingProxyType
from typing import TYPE_CHECKING

from inspector.events import Event, HostMeasured, HostStarted, HostStateChanged
from inspector.pool.placement import Load
from inspector.states import HostState
from inspector.target.clock import now_us
from inspector.wire import SAMPLE, SAMPLE_WORDS

if TYPE_CHECKING:
    from inspector.pool.isolate import Isolate

__all__ = ["Host"]

_WORDS_AT = SAMPLE.size - 8 * len(SAMPLE_WORDS)
_USED_AT = _WORDS_AT + 8 * SAMPLE_WORDS.index("used_bytes")
# isolate_id and used_bytes out of a record: a fifth of the price of reading it whole
_USED = Struct(f"<I{_USED_AT - 4}xQ{SAMPLE.size - _USED_AT - 8}x")


class Host:
    """One host process. `letter` ("A", "B", ...) names it on screen."""

    def __init__(self, host_id: int, letter: str, *, alone: bool) -> None:
        self.host_id = host_id
        self.letter = letter
        self.alone = alone  # made for one isolate that asked for a process of its own
        self.state = HostState.STARTING
        self.started: HostStarted | None = None
        self.measured: HostMeasured | None = None
        self._taken = False  # by its first isolate, whose birth tells what its start took
        self._isolates: dict[int, Isolate] = {}
        self._reserved: dict[int, int] = {}  # isolate_id -> limit: on their way, or alive
        self._used: dict[int, int] = {}  # isolate_id -> used bytes in its newest sample

    def __repr__(self) -> str:
        return f"<Host {self.letter} pid {self.pid} {self.state}>"

    @property
    def pid(self) -> int | None:
        """None until it said hello."""
        return None if self.started is None else self.started.pid

    @property
    def isolates(self) -> Mapping[int, Isolate]:
        """Those that live here."""
        return MappingProxyType(self._isolates)

    @property
    def takes_isolates(self) -> bool:
        return self.state in (HostState.STARTING, HostState.READY)

    def load(self) -> Load:
        """What it carries, by measured use; isolates on their way count with their whole limit."""
        headroom = [max(0, limit - self._used.get(key, 0)) for key, limit in self._reserved.items()]
        return Load(self.host_id, len(self._reserved), sum(self._used.values()), max(headroom, default=0))

    def reserve(self, isolate_id: int, limit_bytes: int) -> bool:
        """An isolate is on its way; True for the first one of this host."""
        self._reserved[isolate_id] = limit_bytes
        first, self._taken = not self._taken, True
        return first

    def add(self, isolate: Isolate) -> None:
        """An isolate was born."""
        self._isolates[isolate.isolate_id] = isolate

    def remove(self, isolate_id: int) -> None:
        """An isolate ended, or was never born."""
        self._isolates.pop(isolate_id, None)
        self._reserved.pop(isolate_id, None)
        self._used.pop(isolate_id, None)

    def note_samples(self, records: bytes) -> None:
        """Learn the newest use of each isolate from `wire.SAMPLE` records. struct.error when they are cut off."""
        for isolate_id, used_bytes in _USED.iter_unpack(records):
            if isolate_id in self._reserved:
                self._used[isolate_id] = used_bytes

    def replay(self) -> list[Event]:
        """What a late subscriber must hear of it."""
        if self.started is None:
            return []
        events: list[Event] = [self.started, HostStateChanged(now_us(), self.host_id, self.state)]
        return events if self.measured is None else [*events, self.measured]
