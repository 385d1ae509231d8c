"""References to what expressions give, and to what promises are fulfilled with."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from inspector.clone import BigInt, undefined
from inspector.errors import CancelledError, LimitError, ValueThrewError
from inspector.pool.reference import Reference
from inspector.records import RunReport
from inspector.states import Capability, Outcome

if TYPE_CHECKING:
    from inspector.pool.context import Context
    from inspector.pool.value_desk import ValueDesk
    from inspector.pool.value_orders import Orders

__all__ = ["Results"]


# In a list, so that a primitive is handed over as it is, too. The public API engine awaits in a function alone.
_HELD = "[await (\n%s\n)]"
_HELD_IN_FUNCTION = "(async () => [await (\n%s\n)])()"


class Results:
    """Of one isolate. Belongs to the pool's loop."""

    def __init__(self, desk: ValueDesk, orders: Orders) -> None:
        self._desk = desk
        self._orders = orders
        self._isolate = orders.isolate

    async def reference(self, expression: str, context: Context, timeout_s: float | None) -> Reference:
        """See `ValueDesk.reference`."""
        action = "Evaluate an expression"
        self._isolate.require(Capability.REFERENCES, action)
        run_id, report = await self._isolate.evaluate_within(
            (_HELD_IN_FUNCTION if self._isolate.refusal(Capability.INSPECTOR) else _HELD) % expression,
            context.context_id,
            timeout_s,
        )
        if report.error is not None and report.error.name == "SyntaxError":  # statements
            _, report = await self._isolate.evaluate_within(expression, context.context_id, timeout_s)
            return await self._of_remote(_result(report, action), context, timeout_s)
        remote = _result(report, action)
        pair = await self._of_remote(remote, context, timeout_s)
        try:
            return await pair.get(0, timeout_s=timeout_s)
        finally:
            pair.release()
            self._orders.say("Runtime.releaseObjectGroup", {"objectGroup": f"run:{run_id}"})

    async def _of_remote(self, remote: Mapping[str, Any], context: Context, timeout_s: float | None) -> Reference:
        object_id = remote.get("objectId")
        if object_id is None:
            return await self._desk.arrived(_primitive_of(remote), context, timeout_s)
        return await self._desk.hold(object_id, context.context_id, timeout_s=timeout_s)

    async def awaited(self, promise: Reference, action: str, timeout_s: float | None) -> Reference:
        """What a promise is fulfilled with. The promise is let go of."""
        try:
            if self._isolate.refusal(Capability.INSPECTOR):
                return await self._awaited_by_name(promise, timeout_s)
            params = {"reference": self._orders.number(promise, action)}
            answer = await self._orders.send("Isolate.remoteOf", params, promise.context, action, timeout_s)
            object_id = json.loads(answer["json"])["objectId"]
            try:
                async with asyncio.timeout(timeout_s):
                    settled = await self._isolate.send("Runtime.awaitPromise", {"promiseObjectId": object_id})
            except TimeoutError:
                raise CancelledError(action, f"its promise did not settle within {timeout_s:g} s") from None
            details = settled.get("exceptionDetails")
            if details is not None:
                thrown = details.get("exception") or {}
                text = str(thrown.get("description") or thrown.get("value") or details.get("text", "it threw"))
                raise ValueThrewError(action, text.split("\n", 1)[0], text)
            return await self._of_remote(settled["result"], promise.context, timeout_s)
        finally:
            promise.release()

    async def _awaited_by_name(self, promise: Reference, timeout_s: float | None) -> Reference:
        """Without V8's inspector: by a run that finds it, for a moment, under a name that nobody can guess."""
        name = f"inspector_{secrets.token_hex(16)}"
        world = await self._desk.global_reference(promise.context.context_id, timeout_s=timeout_s)
        try:
            await world.set(name, promise, timeout_s=timeout_s)
            return await self.reference(name, promise.context, timeout_s)
        finally:
            await world.delete(name, timeout_s=timeout_s)
            world.release()


def _primitive_of(remote: Mapping[str, Any]) -> Any:
    """The Python value of a RemoteObject without an objectId."""
    special = remote.get("unserializableValue")
    if special is not None:
        return BigInt(special[:-1]) if special.endswith("n") else float(special.replace("Infinity", "inf"))
    return undefined if remote.get("type") == "undefined" else remote.get("value")


def _result(report: RunReport, action: str) -> Mapping[str, Any]:
    """The RemoteObject of a run that completed; else raises why there is none."""
    if report.outcome is Outcome.COMPLETED and report.result is not None:
        return report.result
    if report.error is not None:
        raise ValueThrewError(action, f"{report.error.name}: {report.error.message}", report.error.stack)
    limit = report.outcome in (Outcome.HEAP_LIMIT, Outcome.EXTERNAL_LIMIT)
    raise (LimitError if limit else CancelledError)(action, f"{report.outcome}: {report.evidence}")
