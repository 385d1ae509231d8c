"""Timers of one isolate: the prelude keeps them in the isolate's own heap, here is one deadline and the firing."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from inspector.engine.native import errors
from inspector.engine.native.context import ARGUMENT, CURRENT
from inspector.engine.native.sampling import now_us

if TYPE_CHECKING:
    from inspector.engine.native.context import Context
    from inspector.engine.native.isolate import NativeIsolate

__all__ = ["TimerDesk"]

_TURN_S = 0.008  # then others in line get their turn


class TimerDesk:
    """On the isolate's thread. The prelude's clock is Date.now; the host's is monotonic: converted when a deadline is
    told.
    """

    def __init__(self, owner: NativeIsolate) -> None:
        self._owner = owner
        self._told = math.inf

    @property
    def pending(self) -> bool:
        return self._told != math.inf

    def _next_ms(self) -> float:
        contexts = self._owner.contexts.live.values()
        return min((context.timers.next_ms for context in contexts if context.timers is not None), default=math.inf)

    def tell(self) -> None:
        """Tell the next deadline when it is another than last time."""
        deadline = self._next_ms()
        if deadline != self._told:
            self._told = deadline
            wait_ms = max(deadline - time.time() * 1e3, 0.0)
            self._owner.sink.timers_due(None if deadline == math.inf else now_us() + math.ceil(wait_ms * 1e3))

    def fire(self) -> None:
        """Call what is due now, one callback at a time with its microtasks; timers made meanwhile wait for the next
        turn.
        """
        self._told = math.nan  # the host has used up the deadline it was told: the next one is told in any case
        self._owner.worked = True
        until = math.floor(time.time() * 1e3)
        stop_at = time.monotonic() + _TURN_S
        for context in list(self._owner.contexts.live.values()):
            timers = context.timers
            while timers is not None and timers.next_ms <= until:
                self._call_first(context, until)
                if time.monotonic() > stop_at or self._owner.closing:
                    return

    def _call_first(self, context: Context, until: float) -> None:
        owner, v8, timers = self._owner, self._owner.v8, context.timers
        assert timers is not None
        run = owner.runs.by_slot(timers.owner)
        with v8.handles(owner.slots), owner.window(run) as opened:
            if not opened:  # its run has ended: its timers go
                self._drop(context, timers.owner)
                return
            timers.cells[CURRENT] = timers.owner
            timers.cells[ARGUMENT] = until
            with (
                v8.inside(context.slot),
                owner.async_stacks.continuing(timers.task),
                v8.catching(owner.address, verbose=owner.sessions.pausing) as attempt,
            ):
                done = v8.call(owner.address, context.slot, timers.fire, v8.calls.context_global(context.slot))
                if not done and not attempt.terminated:
                    error = errors.caught(owner, context.slot, attempt)
                    owner.sessions.report_uncaught(context.slot, attempt.exception, error, "Uncaught", attempt.message)
                    if run is not None:
                        run.error = run.error or error

    def drop(self, slot: int, context_id: int) -> None:
        """Forget the timers of a run."""
        context = self._owner.contexts.get(context_id)
        if context is not None and context.timers is not None and context.timers.pending(slot):
            with self._owner.v8.handles(self._owner.slots):
                self._drop(context, slot)

    def _drop(self, context: Context, slot: int) -> None:
        v8, timers = self._owner.v8, context.timers
        assert timers is not None
        timers.cells[ARGUMENT] = slot
        with v8.inside(context.slot), v8.catching(self._owner.address):
            v8.call(self._owner.address, context.slot, timers.drop, v8.calls.context_global(context.slot))
