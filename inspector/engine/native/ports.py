"""Ports and references to values elsewhere, in the contexts of one isolate: js/values/remote.js, called from here.

Everything but `room` belongs to the isolate's thread.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from inspector.engine.host_calls import MOST_CALL_BYTES
from inspector.engine.native import errors
from inspector.engine.ports import (
    Bytes,
    ClosePort,
    Deliver,
    EndReference,
    OpenPort,
    PortOrder,
    Posted,
    Refer,
    Room,
    full_words,
)
from inspector.errors import CancelledError, EngineError, ValueThrewError

if TYPE_CHECKING:
    from inspector.engine.native.abi import TryCatch
    from inspector.engine.native.context import Context
    from inspector.engine.native.isolate import NativeIsolate
    from inspector.engine.native.values import Values

__all__ = ["Ports"]

_OPEN, _DELIVER, _CLOSE, _REFER, _END = range(5)  # of what remote.js gives
_FUNCTIONS = 5
_SOURCE = "js/values/remote.js"


class Ports:
    def __init__(self, owner: NativeIsolate, values: Values) -> None:
        self._owner = owner
        self._values = values
        self.room = Room()

    # --- out ---

    def posted(self, context: Context, what: str, port: int, copied: Callable[[int], Bytes | None]) -> None:
        """A script used a port; `copied(most_bytes)` gives the message, None when it was refused."""
        if what != "post":
            self._owner.sink.posted(Posted(context.context_id, port, what))
            return
        began = time.perf_counter_ns()
        left = self.room.left(port)
        data = copied(min(left, MOST_CALL_BYTES)) if left else None
        if not left:
            self._owner.host_calls.refuse(context, full_words())
        if data is None:
            count = self.room.refused(port)
            if count:
                words = self._owner.host_calls.refusal(context)
                self._owner.sink.posted(Posted(context.context_id, port, "refused", note=words, count=count))
        else:
            self.room.take(port, len(data))
            work_us = (time.perf_counter_ns() - began) // 1000
            self._owner.sink.posted(Posted(context.context_id, port, what, data, work_us))

    # --- in ---

    def serve(self, what: PortOrder, context: Context, attempt: TryCatch) -> str:
        """Inside the window, the entered context and `attempt`."""
        if isinstance(what, Deliver):
            return self._deliver(what, context, attempt)
        if isinstance(what, OpenPort):
            self._call(context, attempt, _OPEN, self._number(what.port, context), self._text(what.name))
        elif isinstance(what, Refer):
            number, kind = self._number(what.number, context), self._text(what.type)
            self._call(context, attempt, _REFER, number, kind, self._text(what.name))
        elif isinstance(what, EndReference):
            self._call(context, attempt, _END, self._number(what.number, context), self._text(what.name))
        else:
            self.room.forget(what.port)
            self._close(what, context, attempt)
        return "null"

    def _deliver(self, what: Deliver, context: Context, attempt: TryCatch) -> str:
        began = time.perf_counter_ns()
        value = self._values.local(what.data, context, attempt)
        work_us = (time.perf_counter_ns() - began) // 1000
        state = self._try(context, _DELIVER, self._number(what.port, context), value)
        if state:
            return json.dumps({"state": self._owner.v8.text(self._owner.address, state), "workUs": work_us})
        return json.dumps({"state": "taken", "workUs": work_us, "threw": self._report(context, attempt)})

    def _close(self, what: ClosePort, context: Context, attempt: TryCatch) -> None:
        if not self._try(context, _CLOSE, self._number(what.port, context), self._text(what.why)):
            self._report(context, attempt)

    def _report(self, context: Context, attempt: TryCatch) -> str:
        """A handler threw: told like any uncaught error; its words."""
        if attempt.terminated:
            raise CancelledError("hand a message over", "its handler was ended")
        error = errors.caught(self._owner, context.slot, attempt)
        self._owner.sessions.report_uncaught(context.slot, attempt.exception, error, "Uncaught")
        return f"{error.name}: {error.message}"

    def _call(self, context: Context, attempt: TryCatch, function: int, *arguments: int) -> None:
        if not self._try(context, function, *arguments):
            if attempt.terminated:
                raise CancelledError("use a port", "it was ended")
            error = errors.caught(self._owner, context.slot, attempt)
            raise ValueThrewError("use a port", f"{error.name}: {error.message}", error.stack)

    def _try(self, context: Context, function: int, *arguments: int) -> int:
        v8, isolate = self._owner.v8, self._owner.address
        if not context.remote:
            self._install(context)
        receiver = v8.calls.context_global(context.slot)
        return v8.call(isolate, context.slot, context.remote[function], receiver, arguments)

    def _install(self, context: Context) -> None:
        v8, isolate = self._owner.v8, self._owner.address
        with v8.catching(isolate) as attempt:
            script = self._owner.contexts.bound(_SOURCE)
            maker = v8.calls.run_script(script, context.slot) if script else 0
            receiver = v8.calls.context_global(context.slot)
            made = v8.call(isolate, context.slot, maker, receiver, (context.kit,)) if maker else 0
            if not made:
                raise EngineError("use a port", f"our part of it failed: {v8.text(isolate, attempt.exception)}")
            context.remote = tuple(
                v8.keep(isolate, v8.calls.get_index(made, context.slot, index)) for index in range(_FUNCTIONS)
            )

    def _number(self, number: int, context: Context) -> int:
        return self._values.number(number, context)

    def _text(self, text: str) -> int:
        return self._owner.v8.string(self._owner.address, text)
