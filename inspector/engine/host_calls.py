"""What an `EngineIsolate` may add: functions of the host that scripts call.

The function on the global object gives a promise. A call is told at once, in the standing session's stream, as
`Isolate.hostCalled` {contextId, runId, name, callId, and the arguments: `data` (base64, a list in V8's wire format)};
`answer_call` settles its promise some time.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from msgspec import Struct

from inspector.engine.port import Done
from inspector.engine.ports import Bytes

__all__ = ["MOST_CALL_BYTES", "CallAnswer", "CallsHost"]

MOST_CALL_BYTES = 64 << 20  # of the arguments of one call; more reject its promise


class CallAnswer(Struct, frozen=True):
    """`value`: in V8's wire format. `failed`: the promise is rejected with it."""

    context_id: int
    call_id: str
    failed: bool
    value: Bytes


@runtime_checkable
class CallsHost(Protocol):
    """What an `EngineIsolate` may add (Capability.HOST_FUNCTIONS). All wait for the running script."""

    def expose(self, context_id: int, name: str, done: Done) -> None:
        """Put a function on a context's global object. `done` gets None or an InspectorError."""

    def withdraw(self, context_id: int, name: str, done: Done) -> None:
        """Take it away again. `done` gets None or an InspectorError."""

    def answer_call(self, answer: CallAnswer, done: Done) -> None:
        """`done` gets None or an InspectorError; a call of a context that ended is passed over."""
