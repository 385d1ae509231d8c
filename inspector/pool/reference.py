"""A handle to a value that stays in its isolate: read it, write it, call it, copy it, let it go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from inspector.errors import GoneError
from inspector.pool.traffic import Traffic
from inspector.units import format_bytes

if TYPE_CHECKING:
    from inspector.pool.context import Context
    from inspector.pool.external_copy import ExternalCopy
    from inspector.pool.given import Given
    from inspector.pool.value_desk import ValueDesk

__all__ = ["Reference", "ValueReach"]

PATIENCE_S = 30.0


class ValueReach(Struct, frozen=True):
    """What a value leads to by own enumerable properties, elements and entries, and so keeps alive, itself included.

    Others may hold the same objects: it is no retained size, for which V8 has a heap snapshot alone
    (`Isolate.take_heap_snapshot`). What closures and getters hold is not seen.
    """

    objects: int
    functions: int
    buffer_bytes: int  # of ArrayBuffers
    text_units: int  # of strings, in UTF-16 units, each as often as it is met
    whole: bool  # False: there is more, the walk ended at its bound

    def __str__(self) -> str:
        more = "" if self.whole else " or more"
        words = f"leads to {self.objects + self.functions:,}{more} objects"
        words += f", {format_bytes(self.buffer_bytes)} of buffers" if self.buffer_bytes else ""
        return words + (f", {self.text_units:,} characters" if self.text_units else "")


class Reference:
    """Made by `Isolate.values`. It keeps its value alive until `release`, or until context or isolate end.

    Every call waits in line behind the running script, and ends with CancelledError after `timeout_s` (None: never).
    What the script's own code throws meanwhile is `ValueThrewError`.
    """

    def __init__(self, desk: ValueDesk, context: Context, number: int, described: dict[str, str]) -> None:
        self.context = context
        self.number = number
        self.type = described["type"]  # typeof
        self.kind = described["kind"]  # "array", "map", "promise", "view", ...: typeof where there is no better word
        self.text = described["text"]  # one line for a person
        self.work_us = 0  # what the isolate's thread took to make it
        self.traffic = Traffic()
        self.is_lent = False  # it is another isolate's
        self.reached: ValueReach | None = None  # what `reach` found last
        self._desk = desk
        self._released = False

    def __repr__(self) -> str:
        return f"<Reference {self.number} {self.text} of {self.context.name!r}>"

    @property
    def typeof(self) -> str:
        return self.type

    @property
    def is_released(self) -> bool:
        return self._released or self._desk.is_over

    async def get(self, key: Any, *, timeout_s: float | None = PATIENCE_S) -> Reference:
        """A reference to a property. `key`: a Python value, or a reference to a symbol."""
        self.traffic.used()
        return await self._desk.get(self, key, timeout_s)

    async def set(self, key: Any, value: Any, *, timeout_s: float | None = PATIENCE_S) -> bool:
        """Write a property: a Python value, an ExternalCopy, a Reference of this isolate. False: it is read-only."""
        self.traffic.used()
        return await self._desk.set(self, key, value, timeout_s)

    async def delete(self, key: Any, *, timeout_s: float | None = PATIENCE_S) -> bool:
        """False: the property can't be deleted."""
        self.traffic.used()
        return await self._desk.delete(self, key, timeout_s)

    async def apply(
        self,
        arguments: tuple[Any, ...] | list[Any] = (),
        *,
        receiver: Any = None,
        await_promise: bool = True,
        timeout_s: float | None = PATIENCE_S,
    ) -> Reference:
        """Call it; a reference to what it returns, or to what its promise is fulfilled with."""
        self.traffic.used()
        return await self._desk.apply(
            self, tuple(arguments), receiver=receiver, await_promise=await_promise, timeout_s=timeout_s
        )

    async def copy(self, *, transfer: bool = False, timeout_s: float | None = PATIENCE_S) -> ExternalCopy:
        """Copy the value out. `transfer`: its ArrayBuffers are detached here, once the copy is whole.

        CopyRefusedError with V8's words and the path of what it can't copy; LimitError above the cap.
        """
        return await self._desk.copy_out(self, transfer, timeout_s)

    async def value(self, *, timeout_s: float | None = PATIENCE_S) -> Any:
        """The value as Python, by the table in `inspector.clone`."""
        copy = await self.copy(timeout_s=timeout_s)
        try:
            return await copy.value()
        finally:
            copy.release()

    async def level(
        self,
        path: tuple[int, ...] = (),
        *,
        first: int = 0,
        count: int = 200,
        transfer: bool = False,
        timeout_s: float | None = PATIENCE_S,
    ) -> dict[str, Any]:
        """One level of the value as it would arrive, by positions: {self, rows, dropped}. Runs no getter."""
        return await self._desk.level(self, path, (first, count), transfer=transfer, timeout_s=timeout_s)

    async def give_to(self, context: Context, *, name: str, timeout_s: float | None = PATIENCE_S) -> Given:
        """Let scripts of another isolate use it: `name` there is an object whose get, set, delete, apply and copy give
        promises. It keeps the value alive until released, also when this handle is. UsageError; UnsupportedError.
        """
        return await self._desk.given.give(self, context, name, timeout_s)

    @property
    def holders(self) -> tuple[Given, ...]:
        """Those in other isolates, oldest first."""
        return tuple(one for one in self._desk.given.lent.values() if one.reference.number == self.number)

    async def reach(self, *, most: int = 1_000_000, timeout_s: float | None = PATIENCE_S) -> ValueReach:
        """What the value leads to: it keeps that alive. Looks at `most` objects at the most, runs no getter. Price:
        about 0.3 us an object of the isolate's thread.
        """
        self.reached = await self._desk.reach(self, most, timeout_s)
        return self.reached

    def release(self) -> None:
        """Let the value go: V8 may collect it. Idempotent."""
        if not self._released:
            self._released = True
            self._desk.released(self)

    def check(self, action: str) -> None:
        """GoneError when it was released."""
        if self._released:
            raise GoneError(action, f"reference {self.number} was released", "Hold the value again.")
