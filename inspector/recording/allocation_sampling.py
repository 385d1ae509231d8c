"""The sampling heap profile of a recording: V8 keeps it, and is asked for it now and then, so that little is lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from inspector.errors import InspectorError
from inspector.events import Event, IsolateCreated, IsolateEnded, IsolateStateChanged, RunQueued
from inspector.recording.facts import HeapProfileTaken
from inspector.states import Capability
from inspector.target.clock import now_us

if TYPE_CHECKING:
    from inspector.pool import Isolate

__all__ = ["AllocationSampling"]

_LOOK_EVERY_S = 5.0  # a lost host costs what was allocated since
_BYTES_A_SAMPLE = 32 << 10  # V8's own default
_PATIENCE_S = 5.0

log = logging.getLogger(__name__)


class _Sampled(Struct):
    isolate: Isolate
    began_us: int
    worked: bool = True  # since V8 was asked last


class AllocationSampling:
    """Belongs to the pool's loop. `find` gives the isolate of an id that is in scope, else None."""

    def __init__(self, find: Callable[[int], Isolate | None], put: Callable[[Event], None]) -> None:
        self._find = find
        self._put = put
        self._sampled: dict[int, _Sampled] = {}
        self._open = 0
        self._all_in = asyncio.Event()
        self._closed = False
        self._task = asyncio.create_task(self._look_in_time(), name="ask for heap profiles")

    def hear(self, event: Event) -> None:
        """An event of the pool, in order."""
        if isinstance(event, IsolateCreated | RunQueued | IsolateStateChanged):
            self._works(event.isolate_id)
        elif isinstance(event, IsolateEnded):
            self._sampled.pop(event.isolate_id, None)

    async def close(self) -> None:
        """Take the last profiles, and stop V8's sampling. Idempotent."""
        if self._closed:
            return
        self._closed = True
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        for one in list(self._sampled.values()):
            self._take(one, "HeapProfiler.stopSampling")
        if self._open:
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    await self._all_in.wait()
            except TimeoutError:
                log.warning("%d heap profiles did not come in time", self._open)

    def _works(self, isolate_id: int) -> None:
        one = self._sampled.get(isolate_id)
        if one is not None:
            one.worked = True
            return
        isolate = None if self._closed else self._find(isolate_id)
        if isolate is None or isolate.refusal(Capability.INSPECTOR):
            return
        self._sampled[isolate_id] = _Sampled(isolate, now_us())
        try:
            isolate.ask("HeapProfiler.enable", {}, _log_refusal)
            isolate.ask("HeapProfiler.startSampling", {"samplingInterval": _BYTES_A_SAMPLE}, _log_refusal)
        except InspectorError as error:
            log.debug("Sample allocations: %s", error)

    async def _look_in_time(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            for one in list(self._sampled.values()):
                if one.worked:
                    one.worked = one.isolate.state.value in ("running", "wedged")
                    self._take(one, "HeapProfiler.getSamplingProfile")

    def _take(self, one: _Sampled, method: str) -> None:
        self._open += 1
        self._all_in.clear()
        try:
            one.isolate.ask(method, {}, partial(self._came, one))
        except InspectorError as error:  # it ends, or its host is gone
            log.debug("%s: %s", method, error)
            self._came_in()

    def _came(self, one: _Sampled, answer: Mapping[str, Any] | InspectorError) -> None:
        if isinstance(answer, InspectorError):
            log.debug("No heap profile: %s", answer)
        elif answer.get("profile"):
            self._put(HeapProfileTaken(now_us(), one.isolate.isolate_id, one.began_us, answer["profile"]))
        self._came_in()

    def _came_in(self) -> None:
        self._open -= 1
        if not self._open:
            self._all_in.set()


def _log_refusal(answer: Mapping[str, Any] | InspectorError) -> None:
    if isinstance(answer, InspectorError):
        log.debug("Sample allocations: %s", answer)
