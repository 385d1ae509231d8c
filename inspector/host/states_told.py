"""Which of an isolate's changes of state the pool hears of.

A timer's callback of a millisecond would be two messages ten times a second and isolate: "running" is told only once it
has lasted `_HELD_S`. Every other state is told at once, unless it is the one told last.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from inspector.states import IsolateState

__all__ = ["StateTeller"]

_HELD_S = 0.02


class StateTeller:
    """Filters the changes of one isolate. `tell(state, at_us, reason)` is called on the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, tell: Callable[[IsolateState, int, str], None]) -> None:
        self._loop = loop
        self._tell = tell
        self._told: IsolateState | None = None
        self._held: asyncio.TimerHandle | None = None
        self.state = IsolateState.STARTING  # what the engine says now

    def changed(self, state: IsolateState, at_us: int, reason: str) -> None:
        """The engine says that the isolate is in `state`."""
        self.state = state
        self.close()
        if state is self._told:
            return
        if state is IsolateState.RUNNING:
            self._held = self._loop.call_later(_HELD_S, self._say, state, at_us, reason)
        else:
            self._say(state, at_us, reason)

    def tell_again(self, at_us: int, reason: str) -> None:
        """Tell the engine's state, whatever was told last."""
        self.close()
        self._say(self.state, at_us, reason)

    def close(self) -> None:
        """Forget what is held back."""
        if self._held is not None:
            self._held.cancel()
            self._held = None

    def _say(self, state: IsolateState, at_us: int, reason: str) -> None:
        self._held = None
        self._told = state
        self._tell(state, at_us, reason)
