"""What an isolate says while its code runs: lines of the ring as CDP notifications, to every session that listens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from typing import Any

from inspector.engine.marks import MarkTeller
from inspector.engine.port import STANDING_SESSION, IsolateSink
from inspector.engine.portable.ring import Ring
from inspector.engine.portable.thrown import from_details

__all__ = ["CONTEXT_ID", "Console"]

CONTEXT_ID = 1  # the one context of an isolate
_MOST_UNDELIVERED = 8 << 20  # bytes; past it console calls are dropped before they are described
_QUICK_S = 0.002
_SLOW_S = 0.05


class Console:
    """Belongs to the isolate's thread. Looks at the ring only while JavaScript runs."""

    def __init__(self, loop: asyncio.AbstractEventLoop, sink: IsolateSink, ring: Ring) -> None:
        self._loop = loop
        self._sink = sink
        self._ring = ring
        self._listeners: set[int] = {STANDING_SESSION}
        self._look: asyncio.TimerHandle | None = None
        self._pause_s = _QUICK_S
        self._closed = False
        self._marks = MarkTeller()
        self.run_id_of: Callable[[int], int | None] = lambda _: None  # of a run by its number

    # --- sessions ---

    def listen(self, session: int) -> None:
        """Runtime.enable: tell the session of the context, and of all console calls from now on."""
        self._listeners.add(session)
        self.tell_context([session])

    def leave(self, session: int) -> None:
        self._listeners.discard(session)

    def tell_context(self, sessions: Iterable[int] = (STANDING_SESSION,)) -> None:
        context = {"id": CONTEXT_ID, "origin": "", "name": "", "uniqueId": f"{CONTEXT_ID}"}
        for session in sessions:
            self.notify("Runtime.executionContextCreated", {"context": context}, session)

    def notify(self, method: str, params: dict[str, Any], session: int | None = None) -> None:
        """A notification, to one session or to all that listen."""
        self._send(json.dumps({"method": method, "params": params}).encode(), session)

    def _send(self, text: bytes, session: int | None = None) -> None:
        for listener in sorted(self._listeners) if session is None else (session,):
            self._sink.message(listener, text)

    # --- the ring ---

    def watch(self) -> None:
        """JavaScript starts: look at the ring every few milliseconds, less often while it stays empty."""
        self._pause_s = _QUICK_S
        self._again()

    def rest(self) -> None:
        """JavaScript has ended: one last look."""
        if self._look is not None:
            self._look.cancel()
            self._look = None
        self.drain()

    def _again(self) -> None:
        if self._closed:
            return
        if self._look is not None:
            self._look.cancel()
        self._look = self._loop.call_later(self._pause_s, self._on_look)

    def _on_look(self) -> None:
        self._look = None
        self._pause_s = _QUICK_S if self.drain() else min(self._pause_s * 1.5, _SLOW_S)
        self._again()

    def drain(self) -> bool:
        """Hand on what is there; False when nothing was."""
        self._ring.give_random()
        lines = self._ring.read()
        for tag, body in lines:
            self._hand_on(tag, body)
        dropped = self._ring.take_dropped()
        if dropped:
            self._sink.console_dropped(dropped)
        self._ring.set_dropping(self._sink.undelivered_bytes() > _MOST_UNDELIVERED)
        return self._ring.was_filled

    def _hand_on(self, tag: str, body: str) -> None:
        if tag == "console":
            self._send(f'{{"method":"Runtime.consoleAPICalled","params":{body}}}'.encode())
        elif tag == "mark":
            told = self._marks.notification(json.loads(body))
            if told is not None:
                self._sink.message(STANDING_SESSION, told)
        elif tag == "exception":
            self.notify("Runtime.exceptionThrown", _placed(json.loads(body)))
        elif tag == "call":
            self._tell_call(json.loads(body))
        elif tag == "released":
            self._sink.console_values_released()

    def _tell_call(self, call: dict[str, Any]) -> None:
        """A script called a function of the host."""
        call["runId"] = self.run_id_of(call.pop("number"))
        self.notify("Isolate.hostCalled", call, STANDING_SESSION)

    def close(self) -> None:
        """One last look; the ring's memory is V8's, and goes with the isolate. Idempotent."""
        self._closed = True
        self.rest()
        self._ring.close()


def _placed(params: dict[str, Any]) -> dict[str, Any]:
    """The details with the place of the error's first frame."""
    details = params["exceptionDetails"]
    error = from_details(details)
    placed = {
        **details,
        "exceptionId": 0,
        "lineNumber": max(error.line - 1, 0),
        "columnNumber": max(error.column - 1, 0),
        "url": error.file,
        "executionContextId": CONTEXT_ID,
    }
    return {**params, "exceptionDetails": placed}
