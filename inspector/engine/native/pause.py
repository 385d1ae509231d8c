"""The pause loop: while V8 is paused the isolate's thread serves messages, samples and orders to go on here."""

from __future__ import annotations

import queue
from collections.abc import Callable
from typing import TYPE_CHECKING

from inspector.states import IsolateState

if TYPE_CHECKING:
    from inspector.engine.native.isolate import NativeIsolate

__all__ = ["PauseLoop"]


class PauseLoop:
    """`Debugger.paused` is sent before V8 calls `run`: so work is always queued first, and `nudge` told after."""

    def __init__(self, owner: NativeIsolate) -> None:
        self._owner = owner
        self._nudges: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._leave = False
        self.paused = False

    def nudge(self) -> None:
        """Any thread: there is work, or a reason to leave."""
        if self.paused:
            self._nudges.put(None)

    def leave(self) -> None:
        """Any thread: let JavaScript go on."""
        self._leave = True
        self.nudge()

    def run(self, serve: Callable[[], None]) -> None:
        """On the isolate's thread, called by V8. `serve` does what is in line."""
        owner = self._owner
        self._leave = False
        self.paused = True
        owner.sampling.take(mode=2)
        owner.states.tell(IsolateState.PAUSED, "in the debugger")
        try:
            while not self.over:
                serve()
                if not self.over:
                    self._nudges.get()
        finally:
            self.paused = False
            if not owner.closing:
                owner.states.tell(IsolateState.RUNNING, "resumed")

    @property
    def over(self) -> bool:
        """Whether to leave. A stop may have come between V8's message and the loop: the gate knows."""
        return self._leave or self._owner.closing or self._owner.gate.ended
