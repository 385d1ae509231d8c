"""Functions of the host in the contexts of one isolate, and structuredClone: what js/prelude/calls.js tells.

Everything here runs on the isolate's thread.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from inspector.engine.host_calls import MOST_CALL_BYTES, CallAnswer
from inspector.engine.port import STANDING_SESSION
from inspector.engine.ports import Bytes, full_words
from inspector.errors import ContextReleasedError, EngineError

if TYPE_CHECKING:
    from inspector.engine.native.context import Context
    from inspector.engine.native.isolate import NativeIsolate
    from inspector.engine.native.run import Run

__all__ = ["CLONE", "EXPOSE", "KIT", "WITHDRAW", "HostCalls"]

WHAT, NAME, NUMBER, VALUE, CLONED, REFUSED = range(6)  # of the mail
EXPOSE, WITHDRAW, RESOLVE, REJECT, MAIL, CLONE, KIT = range(7)  # of what calls.js gives
_MOST_OPEN = 10_000
_TOO_LARGE = f"The value takes more than {MOST_CALL_BYTES} bytes."


class HostCalls:
    """Calls under way, and what becomes of their promises."""

    def __init__(self, owner: NativeIsolate) -> None:
        self._owner = owner
        self._runs: dict[tuple[int, str], Run | None] = {}  # (context_id, number) -> on whose behalf it was made

    def told(self, local: int) -> None:
        """calls.js has put something into the mail."""
        owner, v8 = self._owner, self._owner.v8
        context = owner.contexts.get(v8.calls.execution_context_id(local))
        if context is None or not context.calls:
            return
        with v8.handles(owner.slots):
            # Before the copy: its getters may put other things into the mail.
            what, name, number = (self._text(context, index) for index in (WHAT, NAME, NUMBER))
            if what not in ("call", "clone"):
                owner.ports.posted(context, what, int(number), lambda most: self._copied(context, most, full_words()))
                return
            data = self._copied(context, MOST_CALL_BYTES, _TOO_LARGE)
            if data is None:
                return
            if what == "clone":
                self._clone(context, data)
            else:
                self._tell_call(context, name, number, data)

    def _tell_call(self, context: Context, name: str, number: str, data: Bytes) -> None:
        run = self._owner.gate.run
        if len(self._runs) >= _MOST_OPEN:
            self.refuse(context, f"{_MOST_OPEN} calls of host functions are under way already")
            return
        self._runs[context.context_id, number] = run
        params = {
            "contextId": context.context_id,
            "runId": None if run is None else run.request.run_id,
            "name": name,
            "callId": number,
            "data": base64.b64encode(data).decode("ascii"),
        }
        message = json.dumps({"method": "Isolate.hostCalled", "params": params}, separators=(",", ":"))
        self._owner.sink.message(STANDING_SESSION, message.encode())

    def _copied(self, context: Context, most_bytes: int, too_large: str) -> Bytes | None:
        """The mail's value in V8's wire format; None: why not is in the mail (`too_large` above `most_bytes`)."""
        owner, v8 = self._owner, self._owner.v8
        with v8.catching(owner.address) as attempt:
            value = v8.calls.get_index(context.calls[MAIL], context.slot, VALUE)
            try:
                data = v8.copies.serialize(owner.address, context.slot, value, most_bytes)
            except MemoryError:
                self.refuse(context, too_large)
                return None
            if data is None and attempt.exception:
                self._put(context, REFUSED, attempt.exception)
            return data

    def _clone(self, context: Context, data: Bytes) -> None:
        owner, v8 = self._owner, self._owner.v8
        with v8.catching(owner.address) as attempt:
            value = v8.copies.deserialize(owner.address, context.slot, data)
            if value:
                self._put(context, CLONED, value)
            elif attempt.exception:
                self._put(context, REFUSED, attempt.exception)

    def refuse(self, context: Context, words: str) -> None:
        """Have what the script called throw these words."""
        v8 = self._owner.v8
        self._put(context, REFUSED, v8.calls.new_error(v8.string(self._owner.address, words), 0))

    def refusal(self, context: Context) -> str:
        """The words of what was refused last."""
        return self._text(context, REFUSED).removeprefix("Error: ").rstrip(".")

    def _put(self, context: Context, index: int, value: int) -> None:
        v8 = self._owner.v8
        key = v8.string(self._owner.address, str(index))
        v8.calls.set_property(context.calls[MAIL], context.slot, key, value)

    def _text(self, context: Context, index: int) -> str:
        v8 = self._owner.v8
        return v8.text(self._owner.address, v8.calls.get_index(context.calls[MAIL], context.slot, index))

    # --- orders ----------------------------------------------------------------------------------

    def name(self, context_id: int, name: str, function: int) -> None:
        """Expose or withdraw. Raises ContextReleasedError, EngineError."""
        owner, v8 = self._owner, self._owner.v8
        context = owner.contexts.get(context_id)
        if context is None:
            raise ContextReleasedError("expose a function", f"there is no context {context_id}", "It was released.")
        with v8.handles(owner.slots), owner.window(None) as opened:
            if not opened:
                raise EngineError("expose a function", "the isolate is being disposed")
            with v8.inside(context.slot), v8.catching(owner.address) as attempt:
                receiver, text = v8.calls.context_global(context.slot), v8.string(owner.address, name)
                if not v8.call(owner.address, context.slot, context.calls[function], receiver, (text,)):
                    cause = v8.text(owner.address, attempt.exception) or "it was ended"
                    raise EngineError(f"expose {name}", cause, "Choose another name.")

    def answer(self, answer: CallAnswer) -> None:
        """Settle a promise, on behalf of the run that called; of a run or context that ended: nothing."""
        owner, v8 = self._owner, self._owner.v8
        key = answer.context_id, answer.call_id
        context = owner.contexts.get(answer.context_id)
        if key not in self._runs or context is None:
            return
        run = self._runs.pop(key)
        with v8.handles(owner.slots), owner.window(run) as opened:
            if not opened:
                return
            with v8.inside(context.slot), v8.catching(owner.address):
                value = v8.copies.deserialize(owner.address, context.slot, answer.value)
                failed = answer.failed or not value
                if not value:
                    words = v8.string(owner.address, "The host's answer could not be read.")
                    value = v8.calls.new_error(words, 0)
                function = context.calls[REJECT if failed else RESOLVE]
                arguments = (v8.string(owner.address, answer.call_id), value)
                v8.call(owner.address, context.slot, function, v8.calls.context_global(context.slot), arguments)

    def forget_context(self, context_id: int) -> None:
        for key in [key for key in self._runs if key[0] == context_id]:
            del self._runs[key]
