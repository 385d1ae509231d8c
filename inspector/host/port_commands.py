"""The `Isolate.*` commands on ports and on references to values of other isolates: orders like those on values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from inspector.engine.ports import ClosePort, Deliver, EndReference, OpenPort, PassesMessages, PortOrder, Refer
from inspector.errors import ProtocolError
from inspector.host.isolate import Isolate
from inspector.host.params import INVALID_PARAMS, METHOD_NOT_FOUND, Params

__all__ = ["grant_port", "port_orders"]

_MOST = (1 << 53) - 1


def port_orders(copied: Callable[[Params, str], Any]) -> dict[str, Callable[[Params], PortOrder]]:
    """`copied` reads a copy, or a reference's number, from the parameter of a name."""

    def deliver(params: Params) -> PortOrder:
        data = copied(params, "from")
        if isinstance(data, int):
            raise ProtocolError("Isolate.deliver", "a reference is no message", code=INVALID_PARAMS)
        return Deliver(params.whole("port", 1, _MOST), data)

    return {
        "Isolate.openPort": lambda params: OpenPort(params.whole("port", 1, _MOST), params.text("name")),
        "Isolate.deliver": deliver,
        "Isolate.closePort": lambda params: ClosePort(params.whole("port", 1, _MOST), params.text("why")),
        "Isolate.refer": lambda params: Refer(
            params.whole("number", 1, _MOST), params.text("type"), params.text("name")
        ),
        "Isolate.endReference": lambda params: EndReference(params.whole("number", 1, _MOST), params.text("name")),
    }


def grant_port(isolate: Isolate, command_id: int | None, params: Params) -> None:
    """`Isolate.grantPort`: so much of what a port posted has been taken."""
    engine = isolate.engine
    if not isinstance(engine, PassesMessages):
        raise ProtocolError("Isolate.grantPort", "this engine has no ports", code=METHOD_NOT_FOUND)
    messages, size = params.whole("messages", 0, _MOST), params.whole("bytes", 0, _MOST)
    engine.grant_port(params.whole("port", 1, _MOST), messages, size)
    if command_id is not None:
        isolate.answer(command_id, {})
