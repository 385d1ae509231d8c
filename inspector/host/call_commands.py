"""The `Isolate.*` commands on functions of the host that scripts call; the calls themselves are told by the engine."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any

from inspector.engine.host_calls import CallAnswer, CallsHost
from inspector.engine.port import Done
from inspector.engine.ports import Bytes
from inspector.errors import ProtocolError
from inspector.host.copies import Copies
from inspector.host.isolate import Isolate
from inspector.host.params import INVALID_PARAMS, METHOD_NOT_FOUND, Params

__all__ = ["CallCommands"]

_MOST_ID = (1 << 53) - 1

Answering = Callable[[Isolate, int | None, Callable[[Any], dict[str, Any]]], Done]


class CallCommands:
    """`done(isolate, command_id, write)` makes a `Done` whose answer is written on the loop."""

    def __init__(self, done: Answering, copies: Copies) -> None:
        self._done = done
        self._copies = copies
        self.table: dict[str, Callable[[Isolate, int | None, Params], None]] = {
            "Isolate.expose": self._expose,
            "Isolate.withdraw": self._withdraw,
            "Isolate.answerCall": self._answer_call,
        }

    def _expose(self, isolate: Isolate, command_id: int | None, params: Params) -> None:
        context_id = params.whole("contextId", 0, _MOST_ID)
        _engine(isolate).expose(context_id, params.text("name"), self._done(isolate, command_id, _nothing))

    def _withdraw(self, isolate: Isolate, command_id: int | None, params: Params) -> None:
        context_id = params.whole("contextId", 0, _MOST_ID)
        _engine(isolate).withdraw(context_id, params.text("name"), self._done(isolate, command_id, _nothing))

    def _answer_call(self, isolate: Isolate, command_id: int | None, params: Params) -> None:
        answer = CallAnswer(
            context_id=params.whole("contextId", 0, _MOST_ID),
            call_id=params.text("callId"),
            failed=params.flag("failed", False),
            value=self._value(params),
        )
        _engine(isolate).answer_call(answer, self._done(isolate, command_id, _nothing))

    def _value(self, params: Params) -> Bytes:
        """A copy that is held here, or V8's wire format in base64."""
        if params.has("copy"):
            return self._copies.get(params.whole("copy", 1, _MOST_ID))
        try:
            return base64.b64decode(params.text("data"), validate=True)
        except (binascii.Error, ValueError):
            raise ProtocolError("Isolate.answerCall", "data is no base64", code=INVALID_PARAMS) from None


def _engine(isolate: Isolate) -> CallsHost:
    engine = isolate.engine
    if not isinstance(engine, CallsHost):
        raise ProtocolError("Isolate.expose", "this engine has no host functions", code=METHOD_NOT_FOUND)
    return engine


def _nothing(_: object) -> dict[str, Any]:
    return {}
