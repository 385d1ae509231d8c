"""The `Isolate.*` commands for sessions of foreign debuggers, and the way of a debugger's messages to its engine."""

from __future__ import annotations

from collections.abc import Callable

from inspector.errors import ProtocolError
from inspector.host.foreign_session import ForeignSession
from inspector.host.isolate import Isolate
from inspector.host.params import INVALID_PARAMS, Params

__all__ = ["MOST_SESSIONS", "SessionCommands", "dispatch_foreign"]

MOST_SESSIONS = 64  # of one isolate at once
_MOST_NUMBER = (1 << 53) - 1
# Served at once wherever the isolate is. What else may overtake a running script the engine decides.
_AT_ONCE = frozenset({"Debugger.pause", "Runtime.terminateExecution", "HeapProfiler.collectGarbage"})


class SessionCommands:
    """A session's number is the pool's choice, from 1, and never used twice in an isolate."""

    def __init__(self) -> None:
        self.table: dict[str, Callable[[Isolate, int | None, Params], None]] = {
            "Isolate.openSession": self._open,
            "Isolate.closeSession": self._close,
            "Isolate.grantSession": self._grant,
        }

    def _open(self, isolate: Isolate, command_id: int | None, params: Params) -> None:
        number = params.whole("session", 1, _MOST_NUMBER)
        if number in isolate.foreign:
            cause = f"session {number} is open already"
            raise ProtocolError("Isolate.openSession", cause, code=INVALID_PARAMS)
        if len(tuple(isolate.foreign)) >= MOST_SESSIONS:
            cause = f"{MOST_SESSIONS} debuggers are attached already"
            raise ProtocolError("Isolate.openSession", cause, "Close one first.")
        isolate.foreign.add(ForeignSession(isolate.isolate_id, number, isolate.link, isolate.lose_session))
        isolate.engine.open_session(number)
        isolate.answer(command_id, {})

    def _close(self, isolate: Isolate, command_id: int | None, params: Params) -> None:
        number = params.whole("session", 1, _MOST_NUMBER)
        if isolate.foreign.close(number):
            isolate.engine.close_session(number)
        isolate.answer(command_id, {})

    def _grant(self, isolate: Isolate, command_id: int | None, params: Params) -> None:
        session = isolate.foreign.find(params.whole("session", 1, _MOST_NUMBER))
        count = params.whole("bytes", 0, _MOST_NUMBER)
        if session is not None:  # else it was closed while the grant was on its way
            session.grant(count)
        if command_id is not None:
            isolate.answer(command_id, {})


def dispatch_foreign(isolate: Isolate, number: int, method: str, text: bytes) -> None:
    """A debugger's message, as it came: V8's inspector looks past `sessionId`. Raises ProtocolError."""
    if number not in isolate.foreign:
        raise ProtocolError(method, f"session {number} is not open", "Open it first.")
    isolate.engine.dispatch(number, text, urgent=method in _AT_ONCE)
