"""What debuggers and the pool say to an isolate: served in line, in a pause, or, where it may, while a script runs.

Node serves every message at an interrupt check. Here an evaluation waits for the running script, since its microtasks
would run in the middle of it; what a debugger needs to take hold of a busy isolate (its domains, breakpoints, pauses,
the profiler) does not. Messages of one session keep their order, but for the debugger's own.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from msgspec import Struct

from inspector.engine.native.cdp_text import method_of
from inspector.engine.native.session import EVALUATING
from inspector.engine.port import STANDING_SESSION

if TYPE_CHECKING:
    from inspector.engine.native.isolate import NativeIsolate

__all__ = ["Messages", "may_overtake"]

# Besides these and the Debugger domain a foreign session's messages wait for the running script.
_ANY_TIME = frozenset(
    {
        b"HeapProfiler.disable",
        b"HeapProfiler.enable",
        b"HeapProfiler.getSamplingProfile",
        b"HeapProfiler.startSampling",
        b"HeapProfiler.stopSampling",
        b"Profiler.disable",
        b"Profiler.enable",
        b"Profiler.setSamplingInterval",
        b"Profiler.start",
        b"Profiler.stop",
        b"Runtime.disable",
        b"Runtime.enable",
        b"Runtime.getHeapUsage",
        b"Runtime.getIsolateId",
        b"Runtime.runIfWaitingForDebugger",
        b"Runtime.setAsyncCallStackDepth",
        b"Runtime.setMaxCallStackSizeToCapture",
    }
)


def may_overtake(method: bytes) -> bool:
    """Whether a message of this method, from a foreign session, is served while a script runs."""
    return method in _ANY_TIME or (method.startswith(b"Debugger.") and method not in EVALUATING)


class _Message(Struct, frozen=True, eq=False):
    session: int
    text: bytes
    method: bytes
    overtakes: bool


class Messages:
    """The line. `dispatch` may be called on any thread, the rest belongs to the isolate's."""

    def __init__(self, owner: NativeIsolate) -> None:
        self._owner = owner
        self._line: deque[_Message] = deque()
        self._served: set[int] = set()  # sessions whose message is being served: one within another in a pause

    def dispatch(self, session: int, text: bytes, *, urgent: bool) -> None:
        owner, method = self._owner, method_of(text)
        if urgent and method not in EVALUATING:
            owner.pump.post_urgent(lambda: self._deliver(session, text))
        else:
            overtakes = session != STANDING_SESSION and may_overtake(method)
            message = _Message(session, text, method, overtakes)
            self._line.append(message)
            owner.pump.post(lambda: self._serve(message))
            if overtakes and owner.gate.open:
                owner.pump.post_urgent(self._serve_overtaking)
        owner.pauses.nudge()

    def serve_paused(self) -> None:
        """What is in line, while the pause lasts."""
        while self._line and not self._owner.pauses.over:
            message = self._line.popleft()
            self._hand_over(message)

    def script_started(self) -> None:
        """A job begins to execute: what came while it was still in line is served at its first interrupt check."""
        if any(message.overtakes for message in tuple(self._line)):  # one step under the GIL: others append meanwhile
            self._owner.pump.post_urgent(self._serve_overtaking)

    def _serve(self, message: _Message) -> None:
        """The job of one message, of this one: another may wait behind jobs of its own."""
        if self._take_out(message):
            self._hand_over(message)

    def _serve_overtaking(self) -> None:
        held = set(self._served)  # sessions that something of theirs is held up in
        for message in tuple(self._line):
            if message.overtakes and (message.session not in held or message.method.startswith(b"Debugger.")):
                if self._take_out(message):
                    self._hand_over(message)
            else:
                held.add(message.session)

    def _take_out(self, message: _Message) -> bool:
        try:
            self._line.remove(message)  # by identity, and one step under the GIL: other threads append meanwhile
        except ValueError:
            return False
        return True

    def _hand_over(self, message: _Message) -> None:
        inner = message.session not in self._served
        self._served.add(message.session)
        try:
            self._deliver(message.session, message.text)
        finally:
            if inner:
                self._served.discard(message.session)

    def _deliver(self, session: int, text: bytes) -> None:
        owner = self._owner
        if owner.gate.open:
            owner.sessions.deliver(session, text)
            return
        with owner.window(None) as opened:
            if opened:
                owner.sessions.deliver(session, text)
