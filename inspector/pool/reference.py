"""A handle to a value that stays in its isolate: read it, write it, call it, copy it, let it go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inspector.errors import GoneError

if TYPE_CHECKING:
    from inspector.pool.context import Context
    from inspector.pool.external_copy import ExternalCopy
    from inspector.pool.value_desk import ValueDesk

__all__ = ["Reference"]

PATIENCE_S = 30.0


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
        return await self._desk.get(self, key, timeout_s)

    async def set(self, key: Any, value: Any, *, timeout_s: float | None = PATIENCE_S) -> bool:
        """Write a property: a Python value, an ExternalCopy, a Reference of this isolate. False: it is read-only."""
        return await self._desk.set(self, key, value, timeout_s)

    async def delete(self, key: Any, *, timeout_s: float | None = PATIENCE_S) -> bool:
        """False: the property can't be deleted."""
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

    def release(self) -> None:
        """Let the value go: V8 may collect it. Idempotent."""
        if not self._released:
            self._released = True
            self._desk.released(self)

    def check(self, action: str) -> None:
        """GoneError when it was released."""
        if self._released:
            raise GoneError(action, f"reference {self.number} was released", "Hold the value again.")
