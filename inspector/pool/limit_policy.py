"""What follows a memory limit: the isolate is kept, disposed, or replaced by a fresh one, as its setting says.

The run that hit the limit is always settled first, with its own outcome: its evidence must not be lost to the dispose.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from inspector.errors import GoneError, InspectorError
from inspector.events import Event, LimitHit, ProblemReported
from inspector.target.clock import now_us

if TYPE_CHECKING:
    from inspector.pool.isolate import Isolate

__all__ = ["LimitPolicy"]

_SETTLE_PATIENCE_S = 10.0  # for the run to unwind; after that the isolate is disposed as it is
log = logging.getLogger(__name__)


class LimitPolicy:
    """Of one pool, on its loop. `replace(isolate, reason)` is the pool's."""

    def __init__(self, replace: Callable[[Isolate, str], Awaitable[object]], publish: Callable[[Event], None]) -> None:
        self._replace = replace
        self._publish = publish
        self._tasks: set[asyncio.Task[None]] = set()

    def limit_hit(self, isolate: Isolate, event: LimitHit) -> None:
        """A memory limit of `isolate` was hit."""
        if isolate.settings.on_limit == "keep" or isolate.is_ending:
            return
        task = asyncio.create_task(self._act(isolate, event), name=f"on_limit of isolate {isolate.isolate_id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Nothing is disposed or replaced any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _act(self, isolate: Isolate, event: LimitHit) -> None:
        choice = isolate.settings.on_limit
        try:
            if event.run_id is not None:
                await isolate.run_settled(event.run_id, _SETTLE_PATIENCE_S)
            if isolate.is_ending:
                return
            reason = f"its memory limit was hit ({event.outcome}), and on_limit is {choice}"
            if choice == "replace":
                await self._replace(isolate, reason)
            else:
                await isolate.dispose(reason)
        except GoneError as error:
            log.debug("on_limit of isolate %d: %s", isolate.isolate_id, error)  # its host was lost, or the pool closed
        except InspectorError as error:
            action = f"{choice.capitalize()} {isolate.name} after its memory limit"
            self._publish(
                ProblemReported(now_us(), "error", action, error.cause, error.remedy, isolate_id=isolate.isolate_id)
            )
