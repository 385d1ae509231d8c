"""Values of one isolate, used from Python: references held, orders in line, copies out and in."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import secrets
from collections.abc import Mapping
from itertools import count
from typing import TYPE_CHECKING, Any

from inspector.clone import BigInt, CloneError, encode, undefined
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
from inspector.pool.copy_store import CopyStore
from inspector.pool.external_copy import ExternalCopy, copy_from_python
from inspector.pool.reference import PATIENCE_S, Reference
from inspector.pool.value_move import Move
from inspector.records import RunReport
from inspector.states import Capability, Outcome
from inspector.target.clock import now_us
from inspector.value_events import ReferenceHeld, ReferenceReleased
from inspector.wire import session_id

if TYPE_CHECKING:
    from inspector.pool.context import Context
    from inspector.pool.isolate import Isolate
    from inspector.pool.link import HostLink

__all__ = ["ValueDesk"]


# In a list, so that a primitive is handed over as it is, too. The public API engine awaits in a function alone.
_HELD = "[await (\n%s\n)]"
_HELD_IN_FUNCTION = "(async () => [await (\n%s\n)])()"


class ValueDesk:
    """`isolate.values`. Belongs to the pool's loop."""

    def __init__(self, isolate: Isolate, link: HostLink, store: CopyStore) -> None:
        self._isolate = isolate
        self._link = link
        self._store = store
        self._order_ids = count(1)
        self._references: dict[int, Reference] = {}
        self._waiting: dict[int, str] = {}  # order_id -> what it does, oldest first

    # --- references ---

    @property
    def references(self) -> tuple[Reference, ...]:
        """Those that are held, oldest first: each keeps its value alive."""
        return tuple(self._references.values())

    @property
    def is_over(self) -> bool:
        return self._isolate.is_ending

    @property
    def waiting(self) -> Mapping[int, str]:
        """order_id -> what it does: sent and not answered yet, oldest first."""
        return self._waiting

    async def cancel(self, order_id: int, why: str = "it was withdrawn") -> None:
        """End an order, in line or at work. Does nothing for one that was served."""
        if order_id in self._waiting:
            await self._isolate.send("Isolate.endOrder", {"orderId": order_id, "why": why})

    async def global_reference(
        self, context_id: int | None = None, *, timeout_s: float | None = PATIENCE_S
    ) -> Reference:
        """The global object of a context (None: the default one): get, set and delete global names by it."""
        return await self.hold("", context_id, timeout_s=timeout_s)

    async def hold(
        self, object_id: str, context_id: int | None = None, *, timeout_s: float | None = PATIENCE_S
    ) -> Reference:
        """Keep what a CDP objectId stands for. GoneError when V8 has let go of it."""
        context = self._context(context_id, "Hold a value")
        return await self._held("Isolate.hold", {"objectId": object_id}, context, "Hold a value", timeout_s)

    async def reference(
        self, expression: str, context_id: int | None = None, *, timeout_s: float | None = PATIENCE_S
    ) -> Reference:
        """Run an expression in a context and keep its value, or what its promise is fulfilled with.

        It is a run like any other: ended by `timeout_s`, by a stop, by the memory limit. ValueThrewError for what it
        throws, CancelledError, LimitError.
        """
        action = "Evaluate an expression"
        context = self._context(context_id, action)
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
            self._say("Runtime.releaseObjectGroup", {"objectGroup": f"run:{run_id}"})

    async def _of_remote(self, remote: Mapping[str, Any], context: Context, timeout_s: float | None) -> Reference:
        object_id = remote.get("objectId")
        if object_id is None:
            return await self._primitive(remote, context, timeout_s)
        return await self.hold(object_id, context.context_id, timeout_s=timeout_s)

    async def _primitive(self, remote: Mapping[str, Any], context: Context, timeout_s: float | None) -> Reference:
        data = {"data": base64.b64encode(encode(_primitive_of(remote))).decode("ascii")}
        return await self._held("Isolate.copyIn", {"from": data, "name": ""}, context, "Hold a value", timeout_s)

    def external_copy(self, value: Any) -> ExternalCopy:
        """See `Pool.external_copy`."""
        return copy_from_python(self._store, value)

    async def get(self, reference: Reference, key: Any, timeout_s: float | None) -> Reference:
        params = {"reference": self._number(reference, "Read a property"), "key": await self._argument(key)}
        return await self._held("Isolate.getProperty", params, reference.context, "Read a property", timeout_s)

    async def set(self, reference: Reference, key: Any, value: Any, timeout_s: float | None) -> bool:
        action = "Write a property"
        params = {
            "reference": self._number(reference, action),
            "key": await self._argument(key),
            "value": await self._argument(value),
        }
        return (await self._order("Isolate.setProperty", params, reference.context, action, timeout_s))["done"] is True

    async def delete(self, reference: Reference, key: Any, timeout_s: float | None) -> bool:
        action = "Delete a property"
        params = {"reference": self._number(reference, action), "key": await self._argument(key)}
        answer = await self._order("Isolate.deleteProperty", params, reference.context, action, timeout_s)
        return answer["done"] is True

    async def apply(
        self,
        reference: Reference,
        arguments: tuple[Any, ...],
        *,
        receiver: Any,
        await_promise: bool,
        timeout_s: float | None,
    ) -> Reference:
        action = "Call a function"
        params: dict[str, Any] = {
            "reference": self._number(reference, action),
            "arguments": [await self._argument(one) for one in arguments],
        }
        if receiver is not None:
            params["receiver"] = await self._argument(receiver)
        made = await self._held("Isolate.callReference", params, reference.context, action, timeout_s)
        return await self._awaited(made, action, timeout_s) if await_promise and made.kind == "promise" else made

    async def _awaited(self, promise: Reference, action: str, timeout_s: float | None) -> Reference:
        """What a promise is fulfilled with. The promise is let go of."""
        try:
            if self._isolate.refusal(Capability.INSPECTOR):
                return await self._awaited_by_name(promise, timeout_s)
            params = {"reference": self._number(promise, action)}
            answer = await self._order("Isolate.remoteOf", params, promise.context, action, timeout_s)
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
        world = await self.global_reference(promise.context.context_id, timeout_s=timeout_s)
        try:
            await world.set(name, promise, timeout_s=timeout_s)
            return await self.reference(name, promise.context.context_id, timeout_s=timeout_s)
        finally:
            await world.delete(name, timeout_s=timeout_s)
            world.release()

    async def level(
        self,
        reference: Reference,
        path: tuple[int, ...],
        rows: tuple[int, int],
        *,
        transfer: bool,
        timeout_s: float | None,
    ) -> dict[str, Any]:
        """`rows`: the first, and how many."""
        action = "Look at a value"
        params = {
            "reference": self._number(reference, action),
            "path": list(path),
            "first": rows[0],
            "count": rows[1],
            "transfer": transfer,
        }
        answer = await self._order("Isolate.valueLevel", params, reference.context, action, timeout_s)
        level: dict[str, Any] = json.loads(answer["json"])
        return level

    def released(self, reference: Reference) -> None:
        """It was let go of."""
        if self._references.pop(reference.number, None) is None or self.is_over:
            return
        self._store.publish(ReferenceReleased(now_us(), self._isolate.isolate_id, reference.number))
        self._say("Isolate.releaseReferences", {"references": [reference.number]})

    def context_ended(self, context_id: int) -> None:
        """Its references are over."""
        for reference in self.references:
            if reference.context.context_id == context_id:
                reference.release()

    # --- copies ---

    async def copy_out(self, reference: Reference, transfer: bool, timeout_s: float | None) -> ExternalCopy:
        """See `Reference.copy`. A refusal is a message in the log too."""
        action, store = "Copy a value", self._store
        self._isolate.require(Capability.COPIES, action)
        copy_id = store.new_id()
        params = {
            "reference": self._number(reference, action),
            "copyId": copy_id,
            "mostBytes": store.room_bytes,
            "transfer": transfer,
        }
        place = (self._isolate.isolate_id, reference.context.context_id)
        mode = "transfer" if transfer else "copy"
        move = Move(place, (None, 0), mode, "", reference.text)
        try:
            answer = await self._order("Isolate.copyOut", params, reference.context, action, timeout_s)
            self._take(int(answer["bytes"]), copy_id, transfer, action)
        except InspectorError as error:
            move.tell(store, error)
            raise
        started = self._isolate.host.started
        made = ExternalCopy(
            store,
            size=int(answer["bytes"]),
            engine="" if started is None else started.engine,
            v8_version="" if started is None else started.v8_version,
            copy_id=copy_id,
            text=reference.text,
        )
        made.held_by_host(self._isolate.host_id, self._link)
        made.out_us = int(answer["workUs"])
        made.source = place
        made.mode = mode
        return made

    def _take(self, size: int, copy_id: int, transfer: bool, action: str) -> None:
        """Others may have taken the room meanwhile; what was transferred exists nowhere else, and is kept."""
        try:
            self._store.take(size, action)
        except LimitError:
            if not transfer:
                self._link.tell("Host.dropCopy", {"copyId": copy_id})
                raise
            self._store.give_back(-size)

    async def copy_in(
        self, copy: ExternalCopy, context: Context, name: str, timeout_s: float | None, *, told: bool
    ) -> Reference:
        """See `ExternalCopy.into`. Each is a message in the log, whatever becomes of it."""
        action = "Copy a value into a context"
        target = (self._isolate.isolate_id, context.context_id)
        move = Move(copy.source, target, copy.mode, name, copy.text, copy.size, copy.out_us, 0, copy.copy_id)
        error: InspectorError | None = None
        try:
            self._isolate.require(Capability.COPIES, action)
            given = await copy.argument(self._isolate, self._link)
            answer = await self._order("Isolate.copyIn", {"from": given, "name": name}, context, action, timeout_s)
            move.in_us = int(answer["workUs"])
            return self._note(answer, context)
        except InspectorError as caught:
            error = caught
            raise
        finally:
            if told:
                move.tell(self._store, error)

    # --- orders ---

    async def _held(
        self, method: str, params: dict[str, Any], context: Context, action: str, timeout_s: float | None
    ) -> Reference:
        return self._note(await self._order(method, params, context, action, timeout_s), context)

    def _note(self, answer: Mapping[str, Any], context: Context) -> Reference:
        described = {key: str(answer[key]) for key in ("type", "kind", "text")}
        reference = Reference(self, context, int(answer["reference"]), described)
        reference.work_us = int(answer["workUs"])
        self._references[reference.number] = reference
        held = ReferenceHeld(
            now_us(), self._isolate.isolate_id, context.context_id, reference.number, reference.kind, reference.text
        )
        self._store.publish(held)
        return reference

    async def _order(
        self, method: str, params: dict[str, Any], context: Context, action: str, timeout_s: float | None
    ) -> Mapping[str, Any]:
        """Send, wait, and raise what went wrong. Whoever stops waiting withdraws the order."""
        self._isolate.require(Capability.REFERENCES, action)
        order_id = next(self._order_ids)
        params |= {"orderId": order_id, "contextId": context.context_id}
        if timeout_s is not None:
            if timeout_s < 0.001:
                raise UsageError(action, f"{timeout_s:g} s is no time to wait", "Give 1 ms or more, or None.")
            params["timeoutMs"] = timeout_s * 1000
        self._waiting[order_id] = action
        try:
            answer = await self._isolate.send(method, params)
        except BaseException:
            if not self.is_over:
                self._say("Isolate.endOrder", {"orderId": order_id, "why": "it was withdrawn"})
            raise
        finally:
            del self._waiting[order_id]
        failure = answer.get("failure")
        if failure is not None:
            raise _error(failure, action)
        return answer

    def _say(self, method: str, params: dict[str, Any]) -> None:
        """Nobody waits for the answer, and it does not matter when the isolate has ended."""
        with contextlib.suppress(InspectorError):
            self._link.ask(method, params, session_id(self._isolate.isolate_id), lambda _: None)

    async def _argument(self, value: Any) -> dict[str, Any]:
        """A reference of this isolate, a copy, or a Python value that is copied."""
        if isinstance(value, Reference):
            if value.context.isolate is not self._isolate:
                cause = f"the reference lives in {value.context.isolate.name}"
                raise UsageError("Use a reference", cause, "Copy it, or use it where it lives.")
            return {"reference": self._number(value, "Use a reference")}
        if isinstance(value, ExternalCopy):
            return await value.argument(self._isolate, self._link)
        try:
            return {"data": base64.b64encode(encode(value)).decode("ascii")}
        except CloneError as error:
            raise UsageError("Hand a Python value over", error.cause, "See the table in inspector.clone.") from None

    def _number(self, reference: Reference, action: str) -> int:
        reference.check(action)
        return reference.number

    def _context(self, context_id: int | None, action: str) -> Context:
        return self._isolate.context(context_id, action)


def _error(failure: Mapping[str, Any], action: str) -> InspectorError:
    kind, cause, remedy = (str(failure.get(key) or "") for key in ("kind", "cause", "remedy"))
    if kind == "refused":
        return CopyRefusedError(action, cause, remedy, path=str(failure.get("path") or ""))
    if kind == "threw":
        return ValueThrewError(action, cause, str(failure.get("stack") or ""))
    kinds = {"limit": LimitError, "cancelled": CancelledError, "gone": GoneError}
    return kinds.get(kind, EngineError)(action, cause, remedy)


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
