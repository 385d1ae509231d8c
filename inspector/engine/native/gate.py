"""Who executes JavaScript on an isolate's thread, and the one way to end it.

A termination that reaches an isolate which executes nothing poisons its next evaluation. So it is only asked for
under the lock that says somebody executes, and one that came too late is cancelled when the execution is left.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from inspector.engine.native.abi import V8

if TYPE_CHECKING:
    from inspector.engine.native.run import Run

__all__ = ["Gate"]


class Gate:
    """`enter` and `leave` belong to the isolate's thread, `end` to any."""

    def __init__(self, v8: V8) -> None:
        self._v8 = v8
        self._isolate = 0
        self._lock = threading.Lock()
        self._open = False
        self._ended = False
        self._closed = False  # the isolate is being disposed: nothing executes any more
        self._told_v8 = False  # what V8 ran on its own behalf was told to end
        self.run: Run | None = None  # on whose behalf; None: a message of a debugger, or nobody

    def born(self, isolate: int) -> None:
        self._isolate = isolate

    @property
    def open(self) -> bool:
        return self._open

    @property
    def ended(self) -> bool:
        """Whether what executes now was told to end."""
        return self._ended

    def enter(self, run: Run | None) -> bool:
        """JavaScript starts; False when the isolate closes and nothing may."""
        with self._lock:
            if self._closed:
                return False
            if self._told_v8:  # whatever is left of that must not reach what executes now
                self._told_v8 = False
                self._v8.calls.cancel_terminate(self._isolate)
            self._open, self._ended, self.run = True, False, run
            return True

    def leave(self) -> bool:
        """JavaScript and its microtasks are done; whether they were told to end."""
        with self._lock:
            ended = self._ended
            if ended:
                self._v8.calls.cancel_terminate(self._isolate)
            self._open, self._ended, self.run = False, False, None
            return ended

    def end(self, wanted: Callable[[Run | None], bool]) -> bool:
        """End what executes if `wanted` says so; whether it did."""
        with self._lock:
            if not self._open or not wanted(self.run):
                return False
            self._ended = True
            self._v8.calls.terminate(self._isolate)
            return True

    def end_now(self) -> bool:
        """End what executes, whatever it is; whether anything did."""
        return self.end(lambda _run: True)

    def end_task_of_v8(self) -> None:
        """End what V8 runs on its own behalf, such as a finalizer's callback. Its thread, while it runs."""
        with self._lock:
            self._told_v8 = True
            self._v8.calls.terminate(self._isolate)

    def insist(self) -> None:
        """Ask again for an end that was asked for. Any thread. What V8 runs on its own behalf, such as the inspector's
        previews, may catch a termination and forget it.
        """
        if self._ended:
            with self._lock:
                if self._open and self._ended:
                    self._v8.calls.terminate(self._isolate)

    def close(self) -> None:
        """End what executes and let nothing execute any more."""
        with self._lock:
            self._closed = True
            if self._open:
                self._ended = True
                self._v8.calls.terminate(self._isolate)

    def clear_microtasks(self) -> None:
        """Forget the queued microtasks: those of an execution that was ended. On the isolate's thread, inside the
        gate.
        """
        with self._lock:
            self._ended = True
            self._v8.calls.terminate(self._isolate)
        self._v8.calls.perform_microtasks(self._isolate)
