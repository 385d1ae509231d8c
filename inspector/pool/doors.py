"""The doors of a context: every way in and out of it, what went through, what was refused, and the means to close it.

Scripts reach nothing else: a context has V8's own globals and those of the web prelude, which ask the host for the
time, for random bytes, for copies and for timers alone.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from inspector.errors import GoneError
from inspector.pool.traffic import Traffic
from inspector.records import Door

if TYPE_CHECKING:
    from inspector.pool.context import Context
    from inspector.pool.reference import Reference

__all__ = ["ContextDoors", "Door"]

_CLOSED = "the door was closed"
_LASTING = ("values", "imports", "console", "ports")


class ContextDoors:
    """`context.doors`. Belongs to the pool's loop."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.values = Traffic()
        self.imports = Traffic()
        self.console = Traffic()
        self._closed: set[str] = set()

    def list(self) -> tuple[Door, ...]:
        """All of them: what is always there first, then what was made, oldest first."""
        lasting = [
            self._door("values", "values", "", self.values),
            self._door("imports", "imports", "", self.imports),
            self._door("console", "console", "", self.console),
        ]
        return (*lasting, *(door for door, _ in self._made()))

    def is_open(self, key: str) -> bool:
        return key not in self._closed

    def check(self, key: str, action: str) -> None:
        """GoneError when that door was closed."""
        if key in self._closed:
            cause = f"{_CLOSED}: {self._context.name} takes no {key} any more"
            raise GoneError(action, cause, "Open it again, or use another context.")

    async def close(self, key: str) -> None:
        """Let nothing through any more. What was made (a function, a port, a reference, a session) is ended; values,
        imports, ports and the console are refused until `open`. GoneError for one that is gone.
        """
        if key in _LASTING:
            self._closed.add(key)
            return
        found = next((shut for door, shut in self._made() if door.key == key), None)
        if found is None:
            raise GoneError("Close a door", f"{self._context.name} has no door {key!r}", "Choose one that is listed.")
        answer = found()
        if inspect.isawaitable(answer):
            await answer

    def open(self, key: str) -> None:
        """Let through again what `close` refused. Idempotent."""
        self._closed.discard(key)

    def _door(self, key: str, kind: str, name: str, traffic: Traffic, reference: Reference | None = None) -> Door:
        return Door(
            key,
            kind,
            name,
            traffic.calls,
            traffic.bytes_in,
            traffic.bytes_out,
            traffic.last_us,
            tuple(traffic.refused.items()),
            key in self._closed,
            "" if reference is None or reference.reached is None else str(reference.reached),
        )

    def _made(self) -> Iterator[tuple[Door, Callable[[], object]]]:
        """Each with how to close it."""
        context, isolate, door = self._context, self._context.isolate, self._door
        for one in isolate.host_functions.functions:
            if one.context_id == context.context_id:
                shut = partial(context.withdraw, one.name)
                yield door(f"function {one.name}", "function", one.name, one.traffic), shut
        for channel, port in isolate.ports.values():
            if port.context is context:
                name = f"{port.name}, to {channel.other(port).context.isolate.name}"
                yield door(f"port {port.number}", "port", name, port.traffic), channel.close
        for held in isolate.values.references:
            if held.context is context:
                key = f"held {held.number} {id(held):x}"
                yield door(key, "reference held", held.text, held.traffic, held), held.release
        for given in isolate.values.given.lent.values():
            if given.reference.context is context:
                name, value = f"{given.reference.text}, to {given.holder.isolate.name}", given.reference
                yield door(f"given {given.number}", "reference given", name, given.traffic, value), given.release
        for given in isolate.values.given.held.values():
            if given.holder is context:
                name = f"{given.name or given.reference.text}, of {given.owner.name}"
                yield door(f"taken {given.number}", "reference taken", name, given.traffic.reversed()), given.release
        for session in isolate.foreign.sessions:
            end = partial(session.close, "its door was closed")
            yield door(f"debugger {session.number}", "debugger", session.client, session.traffic), end
