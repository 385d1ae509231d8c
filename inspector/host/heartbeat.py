"""Finds isolates that don't answer: busy, but with no script to blame; that is a loop of microtasks.

Once a beat each busy isolate gets a no-op task. V8 serves it when the pump is back; while a script runs that may take
as long as it likes, and while it is paused it counts as alive. What is left after `_SILENCE_US` without an answer is
wedged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from inspector.host.clock import now_us
from inspector.host.inbox import Inbox
from inspector.host.isolate import Isolate
from inspector.states import IsolateState

__all__ = ["Heartbeat"]

_BEAT_S = 0.5
_SILENCE_US = 1_200_000  # with the beat before and the one after it: told within 2 s
_REASON = "its microtasks have not ended for {seconds:.1f} s"


class Heartbeat:
    """Belongs to the loop. `isolates` is read at each beat."""

    def __init__(self, loop: asyncio.AbstractEventLoop, inbox: Inbox, isolates: Mapping[int, Isolate]) -> None:
        self._loop = loop
        self._inbox = inbox
        self._isolates = isolates
        self._unanswered: dict[int, int] = {}  # isolate -> since when, in microseconds
        self._handle = loop.call_later(_BEAT_S, self._beat)

    def close(self) -> None:
        self._handle.cancel()

    def _beat(self) -> None:
        self._handle = self._loop.call_later(_BEAT_S, self._beat)
        for isolate in list(self._isolates.values()):
            if not isolate.born or isolate.disposing:
                self._unanswered.pop(isolate.isolate_id, None)
            elif isolate.isolate_id in self._unanswered:
                self._judge(isolate)
            elif isolate.engine.is_busy():
                self._ask(isolate)

    def _ask(self, isolate: Isolate) -> None:
        self._unanswered[isolate.isolate_id] = now_us()

        def answered(_: object) -> None:
            self._unanswered.pop(isolate.isolate_id, None)
            if isolate.wedged:
                isolate.tell_wedged(False, "its microtasks have ended")

        isolate.engine.heartbeat(lambda result: self._inbox.put(answered, result))

    def _judge(self, isolate: Isolate) -> None:
        if isolate.states.state is IsolateState.PAUSED or isolate.runs_a_script:
            self._unanswered[isolate.isolate_id] = now_us()  # alive, by other evidence: the silence begins anew
            return
        silence = now_us() - self._unanswered[isolate.isolate_id]
        if silence >= _SILENCE_US and not isolate.wedged:
            isolate.tell_wedged(True, _REASON.format(seconds=silence / 1e6))
