"""One measurement that can be cancelled at any moment, and then leaves no process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from inspector.coldstart.measure import measure
from inspector.coldstart.records import ColdStart, Round

__all__ = ["Measurement"]


class Measurement:
    """`run` once; `on_round` is called on the loop in which it runs. The words of `measure`."""

    def __init__(
        self, file: Path, *, rounds: int, engine: str, with_node: bool, on_round: Callable[[Round], None]
    ) -> None:
        self._file = file
        self._rounds = rounds
        self._engine = engine
        self._with_node = with_node
        self._on_round = on_round
        self._task: asyncio.Task[ColdStart] | None = None
        self._cancelled = False

    async def run(self) -> ColdStart | None:
        """None after `cancel`. Raises what `measure` raises."""
        if self._cancelled:
            return None
        measuring = measure(
            self._file,
            rounds=self._rounds,
            engine=self._engine,
            with_node=self._with_node,
            on_round=self._on_round,
        )
        self._task = asyncio.create_task(measuring, name="cold start")
        try:
            await asyncio.wait([self._task])
        finally:
            self._task.cancel()
        return None if self._task.cancelled() else self._task.result()

    async def cancel(self) -> None:
        """Returns when every process of it has ended."""
        self._cancelled = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
