"""Many cases, one after another, on one loop; cancelled at any moment, it leaves no process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial

from inspector.containment.cases import Case
from inspector.containment.progress import CaseBegan, CaseEnded, CaseFailed, CaseGrew, Progress
from inspector.containment.record import HeapPoint, Limits
from inspector.containment.trial import run_trial
from inspector.containment.verdict import judge
from inspector.errors import InspectorError, UnsupportedError

__all__ = ["Campaign"]


class Campaign:
    """`run` once. `told` is called on the loop in which it runs."""

    def __init__(self, cases: Sequence[Case], limits: Limits, *, engine: str, told: Callable[[Progress], None]) -> None:
        self._cases = tuple(cases)
        self._limits = limits
        self._engine = engine
        self._told = told
        self._task: asyncio.Task[None] | None = None
        self._cancelled = False

    async def run(self) -> bool:
        """Returns when all cases have ended (True) or after `cancel` (False); every process of theirs has ended."""
        if self._cancelled:
            return False
        self._task = asyncio.create_task(self._run(), name="campaign")
        try:
            await asyncio.wait([self._task])
        finally:
            self._task.cancel()
        if not self._task.cancelled():
            self._task.result()
        return not self._cancelled

    async def cancel(self) -> None:
        """End the case that runs and begin no other. Returns when no process of it is left."""
        self._cancelled = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    def _grew(self, position: int, points: tuple[HeapPoint, ...]) -> None:
        self._told(CaseGrew(position, points))

    async def _run(self) -> None:
        for position, case in enumerate(self._cases):
            self._told(CaseBegan(position, time.monotonic_ns() // 1000))
            try:
                trial = await run_trial(
                    case,
                    self._limits,
                    engine=self._engine,
                    grown=partial(self._grew, position),
                )
            except InspectorError as error:
                self._told(CaseFailed(position, case, str(error), isinstance(error, UnsupportedError)))
            except TimeoutError:
                self._told(CaseFailed(position, case, "the neighbour did not tick", unsupported=False))
            else:
                self._told(CaseEnded(position, trial, judge(trial)))
