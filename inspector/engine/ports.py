"""What an `EngineIsolate` may add: ports of channels, and references to values of other isolates.

What comes in is an order like those on values: it waits for the running script, may be ended, and is answered once.
What a script posts is copied at once and told as `Posted`, in the order of the script's calls; it waits outside V8. The
objects that scripts see are made by js/values/remote.js.
"""

from __future__ import annotations

import threading
from typing import Protocol, runtime_checkable

from msgspec import Struct

__all__ = [
    "MOST_WAITING",
    "MOST_WAITING_BYTES",
    "Bytes",
    "ClosePort",
    "Deliver",
    "EndReference",
    "OpenPort",
    "PassesMessages",
    "PortOrder",
    "Posted",
    "Refer",
    "Room",
    "full_words",
]

MOST_WAITING = 1000  # messages of one port that are posted and not taken by the other side
MOST_WAITING_BYTES = 64 << 20
Bytes = bytes | bytearray | memoryview  # of a copy, in V8's wire format; the last two are writable
_TOLD_EACH, _TOLD_AT_ONCE = 100, 1000


class OpenPort(Struct, frozen=True):
    """Put a port on the context's global object. Answer: "null"."""

    port: int
    name: str


class Deliver(Struct, frozen=True):
    """Hand a message to a port. Answer: {state: "taken", "waits" (it has no handler), "closed"; workUs: of the copy;
    threw?: words}.
    """

    port: int
    data: Bytes


class ClosePort(Struct, frozen=True):
    """The other side is over. Answer: "null"."""

    port: int
    why: str


class Refer(Struct, frozen=True):
    """Put a reference to a value of another isolate on the context's global object. Answer: "null"."""

    number: int
    type: str
    name: str


class EndReference(Struct, frozen=True):
    """It leads nowhere any more; what stands under `name` is taken away. Answer: "null"."""

    number: int
    name: str


PortOrder = OpenPort | Deliver | ClosePort | Refer | EndReference


class Posted(Struct, frozen=True):
    """`what`: "post" (`data` is the message, in V8's wire format), "start" (it has a handler now), "close", "refused"
    (`note` tells why, `count` how often since the last word of that).
    """

    context_id: int
    port: int
    what: str
    data: Bytes = b""
    work_us: int = 0
    note: str = ""
    count: int = 1


@runtime_checkable
class PassesMessages(Protocol):
    """What an `EngineIsolate` may add to `CopiesValues`: it serves `PortOrder`s too."""

    def grant_port(self, port: int, messages: int, size: int) -> None:
        """So much of what the port posted has been taken; also while a script runs, where the engine can."""


class Room:
    """What each port may still post. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[int, tuple[int, int]] = {}  # port -> messages, bytes
        self._refused: dict[int, int] = {}

    def left(self, port: int) -> int:
        """Bytes; 0 when it may post nothing now."""
        with self._lock:
            messages, size = self._waiting.get(port, (0, 0))
            return 0 if messages >= MOST_WAITING else max(0, MOST_WAITING_BYTES - size)

    def take(self, port: int, size: int) -> None:
        with self._lock:
            messages, before = self._waiting.get(port, (0, 0))
            self._waiting[port] = (messages + 1, before + size)

    def refused(self, port: int) -> int:
        """A message was not taken. Of how many to tell now: of the first hundred each, then of a thousand at once."""
        with self._lock:
            so_far = self._refused[port] = self._refused.get(port, 0) + 1
        return 1 if so_far <= _TOLD_EACH else _TOLD_AT_ONCE if so_far % _TOLD_AT_ONCE == 0 else 0

    def give(self, port: int, messages: int, size: int) -> None:
        with self._lock:
            has, before = self._waiting.get(port, (0, 0))
            self._waiting[port] = (max(0, has - messages), max(0, before - size))

    def forget(self, port: int) -> None:
        with self._lock:
            self._waiting.pop(port, None)
            self._refused.pop(port, None)


def full_words() -> str:
    """Why a message is not taken."""
    most = f"{MOST_WAITING} messages or {MOST_WAITING_BYTES >> 20} MiB"
    return f"Can't post a message: {most} wait for the other side already."
