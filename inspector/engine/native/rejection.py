"""Promises that are rejected while nobody handles them: reported after the microtasks, revoked when handled later."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from msgspec import Struct

from inspector.engine.native import errors

if TYPE_CHECKING:
    from inspector.engine.native.isolate import NativeIsolate
    from inspector.engine.native.run import Run

__all__ = ["Rejections"]

REJECTED_UNHANDLED, HANDLED_LATER = 0, 1  # v8::PromiseRejectEvent
_MOST_PENDING = 1000  # one endless loop must not fill our memory; more are only counted
_MOST_REPORTED = 32  # reported rejections that can still be revoked


class _Rejection(Struct):
    promise: int  # Globals
    value: int
    context: int
    run: Run | None
    exception: int = 0  # the inspector's id once reported


class Rejections:
    """On the isolate's thread; without it V8's inspector tells nothing of unhandled rejections."""

    def __init__(self, owner: NativeIsolate) -> None:
        self._owner = owner
        self._pending: list[_Rejection] = []
        self._reported: deque[_Rejection] = deque()
        self.uncounted = 0

    def saw(self, event: int, promise: int, value: int) -> None:
        owner, v8 = self._owner, self._owner.v8
        if event == REJECTED_UNHANDLED:
            if len(self._pending) >= _MOST_PENDING:
                self.uncounted += 1
                return
            isolate = owner.address
            context = v8.keep(isolate, v8.calls.current_context(isolate))
            kept = v8.keep(isolate, promise), v8.keep(isolate, value)
            self._pending.append(_Rejection(*kept, context, owner.gate.run))
        elif event == HANDLED_LATER:
            self._withdraw(promise)

    def _withdraw(self, promise: int) -> None:
        v8 = self._owner.v8
        for rejection in self._pending:
            if v8.same(rejection.promise, promise):
                self._pending.remove(rejection)
                self._release(rejection)
                return
        for rejection in self._reported:
            if v8.same(rejection.promise, promise):
                self._reported.remove(rejection)
                inspector, text = self._owner.inspector, "Handler added to rejected promise"
                v8.inspector.revoke_exception(inspector, rejection.context, rejection.exception, text)
                self._release(rejection)
                return

    def flush(self) -> None:
        """After the microtasks: what is still unhandled is reported, and ends its run."""
        pending, self._pending = self._pending, []
        owner = self._owner
        for rejection in pending:
            if owner.runs.holds(rejection.promise) or owner.modules.loading.holds(rejection.promise):
                self._release(rejection)
                continue
            with owner.v8.handles(owner.slots), owner.v8.inside(rejection.context):
                error = errors.of_value(owner, rejection.context, rejection.value)
                text = "Uncaught (in promise)"
                rejection.exception = owner.sessions.report_uncaught(rejection.context, rejection.value, error, text)
            if rejection.run is not None and not rejection.run.settled:
                rejection.run.error = rejection.run.error or error
            rejection.run = None
            self._reported.append(rejection)
            if len(self._reported) > _MOST_REPORTED:
                self._release(self._reported.popleft())

    def _release(self, rejection: _Rejection) -> None:
        for slot in (rejection.promise, rejection.value, rejection.context):
            self._owner.v8.release(slot)

    def close(self) -> None:
        for rejection in (*self._pending, *self._reported):
            self._release(rejection)
        self._pending.clear()
        self._reported.clear()
