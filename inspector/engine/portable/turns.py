"""A turn: JavaScript of the user's runs, its microtasks end, limits are judged, and what has settled is told.

mini-racer answers an evaluation before V8 runs the microtasks it left. So each turn ends with a fence: a call of ours
that V8 serves behind them. An evaluation under way can be interrupted; microtasks can't, but a memory limit of one
byte ends them at their next garbage collection. Those that never allocate end with the isolate.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from py_mini_racer import JSEvalException

from inspector.engine.portable.clock import from_wall_ms, now_us
from inspector.engine.portable.racer import Interrupted
from inspector.engine.portable.ring import Ring
from inspector.engine.portable.run import Evaluated, Run, Verdict
from inspector.errors import EngineError
from inspector.records import ScriptError
from inspector.states import IsolateState, Outcome
from inspector.units import format_bytes
from inspector.wire import SAMPLE_WORDS

if TYPE_CHECKING:
    from inspector.engine.portable.interior import Interior

__all__ = ["Turns"]

_PATIENCE_S = 1.5  # microtasks that take longer are told as not answering
_SQUEEZE_S = 1.0  # how long V8 may take to come to a collection, and so to the end of its microtasks
_TRIES = 5  # of a fence that V8 ends instead of serving it
_USED = SAMPLE_WORDS.index("used_bytes")


class Turns:
    """Belongs to the isolate's thread; `busy` may be read on any."""

    def __init__(self, interior: Interior, ring: Ring) -> None:
        self._in = interior
        self._ring = ring
        self.busy = False
        self._subject: Run | None = None
        self.deadline: float | None = None  # of the next timer, ms since 1970
        self._working = False  # not leaving yet
        self._in_fence = False
        self._squeezed = False  # the limit that V8 hit is not the user's
        self._over = False  # it is
        self._told: list[Mapping[str, Any]] = []  # by the fences of this turn
        self._state = IsolateState.STARTING

    @property
    def active_number(self) -> int:
        """The run whose code executes now, by its number; 0: none."""
        if self._subject is not None:
            return self._subject.number
        return self._ring.current if self.busy else 0

    async def turn(self, work: Callable[[], Awaitable[Any]], subject: Run | None = None) -> None:
        """Let `work` call into JavaScript, for `subject` when it is its script. No stop and no limit is raised."""
        self.busy = True
        self._subject = subject
        self._squeezed = self._over = False
        self._told = []
        self.tell_state(IsolateState.RUNNING)
        self._in.racer.arm(self._in.spec.memory_limit_bytes)
        self._in.console.watch()
        self._working = True
        try:
            await work()
        except (Interrupted, JSEvalException):
            self._over |= self._in.racer.limit_was_hit
        self._working = False
        self._in.racer.resume()
        try:
            await self._leave()
        except Interrupted:  # disposed meanwhile
            return
        except (EngineError, JSEvalException) as error:
            self._fail(str(error))
        finally:
            self.busy = False
            self._subject = None

    async def _leave(self) -> None:
        await self.fence()
        self._over |= self._in.racer.limit_was_hit and not self._squeezed
        near = self._in.racer.is_near_limit
        self._in.racer.arm(0)
        if self._over or near:
            await self._judge()
        while ended := self._in.runs.take_ended():
            for run in ended:
                await self._in.agent.call("abandon", run.number)
            await self.fence()
        if any(answer.get("posted") for answer in self._told):
            await self._in.tell_posted()
        self._tell()

    def _fail(self, cause: str) -> None:
        """Our own JavaScript failed: nothing more can be told of what runs or waits."""
        self._in.console.rest()
        error = ScriptError("EngineError", f"the isolate's bookkeeping failed: {cause}", "", 0, 0, "")
        for run in self._in.runs.matching(None):
            self._in.runs.settle(run, Evaluated(error=error))
        self.tell_state(IsolateState.IDLE, "its bookkeeping failed: dispose it")

    def _tell(self) -> None:
        self.busy = False  # before anyone hears the end and asks for what a busy isolate refuses
        self._in.console.rest()
        for answer in self._told:
            for settled in answer["settled"]:
                self._in.runs.settle_told(settled)
        self._in.runs.settle_ended()
        self.tell_deadline(self._told[-1].get("deadline"))
        self.tell_state(IsolateState.WAITING if self._in.runs.any_waiting() else IsolateState.IDLE)
        self._in.samples.went_idle()

    async def fence(self) -> bool:
        """Wait until the microtasks have ended, and keep what agent.js tells then. Whether V8 had to end them."""
        was_ended = False
        patience = self._in.worker.loop.call_later(_PATIENCE_S, self._tell_wedged)
        self._in_fence = True
        try:
            for _ in range(_TRIES):
                try:
                    self._told.append(await self._in.agent.call("poll"))
                    return was_ended
                except JSEvalException:
                    was_ended = True
                    self._over |= self._in.racer.limit_was_hit and not self._squeezed
                    self._in.racer.arm(0)  # or it would end the next fence too
            raise EngineError("end the microtasks", "V8 ends what follows them, too")
        finally:
            self._in_fence = False
            patience.cancel()

    # --- limits and stops ---

    async def _judge(self) -> None:
        """The heap came near its limit or passed twice as much: a full collection tells what of it lives."""
        limit = self._in.spec.memory_limit_bytes
        if not self._over and (await self._in.samples.take()).words[_USED] <= limit:
            return
        await self._in.racer.collect()
        used = (await self._in.samples.take()).words[_USED]
        if not self._over and used <= limit:
            return
        self._blame(used, limit)
        self._in.sink.limit_hit(Outcome.HEAP_LIMIT, used, 0)

    def _blame(self, used: int, limit: int) -> None:
        """End the run whose code executed."""
        run = self._active()
        if run is None or run.verdict is not None:
            return
        left = f"{format_bytes(used)} left after a full collection"
        if self._over:
            words = f"V8's heap, garbage included, passed twice its limit of {format_bytes(limit)}; {left}"
        else:
            words = f"V8's heap passed its limit of {format_bytes(limit)}: {left}"
        run.verdict = Verdict(Outcome.HEAP_LIMIT, words)

    def _active(self) -> Run | None:
        return self._subject or self._in.runs.by_number(self._ring.current)

    def interrupt(self) -> None:
        """End what executes: the evaluation under way, or the microtasks behind it."""
        if not self._in_fence:
            if self._working:
                self._in.racer.interrupt()
        elif not self._squeezed:
            self._squeezed = True
            self._in.racer.squeeze()
            self._in.worker.loop.call_later(_SQUEEZE_S, self._give_up)

    def _give_up(self) -> None:
        if not self._in_fence or not self._squeezed or self._in.racer.closed:
            return
        run = self._active()
        if run is not None and run.verdict is not None:
            words = f"{run.verdict.evidence}; the public API can't end its microtasks: dispose the isolate"
            run.verdict = Verdict(run.verdict.outcome, words)
        self._in.console.drain()
        self._in.runs.settle_ended()
        self._tell_wedged()

    # --- states and timers ---

    def tell_state(self, state: IsolateState, reason: str = "") -> None:
        if state is not self._state:
            self._state = state
            self._in.sink.state_changed(state, now_us(), reason)

    def _tell_wedged(self) -> None:
        if self._in_fence:
            self.tell_state(IsolateState.WEDGED, "its microtasks have not ended")

    def tell_deadline(self, wall_ms: float | None) -> None:
        """The next timer's time; said again while one is pending, since the wall clock may have been set."""
        if wall_ms is not None or self.deadline is not None:
            self.deadline = wall_ms
            self._in.sink.timers_due(None if wall_ms is None else from_wall_ms(wall_ms))
