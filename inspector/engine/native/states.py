"""The state of one isolate, told when it changes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from inspector.engine.native.sampling import now_us
from inspector.states import IsolateState

if TYPE_CHECKING:
    from inspector.engine.port import IsolateSink

__all__ = ["States"]


class States:
    def __init__(self, sink: IsolateSink) -> None:
        self._sink = sink
        self._lock = threading.Lock()  # changes come from several threads and must be told in order
        self.state = IsolateState.STARTING

    def tell(self, state: IsolateState, reason: str = "") -> None:
        """Any thread. An end is final."""
        with self._lock:
            if state is self.state or not self.state.alive:
                return
            self.state = state
            self._sink.state_changed(state, now_us(), reason)
