"""What a debugger reads below the stack of a timer's callback: where the timer was made, as for `await`.

V8 follows promises by itself; timers are ours to tell. Told while some session wants such stacks (its
setAsyncCallStackDepth is above 0): otherwise a timer costs one look at a number more. Everything here runs on the
isolate's thread.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from inspector.engine.native.context import TRACED

if TYPE_CHECKING:
    from inspector.engine.native.context import Context
    from inspector.engine.native.isolate import NativeIsolate

__all__ = ["AsyncStacks"]


class AsyncStacks:
    """Tasks are even numbers, counted up: V8's own, of promises, are odd. V8 keeps the stacks, 128,000 at most."""

    def __init__(self, owner: NativeIsolate) -> None:
        self._owner = owner
        self._tasks = itertools.count(2, 2)
        self.wanted = False

    def depth_changed(self, depth: int) -> None:
        """V8 says how deep the most curious session wants to see; 0: nobody does, and what was told is forgotten."""
        self.wanted = depth > 0
        for context in self._owner.contexts.live.values():
            self.made(context)

    def made(self, context: Context) -> None:
        """Tell a context whether its timers are to be told of."""
        if context.cells is not None:
            context.cells[TRACED] = float(self.wanted)

    def scheduled(self, *, repeats: bool) -> int:
        """A script is making a timer: V8 takes the stack. The timer's task."""
        task = next(self._tasks)
        owner = self._owner
        name = "setInterval" if repeats else "setTimeout"
        owner.v8.inspector.schedule_task(owner.inspector, name, task, repeats=repeats)
        return task

    def cancelled(self, task: int) -> None:
        self._owner.v8.inspector.cancel_task(self._owner.inspector, task)

    @contextmanager
    def continuing(self, task: int) -> Iterator[None]:
        """What runs inside goes on where `task` was made; 0: a timer that was not told of."""
        if not task:
            yield
            return
        owner = self._owner
        owner.v8.inspector.start_task(owner.inspector, task)
        try:
            yield
        finally:
            owner.v8.inspector.finish_task(owner.inspector, task)
