"""Values of one isolate, used from Python: references held and given to others, copies out and in."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from inspector.clone import encode
from inspector.errors import InspectorError, LimitError
from inspector.pool.copy_store import CopyStore
from inspector.pool.external_copy import ExternalCopy, copy_from_python
from inspector.pool.given import GivenReferences
from inspector.pool.reference import PATIENCE_S, Reference, ValueReach
from inspector.pool.value_move import Move
from inspector.pool.value_orders import Orders
from inspector.pool.value_results import Results
from inspector.states import Capability
from inspector.target.clock import now_us
from inspector.value_events import ReferenceHeld, ReferenceReleased

if TYPE_CHECKING:
    from inspector.pool.context import Context
    from inspector.pool.isolate import Isolate
    from inspector.pool.link import HostLink

__all__ = ["ValueDesk"]


class ValueDesk:
    """`isolate.values`. Belongs to the pool's loop."""

    def __init__(self, isolate: Isolate, link: HostLink, store: CopyStore) -> None:
        self._isolate = isolate
        self._link = link
        self.store = store
        self.orders = Orders(isolate, link)
        self._results = Results(self, self.orders)
        self._references: dict[Reference, None] = {}
        self.given = GivenReferences(isolate, store)

    # --- references ---

    @property
    def references(self) -> tuple[Reference, ...]:
        """Those that are held here, oldest first: each keeps its value alive. `given.lent` are other isolates'."""
        return tuple(one for one in self._references if not one.is_lent)

    @property
    def is_over(self) -> bool:
        return self._isolate.is_ending

    @property
    def waiting(self) -> Mapping[int, str]:
        """order_id -> what it does: sent and not answered yet, oldest first."""
        return self.orders.waiting

    async def cancel(self, order_id: int, why: str = "it was withdrawn") -> None:
        """End an order, in line or at work. Does nothing for one that was served."""
        await self.orders.cancel(order_id, why)

    async def global_reference(
        self, context_id: int | None = None, *, timeout_s: float | None = PATIENCE_S
    ) -> Reference:
        """The global object of a context (None: the default one): get, set and delete global names by it."""
        return await self.hold("", context_id, timeout_s=timeout_s)

    async def hold(
        self, object_id: str, context_id: int | None = None, *, timeout_s: float | None = PATIENCE_S
    ) -> Reference:
        """Keep what a CDP objectId stands for. GoneError when V8 has let go of it."""
        context = self._isolate.context(context_id, "Hold a value")
        return await self._held("Isolate.hold", {"objectId": object_id}, context, "Hold a value", timeout_s)

    async def reference(
        self, expression: str, context_id: int | None = None, *, timeout_s: float | None = PATIENCE_S
    ) -> Reference:
        """Run an expression in a context and keep its value, or what its promise is fulfilled with.

        It is a run like any other: ended by `timeout_s`, by a stop, by the memory limit. ValueThrewError for what it
        throws, CancelledError, LimitError.
        """
        context = self._isolate.context(context_id, "Evaluate an expression")
        return await self._results.reference(expression, context, timeout_s)

    async def arrived(self, value: Any, context: Context, timeout_s: float | None) -> Reference:
        """A Python value, copied in and held."""
        data = {"data": base64.b64encode(encode(value)).decode("ascii")}
        return await self._held("Isolate.copyIn", {"from": data, "name": ""}, context, "Hold a value", timeout_s)

    def external_copy(self, value: Any) -> ExternalCopy:
        """See `Pool.external_copy`."""
        return copy_from_python(self.store, value)

    async def get(self, reference: Reference, key: Any, timeout_s: float | None) -> Reference:
        action = "Read a property"
        params = {"reference": self.orders.number(reference, action), "key": await self.orders.argument(key)}
        return await self._held("Isolate.getProperty", params, reference.context, action, timeout_s)

    async def set(self, reference: Reference, key: Any, value: Any, timeout_s: float | None) -> bool:
        action = "Write a property"
        params = {
            "reference": self.orders.number(reference, action),
            "key": await self.orders.argument(key),
            "value": await self.orders.argument(value),
        }
        answer = await self.orders.send("Isolate.setProperty", params, reference.context, action, timeout_s)
        return answer["done"] is True

    async def delete(self, reference: Reference, key: Any, timeout_s: float | None) -> bool:
        action = "Delete a property"
        params = {"reference": self.orders.number(reference, action), "key": await self.orders.argument(key)}
        answer = await self.orders.send("Isolate.deleteProperty", params, reference.context, action, timeout_s)
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
            "reference": self.orders.number(reference, action),
            "arguments": [await self.orders.argument(one) for one in arguments],
        }
        if receiver is not None:
            params["receiver"] = await self.orders.argument(receiver)
        made = await self._held("Isolate.callReference", params, reference.context, action, timeout_s)
        if await_promise and made.kind == "promise":
            return await self._results.awaited(made, action, timeout_s)
        return made

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
            "reference": self.orders.number(reference, action),
            "path": list(path),
            "first": rows[0],
            "count": rows[1],
            "transfer": transfer,
        }
        answer = await self.orders.send("Isolate.valueLevel", params, reference.context, action, timeout_s)
        level: dict[str, Any] = json.loads(answer["json"])
        return level

    async def reach(self, reference: Reference, most: int, timeout_s: float | None) -> ValueReach:
        """See `Reference.reach`."""
        action = "See what a value leads to"
        params = {"reference": self.orders.number(reference, action), "most": most}
        answer = await self.orders.send("Isolate.reach", params, reference.context, action, timeout_s)
        told = json.loads(answer["json"])
        objects, functions, buffers, units = (
            int(told[key]) for key in ("objects", "functions", "bufferBytes", "textUnits")
        )
        return ValueReach(objects, functions, buffers, units, told["whole"] is True)

    def share(self, reference: Reference, action: str) -> Reference:
        """One handle more to the same value. GoneError when it was released."""
        reference.check(action)
        described = {"type": reference.type, "kind": reference.kind, "text": reference.text}
        made = Reference(self, reference.context, reference.number, described)
        made.is_lent = True
        self._references[made] = None
        return made

    def released(self, reference: Reference) -> None:
        """It was let go of; the value too, with the last handle to it."""
        if reference not in self._references:
            return
        del self._references[reference]
        if self.is_over or any(one.number == reference.number for one in self._references):
            return
        self.store.publish(ReferenceReleased(now_us(), self._isolate.isolate_id, reference.number))
        self.orders.say("Isolate.releaseReferences", {"references": [reference.number]})

    def context_ended(self, context_id: int) -> None:
        """Its references are over."""
        self.given.context_ended(context_id)
        for reference in tuple(self._references):
            if reference.context.context_id == context_id:
                reference.release()

    # --- copies ---

    async def copy_out(self, reference: Reference, transfer: bool, timeout_s: float | None) -> ExternalCopy:
        """See `Reference.copy`. A refusal is a message in the log too."""
        action, store = "Copy a value", self.store
        self._isolate.require(Capability.COPIES, action)
        copy_id = store.new_id()
        params = {
            "reference": self.orders.number(reference, action),
            "copyId": copy_id,
            "mostBytes": store.room_bytes,
            "transfer": transfer,
        }
        place = (self._isolate.isolate_id, reference.context.context_id)
        mode = "transfer" if transfer else "copy"
        move = Move(place, (None, 0), mode, "", reference.text)
        try:
            answer = await self.orders.send("Isolate.copyOut", params, reference.context, action, timeout_s)
            self._take(int(answer["bytes"]), copy_id, transfer, action)
        except InspectorError as error:
            move.tell(store, error)
            raise
        made = self.copy_held(copy_id, int(answer["bytes"]), reference.text)
        made.out_us = int(answer["workUs"])
        made.source = place
        made.mode = mode
        reference.traffic.used(bytes_out=made.size)
        return made

    def copy_held(self, copy_id: int, size: int, text: str) -> ExternalCopy:
        """The handle of a copy that this isolate's host holds; its size was taken from the store."""
        started = self._isolate.host.started
        made = ExternalCopy(
            self.store,
            size=size,
            engine="" if started is None else started.engine,
            v8_version="" if started is None else started.v8_version,
            copy_id=copy_id,
            text=text,
        )
        made.held_by_host(self._isolate.host_id, self._link)
        return made

    def _take(self, size: int, copy_id: int, transfer: bool, action: str) -> None:
        """Others may have taken the room meanwhile; what was transferred exists nowhere else, and is kept."""
        try:
            self.store.take(size, action)
        except LimitError:
            if not transfer:
                self._link.tell("Host.dropCopy", {"copyId": copy_id})
                raise
            self.store.give_back(-size)

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
            context.doors.check("values", action)
            given = await copy.argument(self._isolate, self._link)
            params = {"from": given, "name": name}
            answer = await self.orders.send("Isolate.copyIn", params, context, action, timeout_s)
            move.in_us = int(answer["workUs"])
            context.doors.values.used(bytes_in=copy.size)
            return self._note(answer, context)
        except InspectorError as caught:
            error = caught
            context.doors.values.refuse(caught.cause)
            raise
        finally:
            if told:
                move.tell(self.store, error)

    # --- inside ---

    async def _held(
        self, method: str, params: dict[str, Any], context: Context, action: str, timeout_s: float | None
    ) -> Reference:
        return self._note(await self.orders.send(method, params, context, action, timeout_s), context)

    def _note(self, answer: Mapping[str, Any], context: Context) -> Reference:
        described = {key: str(answer[key]) for key in ("type", "kind", "text")}
        reference = Reference(self, context, int(answer["reference"]), described)
        reference.work_us = int(answer["workUs"])
        self._references[reference] = None
        held = ReferenceHeld(
            now_us(), self._isolate.isolate_id, context.context_id, reference.number, reference.kind, reference.text
        )
        self.store.publish(held)
        return reference
