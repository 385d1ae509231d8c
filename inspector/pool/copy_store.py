"""All copies of values that the pool and its hosts hold: their numbers, their bytes in sum, and the cap on it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING

from inspector.errors import LimitError
from inspector.events import Event, HostLost, HostStateChanged
from inspector.states import HostState
from inspector.units import format_bytes

if TYPE_CHECKING:
    from inspector.pool.external_copy import ExternalCopy

__all__ = ["MOST_BYTES", "CopyStore"]

MOST_BYTES = 1 << 30


class CopyStore:
    """Belongs to the pool's loop. A copy that two hosts hold counts twice: that is the memory it takes."""

    def __init__(self, publish: Callable[[Event], None], most_bytes: int = MOST_BYTES) -> None:
        self.publish = publish
        self.most_bytes = most_bytes
        self.total_bytes = 0
        self.message_ids = count(1)
        self.live: dict[int, ExternalCopy] = {}
        self._ids = count(1)

    def new_id(self) -> int:
        return next(self._ids)

    @property
    def room_bytes(self) -> int:
        """What may still be held."""
        return max(0, self.most_bytes - self.total_bytes)

    def take(self, size: int, action: str) -> None:
        """`size` bytes more are held from now on. LimitError when that would pass the cap; then nothing is."""
        if size > self.room_bytes:
            cause = (
                f"it takes {format_bytes(size)}, and of the {format_bytes(self.most_bytes)} for values in transit "
                f"{format_bytes(self.room_bytes)} are left"
            )
            raise LimitError(action, cause, "Release copies, or raise the cap.")
        self.total_bytes += size

    def give_back(self, size: int) -> None:
        self.total_bytes -= size

    def saw(self, event: Event) -> None:
        """Copies that a host held are gone with it."""
        lost = isinstance(event, HostLost) or (isinstance(event, HostStateChanged) and event.state is HostState.CLOSED)
        if lost and isinstance(event, HostLost | HostStateChanged):
            for copy in list(self.live.values()):
                copy.host_ended(event.host_id)
