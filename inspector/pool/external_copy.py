"""A value taken out of an isolate by structured clone, held as bytes outside V8, ready to go into another."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from inspector.clone import decode, encode
from inspector.errors import GoneError, HostLostError, UsageError

if TYPE_CHECKING:
    from inspector.pool.context import Context
    from inspector.pool.copy_store import CopyStore
    from inspector.pool.isolate import Isolate
    from inspector.pool.link import HostLink
    from inspector.pool.reference import Reference

__all__ = ["ExternalCopy", "copy_from_python"]

_INLINE_BYTES = 256 << 10  # of a copy that the pool itself holds: up to here it goes along with the command


class ExternalCopy:
    """Made by `Reference.copy` and `Pool.external_copy`. Enters any context of any isolate, many times, until released.

    Its bytes stay in the host process that wrote them, and are brought to another when they are wanted there; what
    Python made stays with the pool. A copy whose only host is lost is lost too: `GoneError` says so.
    """

    def __init__(self, store: CopyStore, *, size: int, engine: str, v8_version: str, copy_id: int, text: str) -> None:
        """The store has taken `size` bytes already."""
        self.copy_id = copy_id
        self.size = size
        self.engine = engine  # "native", "portable"; "python" for one made here
        self.v8_version = v8_version
        self.text = text  # one line for a person
        self.out_us = 0  # what the isolate's thread took for it
        self.source: tuple[int | None, int] = (None, 0)  # isolate_id, context_id
        self.mode = "copy"
        self._store = store
        self._data: bytes | None = None
        self._links: dict[int, HostLink] = {}  # host_id -> where it is held
        self._gone: GoneError | None = None
        store.live[copy_id] = self

    def __repr__(self) -> str:
        return f"<ExternalCopy {self.copy_id} {self.size} bytes {(self._gone and self._gone.cause) or self.text!r}>"

    @property
    def is_held(self) -> bool:
        """Whether it can still be used: neither released nor lost."""
        return self._gone is None

    async def into(
        self, context: Context, *, name: str = "", timeout_s: float | None = 30.0, told: bool = True
    ) -> Reference:
        """Copy it into a context, on its global object under `name` when one is given; a reference to what arrived.

        GoneError when it was released or lost, or the target has ended; LimitError when it does not fit under the
        target's memory limit or the cap; CancelledError after `timeout_s` in line or at work. `told`: it is a
        message in the log.
        """
        return await context.isolate.values.copy_in(self, context, name, timeout_s, told=told)

    async def value(self) -> Any:
        """As Python, by the table in `inspector.clone`. CloneError for what Python has nothing for."""
        return decode(await self.to_bytes())

    async def to_bytes(self) -> bytes:
        """V8's wire format. The pool keeps none of it."""
        self.check("Read a copy")
        if self._data is not None:
            return self._data
        return await next(iter(self._links.values())).copies.fetch(self.copy_id)

    def release(self) -> None:
        """Give its memory back, everywhere. Idempotent."""
        self._end(GoneError("Use a copy", "it was released", "Copy the value again."))

    # --- for the pool ---

    def check(self, action: str) -> None:
        if self._gone is not None:
            raise type(self._gone)(action, self._gone.cause, self._gone.remedy)

    def held_by_host(self, host_id: int, link: HostLink) -> None:
        self._links[host_id] = link

    def held_here(self, data: bytes) -> None:
        self._data = data

    async def argument(self, isolate: Isolate, link: HostLink) -> dict[str, Any]:
        """How a command to `isolate` names it, brought there when it is not yet."""
        self.check("Use a copy")
        if isolate.host_id in self._links:
            return {"copy": self.copy_id}
        if self._data is not None and self.size <= _INLINE_BYTES:
            return {"data": base64.b64encode(self._data).decode("ascii")}
        self._store.take(self.size, "Bring a copy to another host process")
        try:
            await link.copies.send(self.copy_id, await self.to_bytes())
        except BaseException:
            self._store.give_back(self.size)
            raise
        if self._gone is not None or isolate.host_id in self._links:  # released, or brought by another, meanwhile
            self._store.give_back(self.size)
            self.check("Use a copy")
        self._links[isolate.host_id] = link
        return {"copy": self.copy_id}

    def host_ended(self, host_id: int) -> None:
        if self._links.pop(host_id, None) is None:
            return
        if self._links or self._data is not None:
            self._store.give_back(self.size)
        else:
            cause = "the host process that held it ended, and the copy with it"
            self._end(HostLostError("Use a copy", cause, "Copy the value again."), held=1)

    def _end(self, error: GoneError, held: int = 0) -> None:
        if self._gone is not None:
            return
        self._gone = error
        for link in self._links.values():
            link.tell("Host.dropCopy", {"copyId": self.copy_id})
        places = held + len(self._links) + (self._data is not None)
        self._store.give_back(self.size * places)
        self._links.clear()
        self._data = None
        self._store.live.pop(self.copy_id, None)


def copy_from_python(store: CopyStore, value: Any) -> ExternalCopy:
    """CloneError with the path of what JavaScript has nothing for; LimitError above the cap."""
    if isinstance(value, ExternalCopy):
        raise UsageError("Make a copy of a Python value", "it is a copy already")
    return copy_from_bytes(store, encode(value), _shown(value))


def copy_from_bytes(store: CopyStore, data: bytes, text: str) -> ExternalCopy:
    store.take(len(data), "Make a copy of a Python value")
    copy = ExternalCopy(store, size=len(data), engine="python", v8_version="", copy_id=store.new_id(), text=text)
    copy.held_here(data)
    return copy


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return repr(value[:120])
    return f"{type(value).__name__}({len(value)})" if hasattr(value, "__len__") else repr(value)[:120]
