"""Inspector sessions of one isolate: the standing one with our own commands beside the pool's, and those of debuggers.

Everything here runs on the isolate's thread.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from inspector.engine.cutting import LARGE_BYTES, cut_console
from inspector.engine.native.cdp_text import (
    OURS,
    call_id_of,
    gap_notice,
    method_of,
    param_of,
    with_ours,
    without_timeout,
)
from inspector.engine.port import STANDING_SESSION

if TYPE_CHECKING:
    from inspector.engine.native.isolate import NativeIsolate
    from inspector.records import ScriptError

__all__ = ["CONSOLE_BOUND_BYTES", "CONSOLE_OBJECTS", "EVALUATING", "Session", "Sessions"]

log = logging.getLogger(__name__)

CONSOLE_BOUND_BYTES = 8 << 20  # undelivered bytes past which console events are dropped before they are copied
CONSOLE_OBJECTS = 100  # logged objects that V8 may keep alive for our standing session
FIRST_OWN_ID = 1 << 30  # ids of our own commands; V8 hands them back as a C int
_CONSOLE = b'{"method":"Runtime.consoleAPICalled"'
_THROWN = b'{"method":"Runtime.exceptionThrown"'
_HEAP = b'{"method":"HeapProfiler.'
EVALUATING = frozenset(
    {
        b"Runtime.evaluate",
        b"Runtime.callFunctionOn",
        b"Runtime.runScript",
        b"Runtime.getProperties",
        b"Runtime.awaitPromise",
        b"Debugger.evaluateOnCallFrame",
    }
)

_SWITCHES = frozenset(
    {b"Debugger.enable", b"Debugger.disable", b"Debugger.setSkipAllPauses", b"Debugger.setBreakpointsActive"}
)

Answered = Callable[[dict[str, Any]], None]


class Session:
    """One session: a channel that V8 speaks into."""

    def __init__(self, owner: NativeIsolate, number: int) -> None:
        self._owner = owner
        self.number = number
        self.standing = number == STANDING_SESSION
        self._own: dict[int, Answered] = {}
        self._next_own = FIRST_OWN_ID
        self.debugging = False  # a debugger's session that has the Debugger domain enabled
        self.skips_pauses = False
        self.breaks = True  # at breakpoints and `debugger;`
        self._dropped = 0
        self._console_objects = 0
        self._discarding = False
        v8 = owner.v8
        self._channel, self._words = v8.trampolines.object_with(v8.trampolines.channel_vtable)
        v8.trampolines.channels[self._channel] = self
        self.pointer = v8.inspector.connect(owner.inspector, self._channel)

    # --- V8 speaks -------------------------------------------------------------------------------

    def respond(self, call_id: int, text: bytes) -> None:
        answered = self._own.pop(call_id, None) if call_id >= FIRST_OWN_ID else None
        if answered is not None:
            answered(json.loads(text))
        elif not self.standing or call_id < FIRST_OWN_ID:  # a debugger's ids are its own affair
            self._owner.sink.message(self.number, text)

    def wants(self, head: bytes) -> bool:
        if self._owner.gate.ended and not head.startswith(_HEAP):  # a snapshot is no script: nothing may execute in it
            self._owner.unwind()
        if self.standing and self._owner.sessions.to_debuggers and head.startswith(_THROWN):
            return False
        if head.startswith(_CONSOLE) and self._owner.sink.undelivered_bytes(self.number) > CONSOLE_BOUND_BYTES:
            self._dropped += 1
            return False
        return True

    def notify(self, text: bytes) -> None:
        self.tell_dropped()
        if len(text) > LARGE_BYTES and self.standing and text.startswith(_CONSOLE):
            text = cut_console(text)
        if self._owner.sessions.uncaught is not None and not self.standing and text.startswith(_THROWN):
            text = self._with_exception(text, *self._owner.sessions.uncaught)
        self._owner.sink.message(self.number, text)
        if self.standing and text.startswith(_CONSOLE) and b'"objectId"' in text:
            self._console_objects += 1
            if self._console_objects >= CONSOLE_OBJECTS and not self._discarding and self._owner.sessions.alone:
                self._discarding = True
                self._owner.pump.post_urgent(self.discard_console)

    def _with_exception(self, text: bytes, context: int, value: int, title: str) -> bytes:
        """V8 leaves the exception itself out when we report one: a debugger opens it. As V8 does, its words are then
        not told twice. Our own session needs it not, and would keep it alive.
        """
        with self._owner.v8.handles(self._owner.slots):
            exception = self._owner.v8.inspector.wrap(self.pointer, context, value, "console")
        if not exception:
            return text
        told = json.loads(text)
        told["params"]["exceptionDetails"] |= {"text": title, "exception": json.loads(exception)}
        return json.dumps(told, separators=(",", ":")).encode()

    def tell_dropped(self) -> None:
        """Tell the gap before the next line, or at the end of the work; a debugger reads of it in its console."""
        if not self._dropped:
            return
        count, self._dropped = self._dropped, 0
        if self.standing:
            self._owner.sink.console_dropped(count)
        else:
            self._owner.sink.message(self.number, gap_notice(count, self._owner.contexts.default_id))

    # --- we speak --------------------------------------------------------------------------------

    def discard_console(self) -> None:
        """Let V8 give up the objects of all console lines so far: with Runtime enabled it keeps every one alive."""
        self._console_objects, self._discarding = 0, False
        self.command("Runtime.discardConsoleEntries")
        self._owner.sink.console_values_released()

    def command(self, method: str, params: dict[str, Any] | None = None, answered: Answered | None = None) -> None:
        """A command of our own; its answer goes to `answered` and is not sent on."""
        self._next_own = FIRST_OWN_ID + (self._next_own + 1 - FIRST_OWN_ID) % (1 << 29)
        if answered is None:
            answered = _log_error(method)
        self._own[self._next_own] = answered
        text = json.dumps({"id": self._next_own, "method": method, "params": params or {}})
        self.dispatch(text.encode())

    def dispatch(self, message: bytes) -> None:
        v8 = self._owner.v8
        with v8.handles(self._owner.slots):
            v8.inspector.dispatch(self.pointer, message)

    def answer(
        self, call_id: object, result: dict[str, Any] | None = None, error: dict[str, Any] | None = None
    ) -> None:
        """Answer a command that V8 does not see."""
        body: dict[str, Any] = {"id": call_id}
        body |= {"error": error} if error is not None else {"result": result or {}}
        self._owner.sink.message(self.number, json.dumps(body, separators=(",", ":")).encode())

    def skip_pauses(self, skip: bool) -> None:
        """Whether nothing stops it, be it told to pause."""
        self._owner.v8.inspector.skip_pauses(self.pointer, skip)

    def stop(self) -> None:
        """Detach from V8's agents; pauses that this session holds end."""
        self._owner.v8.inspector.stop_session(self.pointer)

    def close(self) -> None:
        """Delete the session. Not while V8 is inside one of its calls."""
        v8 = self._owner.v8
        with v8.handles(self._owner.slots):
            v8.inspector.delete_session(self.pointer)
        del v8.trampolines.channels[self._channel]


def _log_error(method: str) -> Answered:
    def check(answer: dict[str, Any]) -> None:
        if "error" in answer:
            log.error("V8 refused %s: %s", method, answer["error"])

    return check


class Sessions:
    """The sessions that are open, and the messages that we treat ourselves."""

    def __init__(self, owner: NativeIsolate) -> None:
        self._owner = owner
        self.open: dict[int, Session] = {}
        self._stopped: list[Session] = []
        self._pauses_wanted = False  # by the pool
        self.uncaught: tuple[int, int, str] | None = None  # context, value and title of what is being told
        self.pausing = False  # the standing session, too, stops where a debugger's does
        self.to_debuggers = False  # what is being told is not for our standing session

    @property
    def standing(self) -> Session:
        return self.open[STANDING_SESSION]

    @property
    def alone(self) -> bool:
        """No debugger is attached. Discarding console entries would take away its objects too: V8 keeps a thousand."""
        return len(self.open) == 1

    def connect(self, number: int) -> None:
        if number not in self.open:
            self.open[number] = Session(self._owner, number)

    def disconnect(self, number: int, *, nested: bool) -> None:
        """Close a debugger's session. `nested` (in a pause): its agents stop now, the object goes later."""
        if number == STANDING_SESSION:
            return
        session = self.open.pop(number, None)
        if session is not None:
            session.debugging = False
            session.stop()
            self._stopped.append(session)
            self.settle_pausing()
            if not nested:
                self.sweep()

    def want_pauses(self, wanted: bool) -> None:
        """Whether the pool wants the isolate to pause also when no debugger is attached."""
        self._pauses_wanted = wanted
        self.settle_pausing()

    def settle_pausing(self) -> None:
        """It pauses while anybody debugs, and our standing session with it, to see where. When the last debugger
        leaves, or wants no pauses, it goes on.
        """
        debuggers = [one for one in self.open.values() if one.debugging and not one.skips_pauses]
        breaks = self._pauses_wanted or any(one.breaks for one in debuggers)
        if breaks != self.standing.breaks:
            self.standing.breaks = breaks
            self.standing.command("Debugger.setBreakpointsActive", {"active": breaks})
        pausing = self._pauses_wanted or bool(debuggers)
        if pausing == self.pausing:
            return
        self.pausing = pausing
        self.standing.skip_pauses(not pausing)
        if not pausing and self._owner.pauses.paused:
            self.standing.command("Debugger.resume", answered=lambda _: None)  # V8 may have resumed by itself

    def report_uncaught(self, context: int, value: int, error: ScriptError, text: str, message: int = 0) -> int:
        """Tell all sessions of an exception that nobody caught; the inspector's id of it. `message`: V8's of it (a
        Local), where there is one. Debuggers get its stack.
        """
        words = f"{text} {error.name}: {error.message}" if error.name != "Uncaught" else f"{text} {error.message}"
        place = error.file, error.line, error.column
        owner = self._owner
        stack = 0 if self.alone else self._stack_of(value, message)
        self.uncaught = context, value, text
        try:
            return owner.v8.inspector.throw_exception(owner.inspector, context, value, text, words, *place, stack)
        finally:
            self.uncaught = None

    def report_end(
        self, context: int, value: int, error: ScriptError, text: str = "Uncaught", message: int = 0
    ) -> None:
        """Tell debuggers of what ended a run, as Node tells of what ends its program. Ours has the report."""
        if self.alone:
            return
        self.to_debuggers = True
        try:
            self.report_uncaught(context, value, error, text, message)
        finally:
            self.to_debuggers = False

    def _stack_of(self, value: int, message: int) -> int:
        v8, owner = self._owner.v8, self._owner
        frames = v8.calls.message_stack(message or v8.calls.message_for(owner.address, value))
        return v8.inspector.stack_of(owner.inspector, frames) if frames else 0

    def sweep(self) -> None:
        """Delete what was stopped during a pause, and tell what was dropped."""
        while self._stopped:
            self._stopped.pop().close()
        for session in self.open.values():
            session.tell_dropped()

    def close(self) -> None:
        for session in self.open.values():
            session.stop()
            self._stopped.append(session)
        self.open.clear()
        self.sweep()

    def deliver(self, number: int, message: bytes) -> None:
        """Give one message to V8, or treat it ourselves where V8 alone would do harm.

        `timeout` of an evaluation is taken away (limits are the host's, which knows of awaits and pauses), but for a
        probe, which may have no side effects and waits for nothing: V8's own timeout is right there. A termination
        goes through the gate; a collection is made at once; Debugger.enable disarms the memory limit, so it is armed
        again.
        """
        session = self.open.get(number)
        if session is None:
            self._refuse(number, message)
            return
        method = method_of(message)
        if method in EVALUATING and b'"timeout"' in message:
            message = without_timeout(message)
        elif method == b"Debugger.setBlackboxPatterns":
            message = with_ours(message)
        elif method in (b"Runtime.terminateExecution", b"HeapProfiler.collectGarbage"):
            self._serve(session, method, message)
            return
        elif not message.lstrip().startswith(b"{"):  # V8 would take it for CBOR, and answer in CBOR from then on
            session.answer(None, error={"code": -32700, "message": "Message must be a JSON object"})
            return
        session.dispatch(message)
        if method in _SWITCHES:
            self._switched(session, method, message)

    def _switched(self, session: Session, method: bytes, message: bytes) -> None:
        """Somebody turned a part of the Debugger domain on or off."""
        if method == b"Debugger.enable":
            self._owner.limits.arm()
            session.command("Debugger.setBlackboxPatterns", {"patterns": [OURS]})
            if session.standing:
                session.skip_pauses(not self.pausing)
        if session.standing:
            return
        if method in (b"Debugger.enable", b"Debugger.disable"):
            session.debugging = method == b"Debugger.enable"
            session.skips_pauses, session.breaks = False, True
        elif method == b"Debugger.setSkipAllPauses":
            session.skips_pauses = param_of(message, "skip") is True
        else:
            session.breaks = param_of(message, "active") is not False
        self.settle_pausing()

    def _refuse(self, number: int, message: bytes) -> None:
        """A message to a session that is not open: said so, in the words of a debugger's protocol."""
        error = {"code": -32001, "message": f"Session {number} is not open"}
        body = {"id": call_id_of(message), "error": error}
        self._owner.sink.message(number, json.dumps(body, separators=(",", ":")).encode())

    def _serve(self, session: Session, method: bytes, message: bytes) -> None:
        call_id = call_id_of(message)
        if call_id is None:
            session.dispatch(message)  # V8 says what is wrong with it
            return
        if method == b"HeapProfiler.collectGarbage":
            self._owner.v8.calls.low_memory(self._owner.address)
        else:
            self._owner.end_execution()
        session.answer(call_id)
