"""Sampled stacks of a recording: V8's own profiler, stopped and started again, so that little is lost with a host.

V8 keeps a profile until it is stopped. A cut costs V8 a look over its whole heap for compiled functions, so the time
between two cuts follows from what the last one took: a second, more where that would be over 2 %. An isolate that does
nothing is not sampled: each profiler wakes its thread a thousand times a second. It is sampled again from the next run
on, or from the moment its state says that it works.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from inspector.errors import InspectorError
from inspector.events import Event, IsolateEnded, IsolateStateChanged, RunQueued
from inspector.recording.facts import CpuPieceTaken
from inspector.states import Capability, IsolateState
from inspector.target.clock import now_us

if TYPE_CHECKING:
    from inspector.pool import Isolate

__all__ = ["CpuSampling"]

_LOOK_EVERY_S = 0.25
_SHORTEST_PIECE_US, _LONGEST_PIECE_US = 1_000_000, 5_000_000
_MOST_COST = 0.02  # of the time, for the cuts
_PATIENCE_S = 3.0  # for the last pieces

log = logging.getLogger(__name__)


class _Sampled(Struct):
    isolate: Isolate
    state: IsolateState
    since_us: int = 0  # when the piece under way began; 0: none is
    piece_us: int = _SHORTEST_PIECE_US
    ended_us: int = 0  # where the last piece ended, by V8's clock, when the next one began at once; else 0
    worked: bool = False  # since the piece began


class CpuSampling:
    """Belongs to the pool's loop. `find` gives the isolate of an id that is in scope, else None."""

    def __init__(self, find: Callable[[int], Isolate | None], put: Callable[[Event], None], interval_us: int) -> None:
        self._find = find
        self._put = put
        self._interval_us = interval_us
        self._sampled: dict[int, _Sampled] = {}
        self._open = 0  # pieces that V8 was asked for
        self._all_in = asyncio.Event()
        self._closed = False
        self._task = asyncio.create_task(self._cut_in_time(), name="cut CPU profiles")

    def hear(self, event: Event) -> None:
        """An event of the pool, in order."""
        if isinstance(event, RunQueued):
            self._works(event.isolate_id)
        elif isinstance(event, IsolateStateChanged):
            one = self._sampled.get(event.isolate_id)
            if one is not None:
                one.state = event.state
            if event.state in (IsolateState.RUNNING, IsolateState.WEDGED):
                self._works(event.isolate_id, event.state)
        elif isinstance(event, IsolateEnded):
            self._sampled.pop(event.isolate_id, None)

    async def close(self) -> None:
        """Take the pieces under way. Idempotent."""
        if self._closed:
            return
        self._closed = True
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        for one in list(self._sampled.values()):
            self._stop(one, goes_on=False)
        if self._open:
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    await self._all_in.wait()
            except TimeoutError:
                log.warning("%d pieces of CPU profiles did not come in time", self._open)

    def _works(self, isolate_id: int, state: IsolateState = IsolateState.RUNNING) -> None:
        """It does something, or is about to."""
        one = self._sampled.get(isolate_id)
        if one is None:
            isolate = None if self._closed else self._find(isolate_id)
            if isolate is None or isolate.refusal(Capability.CPU_PROFILE):
                return
            one = self._sampled[isolate_id] = _Sampled(isolate, state)
            self._ask(one, "Profiler.enable")
            self._ask(one, "Profiler.setSamplingInterval", {"interval": self._interval_us})
        one.worked = True
        if not one.since_us and not self._closed:
            self._start(one)

    def _start(self, one: _Sampled) -> None:
        one.since_us = now_us()
        one.worked = one.state in (IsolateState.RUNNING, IsolateState.WEDGED)
        self._ask(one, "Profiler.start")

    def _stop(self, one: _Sampled, *, goes_on: bool) -> None:
        if not one.since_us:
            return
        one.since_us = 0
        self._open += 1
        self._all_in.clear()
        if not self._ask(one, "Profiler.stop", {}, partial(self._came, one, now_us(), goes_on)):
            self._came_in()
        elif goes_on:
            self._start(one)

    def _came(self, one: _Sampled, at_us: int, goes_on: bool, answer: Mapping[str, Any] | InspectorError) -> None:
        if isinstance(answer, InspectorError):
            log.debug("No piece of a CPU profile: %s", answer)
        else:
            profile = answer.get("profile") or {}
            began, ended = profile.get("startTime"), profile.get("endTime")
            if isinstance(began, int | float) and isinstance(ended, int | float):
                if one.ended_us:
                    cost = max(0, began - one.ended_us)
                    one.piece_us = int(min(max(_SHORTEST_PIECE_US, cost / _MOST_COST), _LONGEST_PIECE_US))
                one.ended_us = int(ended) if goes_on else 0
            self._put(CpuPieceTaken(at_us, one.isolate.isolate_id, profile))
        self._came_in()

    def _came_in(self) -> None:
        self._open -= 1
        if not self._open:
            self._all_in.set()

    async def _cut_in_time(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            now = now_us()
            for one in list(self._sampled.values()):
                if one.since_us and now - one.since_us >= one.piece_us:
                    busy = one.state in (IsolateState.RUNNING, IsolateState.WEDGED)
                    self._stop(one, goes_on=busy or one.worked)

    def _ask(
        self,
        one: _Sampled,
        method: str,
        params: Mapping[str, Any] | None = None,
        done: Callable[[Mapping[str, Any] | InspectorError], None] | None = None,
    ) -> bool:
        try:
            one.isolate.ask(method, params or {}, done or partial(_log_refusal, method))
        except InspectorError as error:  # it ends, or its host is gone
            log.debug("%s: %s", method, error)
            return False
        return True


def _log_refusal(method: str, answer: Mapping[str, Any] | InspectorError) -> None:
    if isinstance(answer, InspectorError):
        log.debug("%s: %s", method, answer)
