"""What is asked of one isolate on values: sent in line, waited for, withdrawn by whoever stops waiting."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Mapping
from itertools import count
from typing import TYPE_CHECKING, Any

from inspector.clone import CloneError, encode
from inspector.errors import (
    CancelledError,
    CopyRefusedError,
    EngineError,
    GoneError,
    InspectorError,
    LimitError,
    UsageError,
    ValueThrewError,
)
from inspector.pool.external_copy import ExternalCopy
from inspector.pool.reference import Reference
from inspector.states import Capability
from inspector.wire import session_id

if TYPE_CHECKING:
    from inspector.pool.context import Context
    from inspector.pool.isolate import Isolate
    from inspector.pool.link import HostLink

__all__ = ["Orders"]


class Orders:
    """Of one isolate. Belongs to the pool's loop."""

    def __init__(self, isolate: Isolate, link: HostLink) -> None:
        self.isolate = isolate
        self.link = link
        self.waiting: dict[int, str] = {}  # order_id -> what it does, oldest first: sent and not answered yet
        self._ids = count(1)

    async def cancel(self, order_id: int, why: str) -> None:
        """End an order, in line or at work. Does nothing for one that was served."""
        if order_id in self.waiting:
            await self.isolate.send("Isolate.endOrder", {"orderId": order_id, "why": why})

    async def send(
        self, method: str, params: dict[str, Any], context: Context, action: str, timeout_s: float | None
    ) -> Mapping[str, Any]:
        """Send, wait, and raise what went wrong. Whoever stops waiting withdraws the order."""
        self.isolate.require(Capability.REFERENCES, action)
        order_id = next(self._ids)
        params |= {"orderId": order_id, "contextId": context.context_id}
        if timeout_s is not None:
            if timeout_s < 0.001:
                raise UsageError(action, f"{timeout_s:g} s is no time to wait", "Give 1 ms or more, or None.")
            params["timeoutMs"] = timeout_s * 1000
        self.waiting[order_id] = action
        try:
            answer = await self.isolate.send(method, params)
        except BaseException:
            if not self.isolate.is_ending:
                self.say("Isolate.endOrder", {"orderId": order_id, "why": "it was withdrawn"})
            raise
        finally:
            del self.waiting[order_id]
        failure = answer.get("failure")
        if failure is not None:
            raise _error(failure, action)
        return answer

    def say_order(self, method: str, params: dict[str, Any], context: Context) -> None:
        """An order that nobody waits for."""
        self.say(method, params | {"orderId": next(self._ids), "contextId": context.context_id})

    def say(self, method: str, params: dict[str, Any]) -> None:
        """Nobody waits for the answer, and it does not matter when the isolate has ended."""
        with contextlib.suppress(InspectorError):
            self.link.ask(method, params, session_id(self.isolate.isolate_id), lambda _: None)

    async def argument(self, value: Any) -> dict[str, Any]:
        """A reference of this isolate, a copy, or a Python value that is copied."""
        if isinstance(value, Reference):
            if value.context.isolate is not self.isolate:
                cause = f"the reference lives in {value.context.isolate.name}"
                raise UsageError("Use a reference", cause, "Copy it, or use it where it lives.")
            return {"reference": self.number(value, "Use a reference")}
        if isinstance(value, ExternalCopy):
            return await value.argument(self.isolate, self.link)
        try:
            return {"data": base64.b64encode(encode(value)).decode("ascii")}
        except CloneError as error:
            raise UsageError("Hand a Python value over", error.cause, "See the table in inspector.clone.") from None

    def number(self, reference: Reference, action: str) -> int:
        """GoneError when it was released."""
        reference.check(action)
        return reference.number


def _error(failure: Mapping[str, Any], action: str) -> InspectorError:
    kind, cause, remedy = (str(failure.get(key) or "") for key in ("kind", "cause", "remedy"))
    if kind == "refused":
        return CopyRefusedError(action, cause, remedy, path=str(failure.get("path") or ""))
    if kind == "threw":
        return ValueThrewError(action, cause, str(failure.get("stack") or ""))
    kinds = {"limit": LimitError, "cancelled": CancelledError, "gone": GoneError}
    return kinds.get(kind, EngineError)(action, cause, remedy)
