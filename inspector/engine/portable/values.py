"""References and copies by our JavaScript (js/portable/wire-*.js and values.js). Belongs to the isolate's thread.

An order is a turn of its own. Its bytes go in and out through buffers whose memory Python and V8 both see.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from inspector.engine import value_errors
from inspector.engine.host_calls import CallAnswer
from inspector.engine.port import Done
from inspector.engine.portable.console import CONTEXT_ID
from inspector.engine.portable.racer import Interrupted
from inspector.engine.portable.thrown import from_details
from inspector.engine.ports import ClosePort, Deliver, EndReference, OpenPort, PortOrder, Refer
from inspector.engine.values import (
    Apply,
    Argument,
    Copied,
    Delete,
    Deserialize,
    Get,
    Held,
    Hold,
    Level,
    Order,
    Reach,
    Serialize,
    Set,
    ValueOrder,
)
from inspector.errors import (
    CancelledError,
    EngineError,
    InspectorError,
    LimitError,
)

if TYPE_CHECKING:
    from inspector.engine.portable.interior import Interior

__all__ = ["Values"]


class Values:
    def __init__(self, interior: Interior) -> None:
        self._in = interior
        self._open: dict[int, tuple[ValueOrder, Done]] = {}  # in line or at work
        self._ended: dict[int, str] = {}  # at work, and told to end: why
        self._current = 0

    def add(self, order: ValueOrder, done: Done) -> None:
        self._open[order.order_id] = (order, done)

    def end(self, order_id: int, why: str) -> None:
        """In line: answered at once. At work: interrupted."""
        if order_id not in self._open:
            return
        if order_id == self._current:
            self._ended[order_id] = value_errors.inside(why)
            self._in.turns.interrupt()
        else:
            self._finish(order_id, value_errors.ended_in_line(why))

    def stopped(self, why: str) -> None:
        """What is at work is being interrupted."""
        if self._current:
            self._ended.setdefault(self._current, why)

    async def serve(self, order: ValueOrder) -> None:
        """Its place in the line has come."""
        if order.order_id not in self._open:
            return
        answers: list[object] = []

        async def work() -> None:
            answers.append(await self._do(order))

        self._current = order.order_id
        try:
            if order.context_id != CONTEXT_ID:
                answers.append(value_errors.no_context(order.context_id))
            else:
                await self._in.turns.turn(work)
        finally:
            self._current = 0
        why = self._ended.pop(order.order_id, "")
        if answers:
            self._finish(order.order_id, answers[0])
        elif why:
            self._finish(order.order_id, CancelledError("use a value", why))
        else:
            cause = "V8 ended it at the memory limit, or it was stopped"
            self._finish(order.order_id, LimitError("use a value", cause, "Raise the limit, or copy less."))

    def close(self) -> None:
        for order_id in list(self._open):
            self._finish(order_id, value_errors.disposed())

    def _finish(self, order_id: int, answer: object) -> None:
        """Once."""
        opened = self._open.pop(order_id, None)
        if opened is not None:
            opened[1](answer)

    async def answer(self, answer: CallAnswer) -> None:
        """Settle the promise of a call. A turn of its own, as an order is."""
        try:
            await self.argument(answer.value)
            await self._in.agent.call("answerBytes", answer.call_id, answer.failed)
        finally:
            self._coming = 0

    async def release(self, references: tuple[int, ...]) -> None:
        if not self._in.racer.closed:
            await self._in.agent.call("releaseReferences", json.dumps(list(references)))

    # --- one order ---

    async def _do(self, order: ValueOrder) -> object:
        """What `done` gets. Raises Interrupted, and JSEvalException when V8 ended it."""
        what = order.what
        if isinstance(what, PortOrder):
            await self._in.agent.install_remote()
        began = time.perf_counter_ns()
        answer = await self._in.agent.call("value", json.dumps(await self._written(what)))
        failed = _failure(answer, what)
        self._coming = 0
        if failed is not None:
            return failed
        result = answer.get("result")
        work_us = (time.perf_counter_ns() - began) // 1000
        if isinstance(what, Serialize):
            data = await self._going()
            return Copied(data, work_us, int(result["detached"]))
        if isinstance(what, Set | Delete):
            return result is True
        if isinstance(what, Hold | Get | Apply | Deserialize):
            return Held(int(result["reference"]), result["type"], result["kind"], result["text"], work_us)
        if isinstance(what, Deliver):
            result["workUs"] = work_us
        return json.dumps(result)

    async def _written(self, what: object) -> dict[str, Any]:
        if isinstance(what, Hold):
            return {"op": "hold", "objectId": what.object_id}
        if isinstance(what, Get):
            return {"op": "get", "reference": what.reference, "key": await self.argument(what.key)}
        if isinstance(what, Set):
            key, value = await self.argument(what.key), await self.argument(what.value)
            return {"op": "set", "reference": what.reference, "key": key, "value": value}
        if isinstance(what, Delete):
            return {"op": "delete", "reference": what.reference, "key": await self.argument(what.key)}
        if isinstance(what, Apply):
            receiver = None if what.receiver is None else await self.argument(what.receiver)
            arguments = [await self.argument(one) for one in what.arguments]
            return {"op": "apply", "reference": what.reference, "receiver": receiver, "arguments": arguments}
        if isinstance(what, Serialize):
            most = min(what.most_bytes, 1 << 53)
            return {"op": "copyOut", "reference": what.reference, "most": most, "transfer": what.transfer}
        if isinstance(what, Deserialize):
            return {"op": "copyIn", "from": await self.argument(what.data), "name": what.name}
        if isinstance(what, Level):
            rows = {"first": what.first, "count": what.count, "path": list(what.path), "transfer": what.transfer}
            return {"op": "level", "reference": what.reference} | rows
        if isinstance(what, Reach):
            return {"op": "reach", "reference": what.reference, "most": what.most}
        if isinstance(what, Deliver):
            return {"op": "deliver", "port": what.port, "from": await self.argument(what.data)}
        if isinstance(what, OpenPort):
            return {"op": "openPort", "port": what.port, "name": what.name}
        if isinstance(what, ClosePort):
            return {"op": "closePort", "port": what.port, "why": what.why}
        if isinstance(what, Refer):
            return {"op": "refer", "number": what.number, "type": what.type, "name": what.name}
        if isinstance(what, EndReference):
            return {"op": "endReference", "number": what.number, "name": what.name}
        return {"op": "remote", "reference": getattr(what, "reference", 0)}

    _coming = 0

    async def argument(self, given: Argument) -> dict[str, int]:
        """A reference, or the number of the buffer that its bytes were put into."""
        if isinstance(given, int):
            return {"reference": given}
        limit = self._in.spec.memory_limit_bytes
        if len(given) > limit:
            raise Interrupted  # told as the memory limit: V8's heap could not hold it
        memory = await self._in.racer.evaluate(self._in.agent.source("coming", max(1, len(given))))
        memory.cast("B")[: len(given)] = given
        number, self._coming = self._coming, self._coming + 1
        return {"bytes": number}

    async def _going(self) -> bytes:
        memory = await self._in.racer.evaluate(self._in.agent.source("going"))
        return bytes(memory)


def _failure(answer: Mapping[str, Any], what: Order) -> InspectorError | None:
    failure = answer.get("failure")
    if failure is None:
        thrown = answer.get("threw")
        return None if thrown is None else value_errors.threw(from_details(thrown))
    if "refused" in failure:
        return value_errors.refused(str(failure["refused"]), str(failure["path"]))
    if "tooLarge" in failure:
        return value_errors.too_large(what.most_bytes if isinstance(what, Serialize) else 0)
    if "gone" in failure:
        return value_errors.let_go() if isinstance(what, Hold) else value_errors.unknown_reference(str(failure["gone"]))
    return EngineError("use a value", str(failure.get("failed", "")))
