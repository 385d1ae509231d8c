"""The `Isolate.*` commands on values: references, copies out and in; and the `Host.*` commands on copies.

What goes wrong with a value is an answer with `failure`, not JSON-RPC's error: it has parts (a path, a stack).
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import functools
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from inspector.engine.port import Done
from inspector.engine.values import (
    Apply,
    Argument,
    Copied,
    CopiesValues,
    Delete,
    Deserialize,
    Get,
    Held,
    Hold,
    Level,
    Order,
    Reach,
    Remote,
    Serialize,
    Set,
    ValueOrder,
)
from inspector.errors import (
    CancelledError,
    CopyRefusedError,
    GoneError,
    InspectorError,
    LimitError,
    ProtocolError,
    ValueThrewError,
)
from inspector.host.copies import Copies
from inspector.host.isolate import Isolate
from inspector.host.params import INVALID_PARAMS, METHOD_NOT_FOUND, Params
from inspector.host.port_commands import grant_port, port_orders

__all__ = ["ValueCommands"]

_MOST = (1 << 53) - 1
_MOST_MS = 1e12
_MOST_ROWS = 10_000
_MOST_OBJECTS = 100_000_000
# The first that fits names the failure.
_FAILURES = (
    (CopyRefusedError, "refused"),
    (ValueThrewError, "threw"),
    (LimitError, "limit"),
    (CancelledError, "cancelled"),
    (GoneError, "gone"),
    (InspectorError, "failed"),
)

Answering = Callable[[Isolate, int | None, Callable[[Any], dict[str, Any]]], Done]


class _Failure(Struct, frozen=True):
    """An error on its way to the loop as an ordinary answer."""

    error: InspectorError


class ValueCommands:
    """`done(isolate, command_id, write)` makes a `Done` whose answer is written on the loop."""

    def __init__(self, done: Answering, copies: Copies) -> None:
        self._done = done
        self._copies = copies
        orders: dict[str, Callable[[Params], Order]] = {
            "Isolate.hold": self._hold,
            "Isolate.getProperty": self._get,
            "Isolate.setProperty": self._set,
            "Isolate.deleteProperty": self._delete,
            "Isolate.callReference": self._apply,
            "Isolate.copyOut": self._copy_out,
            "Isolate.copyIn": self._copy_in,
            "Isolate.valueLevel": self._level,
            "Isolate.remoteOf": lambda params: Remote(_reference(params)),
            "Isolate.reach": lambda params: Reach(_reference(params), params.whole("most", 1, _MOST_OBJECTS)),
            **port_orders(self._argument),
        }
        self.table: dict[str, Callable[[Isolate, int | None, Params], None]] = {
            **{method: functools.partial(self._order, read) for method, read in orders.items()},
            "Isolate.endOrder": self._end_order,
            "Isolate.grantPort": grant_port,
            "Isolate.releaseReferences": self._release,
        }

    # --- orders ---

    def _order(self, read: Callable[[Params], Order], isolate: Isolate, command_id: int | None, params: Params) -> None:
        engine = _engine(isolate)
        what = read(params)
        order = ValueOrder(params.whole("orderId", 1, _MOST), params.whole("contextId", 0, _MOST), what)
        timeout_ms = params.optional_number("timeoutMs", 1, _MOST_MS)
        timer: asyncio.TimerHandle | None = None
        if timeout_ms is not None:
            why = f"it took longer than {timeout_ms / 1000:g} s"
            timer = asyncio.get_running_loop().call_later(timeout_ms / 1000, engine.end_order, order.order_id, why)
        copy_id = params.whole("copyId", 1, _MOST) if isinstance(what, Serialize) else 0

        def write(result: object) -> dict[str, Any]:
            if timer is not None:
                timer.cancel()
            if isinstance(result, Copied):
                self._copies.hold(copy_id, result.data)
            return _written(result)

        done = self._done(isolate, command_id, write)
        engine.order(order, lambda result: done(_Failure(result) if isinstance(result, InspectorError) else result))

    def _hold(self, params: Params) -> Order:
        return Hold(params.text("objectId", ""))

    def _get(self, params: Params) -> Order:
        return Get(_reference(params), self._argument(params, "key"))

    def _set(self, params: Params) -> Order:
        return Set(_reference(params), self._argument(params, "key"), self._argument(params, "value"))

    def _delete(self, params: Params) -> Order:
        return Delete(_reference(params), self._argument(params, "key"))

    def _apply(self, params: Params) -> Order:
        receiver = self._argument(params, "receiver") if params.has("receiver") else None
        arguments = tuple(self._read_argument(one) for one in params.items("arguments"))
        return Apply(_reference(params), receiver, arguments)

    def _copy_out(self, params: Params) -> Order:
        return Serialize(_reference(params), params.whole("mostBytes", 0, _MOST), params.flag("transfer", False))

    def _copy_in(self, params: Params) -> Order:
        data = self._argument(params, "from")
        if isinstance(data, int):
            raise ProtocolError("Isolate.copyIn", "a reference is no copy", code=INVALID_PARAMS)
        return Deserialize(data, params.text("name", ""))

    def _level(self, params: Params) -> Order:
        path = tuple(one for one in params.items("path") if isinstance(one, int) and 0 <= one <= _MOST)
        first, count = params.whole("first", 0, _MOST), params.whole("count", 0, _MOST_ROWS)
        return Level(_reference(params), path, first, count, params.flag("transfer", False))

    def _argument(self, params: Params, name: str) -> Argument:
        return self._read_argument(params.thing(name))

    def _read_argument(self, given: dict[str, Any]) -> Argument:
        """{reference} or {copy} or {data: base64 of V8's wire format}."""
        for key in ("reference", "copy"):
            number = given.get(key)
            if type(number) is int:
                return number if key == "reference" else self._copies.get(number)
        try:
            return base64.b64decode(given["data"], validate=True)
        except (KeyError, TypeError, binascii.Error, ValueError):
            raise ProtocolError("Use a value", "it is no reference, copy or data", code=INVALID_PARAMS) from None

    # --- the rest ---

    def _end_order(self, isolate: Isolate, command_id: int | None, params: Params) -> None:
        _engine(isolate).end_order(params.whole("orderId", 1, _MOST), params.text("why", "it was withdrawn"))
        isolate.answer(command_id, {})

    def _release(self, isolate: Isolate, command_id: int | None, params: Params) -> None:
        references = tuple(one for one in params.items("references") if type(one) is int)
        _engine(isolate).release_references(references)
        isolate.answer(command_id, {})


def _reference(params: Params) -> int:
    return params.whole("reference", 1, _MOST)


def _engine(isolate: Isolate) -> CopiesValues:
    engine = isolate.engine
    if not isinstance(engine, CopiesValues):
        raise ProtocolError("Use a value", "this engine can't use values from outside", code=METHOD_NOT_FOUND)
    return engine


def _written(result: object) -> dict[str, Any]:
    if isinstance(result, _Failure):
        return {"failure": _failure(result.error)}
    if isinstance(result, Held):
        return {
            "reference": result.reference,
            "type": result.type,
            "kind": result.kind,
            "text": result.text,
            "workUs": result.work_us,
        }
    if isinstance(result, Copied):
        return {"bytes": len(result.data), "workUs": result.work_us, "detached": result.detached}
    return {"json": result} if isinstance(result, str) else {"done": result is True}


def _failure(error: InspectorError) -> dict[str, Any]:
    return {
        "kind": next(name for kind, name in _FAILURES if isinstance(error, kind)),
        "cause": error.cause,
        "remedy": error.remedy,
        "path": error.path if isinstance(error, CopyRefusedError) else "",
        "stack": error.stack if isinstance(error, ValueThrewError) else "",
    }
