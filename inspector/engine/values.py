"""What an `EngineIsolate` may add: references to values that stay in it, and copies of them in V8's wire format.

A reference is a number that the isolate keeps a value under, until it is released. An order waits for the running
script, is served once, and can be ended while it waits or executes (a getter that never returns, a called function).
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from msgspec import Struct

from inspector.engine.port import Done
from inspector.engine.ports import Bytes, PortOrder

__all__ = [
    "Apply",
    "Argument",
    "Copied",
    "CopiesValues",
    "Delete",
    "Deserialize",
    "Get",
    "Held",
    "Hold",
    "Level",
    "Order",
    "Reach",
    "Remote",
    "Serialize",
    "Set",
    "ValueOrder",
]

Argument = Bytes | int  # a copy in V8's wire format, or a reference


class Hold(Struct, frozen=True):
    """Keep what a CDP objectId of the standing session stands for; "": the context's global object."""

    object_id: str


class Get(Struct, frozen=True):
    reference: int
    key: Argument


class Set(Struct, frozen=True):
    reference: int
    key: Argument
    value: Argument


class Delete(Struct, frozen=True):
    reference: int
    key: Argument


class Apply(Struct, frozen=True):
    """Call a function; what it returns is kept. `receiver` None: undefined."""

    reference: int
    receiver: Argument | None
    arguments: tuple[Argument, ...]


class Serialize(Struct, frozen=True):
    """Copy out. `transfer`: its ArrayBuffers are detached once all is written. More than `most_bytes` is refused."""

    reference: int
    most_bytes: int
    transfer: bool = False


class Deserialize(Struct, frozen=True):
    """Copy in; the value is kept, and put on the context's global object under `name` unless that is ""."""

    data: Bytes
    name: str = ""


class Remote(Struct, frozen=True):
    """The value as CDP's RemoteObject of the standing session, in the object group "values"."""

    reference: int


class Level(Struct, frozen=True):
    """Look at one level of a value: `path` leads there by positions, `count` rows from `first`. Runs no getter."""

    reference: int
    path: tuple[int, ...]
    first: int
    count: int
    transfer: bool


class Reach(Struct, frozen=True):
    """What a value leads to, of at most `most` objects. Runs no getter."""

    reference: int
    most: int


Order = Hold | Get | Set | Delete | Apply | Serialize | Deserialize | Level | Remote | Reach | PortOrder


class ValueOrder(Struct, frozen=True):
    """`context_id`: where it happens. `order_id`: for `end_order`, unique in the isolate."""

    order_id: int
    context_id: int
    what: Order


class Held(Struct, frozen=True):
    """A value that is kept. `kind`: typeof, or what it is more precisely ("array", "map", "promise", ...)."""

    reference: int
    type: str
    kind: str
    text: str
    work_us: int = 0  # what the isolate's thread took for it


class Copied(Struct, frozen=True):
    """A value outside V8. `work_us`: what the isolate's thread took for it."""

    data: Bytes
    work_us: int
    detached: int = 0  # ArrayBuffers


@runtime_checkable
class CopiesValues(Protocol):
    """What an `EngineIsolate` may add (Capability.COPIES, REFERENCES)."""

    def order(self, order: ValueOrder, done: Done) -> None:
        """`done` gets, once: Held (Hold, Get, Apply, Deserialize), Copied (Serialize), bool (Set, Delete), JSON text
        (Level, Remote, Reach, a PortOrder), or an InspectorError: refused, threw, limit, cancelled, gone.
        """

    def end_order(self, order_id: int, why: str) -> None:
        """End it, in line or executing, with CancelledError. Does nothing for one that was served."""

    def release_references(self, references: tuple[int, ...]) -> None:
        """Unknown ones are passed over."""
