"""Values of one isolate that are used from outside: references, and copies by V8's structured clone.

An order executes inside the gate on behalf of a run of its own, so that it is ended like a script: by its timeout, by a
stop, by the memory limit.
"""

from __future__ import annotations

import itertools
import json
import struct
import threading
import time
from typing import TYPE_CHECKING

from msgspec import Struct

from inspector.engine import value_errors
from inspector.engine.native import errors
from inspector.engine.native.run import Run, Verdict
from inspector.engine.native.value_tools import (
    APPLY,
    BUFFERS,
    CHILD,
    CULPRIT,
    DELETE,
    DESCRIBED,
    GET,
    LEVEL,
    OBJECTS,
    REACH,
    SET,
    Tools,
)
from inspector.engine.port import Done, RunRequest
from inspector.engine.ports import PortOrder
from inspector.engine.values import (
    Apply,
    Argument,
    Copied,
    Delete,
    Deserialize,
    Get,
    Held,
    Hold,
    Level,
    Reach,
    Remote,
    Serialize,
    Set,
    ValueOrder,
)
from inspector.errors import (
    CancelledError,
    CopyRefusedError,
    EngineError,
    InspectorError,
    LimitError,
)
from inspector.states import Outcome, SourceKind

if TYPE_CHECKING:
    from inspector.engine.native.abi import TryCatch
    from inspector.engine.native.context import Context
    from inspector.engine.native.isolate import NativeIsolate

__all__ = ["Values"]

_MOST_OBJECTS = 20_000  # of a refused value that are looked at for a proxy
_HEADER = b"\xff\x0f"  # of V8's wire format, version 15
_UNDEFINED = _HEADER + b"_"
_LIMITS = (Outcome.HEAP_LIMIT, Outcome.EXTERNAL_LIMIT)


class _Open(Struct, eq=False):
    """An order until its answer. `run` stands for it at the gate; it is in no list of runs."""

    order: ValueOrder
    done: Done
    run: Run


class Values:
    """`add`, `end` and `release` may be called from any thread; the rest belongs to the isolate's."""

    def __init__(self, owner: NativeIsolate) -> None:
        self._owner = owner
        self._tools = Tools(owner)
        self._lock = threading.Lock()
        self._open: dict[int, _Open] = {}
        self._numbers = itertools.count(1)
        self._held: dict[int, int] = {}  # reference -> Global

    # --- any thread ------------------------------------------------------------------------------

    def add(self, order: ValueOrder, done: Done) -> None:
        request = RunRequest(-order.order_id, order.context_id, "", "inspector:value", SourceKind.SCRIPT)
        opened = _Open(order, done, Run(request, started=True))
        with self._lock:
            self._open[order.order_id] = opened
        gone = self._owner.gone(lambda error: self._finish(opened, error))
        self._owner.pump.post(lambda: self._serve(opened), gone)

    def end(self, order_id: int, why: str) -> None:
        with self._lock:
            opened = self._open.get(order_id)
        if opened is not None:
            opened.run.verdict = opened.run.verdict or Verdict(Outcome.CANCELLED, value_errors.inside(why))
            if not self._owner.gate.end(lambda current: current is opened.run):
                self._finish(opened, value_errors.ended_in_line(why))

    def release(self, references: tuple[int, ...]) -> None:
        self._owner.pump.post_urgent(lambda: self._release(references))

    # --- the isolate's thread --------------------------------------------------------------------

    def _serve(self, opened: _Open) -> None:
        owner = self._owner
        answer: object = None
        with owner.window(opened.run) as entered:
            if entered:
                answer = self._try(opened)
        verdict = opened.run.verdict
        if verdict is not None and (answer is None or isinstance(answer, InspectorError)):
            kind = LimitError if verdict.outcome in _LIMITS else CancelledError
            answer = kind("use a value", verdict.evidence)
        self._finish(opened, answer)

    def _try(self, opened: _Open) -> object:
        try:
            context = self._owner.contexts.get(opened.order.context_id)
            if context is None:
                raise value_errors.no_context(opened.order.context_id)
            with self._owner.v8.inside(context.slot), self._owner.v8.catching(self._owner.address) as attempt:
                if isinstance(opened.order.what, PortOrder):
                    return self._owner.ports.serve(opened.order.what, context, attempt)
                self._tools.enter(context.slot)
                return self._do(opened.order, context, attempt)
        except InspectorError as error:
            return error

    def _finish(self, opened: _Open, answer: object) -> None:
        """Exactly once."""
        with self._lock:
            if self._open.pop(opened.order.order_id, None) is None:
                return
        opened.run.settled = True
        opened.done(answer if answer is not None else value_errors.disposed())

    def _do(self, order: ValueOrder, context: Context, attempt: TryCatch) -> object:
        what = order.what
        if isinstance(what, Serialize):
            return self._serialize(what, context, attempt)
        if isinstance(what, Remote):
            return json.dumps(errors.wrap(self._owner, context.slot, self._find(what.reference), "values") or {})
        if isinstance(what, Level):
            return self._level(what, context, attempt)
        if isinstance(what, Reach):
            most = self.number(what.most, context)
            return self._tools.text(self._called(context, attempt, REACH, self._find(what.reference), most))
        if isinstance(what, Set | Delete):
            given = [what.key, what.value] if isinstance(what, Set) else [what.key]
            values = [self._find(what.reference), *(self.local(one, context, attempt) for one in given)]
            tool = SET if isinstance(what, Set) else DELETE
            return self._tools.text(self._called(context, attempt, tool, *values)) == "true"
        began = time.perf_counter_ns()
        value = self._made(what, context, attempt)
        return self._keep(value, context, attempt, (time.perf_counter_ns() - began) // 1000)

    def _made(self, what: object, context: Context, attempt: TryCatch) -> int:
        """The value of an order that leads to one."""
        v8 = self._owner.v8
        if isinstance(what, Hold):
            if not what.object_id:
                return int(v8.calls.context_global(context.slot))
            value, _ = v8.inspector.unwrap(self._owner.sessions.standing.pointer, what.object_id)
            if not value:
                raise value_errors.let_go()
            return value
        if isinstance(what, Get):
            return self._called(
                context, attempt, GET, self._find(what.reference), self.local(what.key, context, attempt)
            )
        if isinstance(what, Apply):
            receiver = self.local(_UNDEFINED if what.receiver is None else what.receiver, context, attempt)
            arguments = [self.local(one, context, attempt) for one in what.arguments]
            return self._called(context, attempt, APPLY, self._find(what.reference), receiver, *arguments)
        assert isinstance(what, Deserialize)
        value = self.local(what.data, context, attempt)
        if what.name:
            name = v8.string(self._owner.address, what.name)
            receiver = v8.calls.context_global(context.slot)
            if self._tools.text(self._called(context, attempt, SET, receiver, name, value)) != "true":
                cause = f'"{what.name}" of the global object can\'t be written'
                raise EngineError("bind a value", cause, "Choose another name.")
        return value

    # --- copies ----------------------------------------------------------------------------------

    def _serialize(self, what: Serialize, context: Context, attempt: TryCatch) -> Copied:
        value = self._find(what.reference)
        v8 = self._owner.v8
        began = time.perf_counter_ns()
        buffers = self._tools.items(self._called(context, attempt, BUFFERS, value)) if what.transfer else []
        try:
            data = v8.copies.serialize(self._owner.address, context.slot, value, what.most_bytes)
        except MemoryError:
            raise value_errors.too_large(what.most_bytes) from None
        if data is None:
            raise self._refused(value, context, attempt)
        for buffer in buffers:  # last: nothing can fail any more
            v8.calls.detach(buffer, 0)
        return Copied(data, (time.perf_counter_ns() - began) // 1000, len(buffers))

    def _refused(self, value: int, context: Context, attempt: TryCatch) -> InspectorError:
        """What V8 or the value's own code threw, with the path of the part that it stopped at."""
        if attempt.terminated:
            return CancelledError("copy a value", "it was ended")
        words = self._words(attempt)
        if words.startswith("RangeError"):  # nested too deep: no single part is to blame
            return value_errors.refused(words)
        with self._owner.v8.catching(self._owner.address):  # the walk may throw or be ended itself
            path = self._path_of_culprit(value, context)
        return value_errors.refused(words, path)

    def _path_of_culprit(self, value: int, context: Context) -> str:
        found = self._tools.call(CULPRIT, value)
        path = self._tools.text(found) if found else "undefined"
        if path != "undefined":
            return path
        v8 = self._owner.v8
        pairs = self._tools.call(OBJECTS, value, self.number(_MOST_OBJECTS, context))
        items = self._tools.items(pairs) if pairs else []
        for index in range(0, len(items) - 1, 2):
            if v8.calls.is_proxy(items[index]):
                return self._tools.text(items[index + 1])
        return ""

    def local(self, argument: Argument, context: Context, attempt: TryCatch) -> int:
        """A Local of a reference or of a copy."""
        if isinstance(argument, int):
            return self._find(argument)
        trouble = self._owner.limits.refuses_copy(argument)
        if trouble:
            raise LimitError("copy a value into the isolate", trouble, "Raise its memory limit, or copy less.")
        value = self._owner.v8.copies.deserialize(self._owner.address, context.slot, argument)
        if not value:
            if attempt.terminated:
                raise CancelledError("copy a value into the isolate", "it was ended")
            words = self._words(attempt) if attempt.exception else "its bytes are cut off"
            raise CopyRefusedError("copy a value into the isolate", words)
        return value

    def _level(self, what: Level, context: Context, attempt: TryCatch) -> str:
        value = self._find(what.reference)
        for position in what.path:
            value = self._called(context, attempt, CHILD, value, self.number(position, context))
        numbers = [self.number(number, context) for number in (what.first, what.count, int(what.transfer))]
        return self._tools.text(self._called(context, attempt, LEVEL, value, *numbers))

    # --- references ------------------------------------------------------------------------------

    def _find(self, reference: int) -> int:
        slot = self._held.get(reference)
        if slot is None:
            raise value_errors.unknown_reference(f"reference {reference} is unknown or was released")
        return slot

    def _keep(self, value: int, context: Context, attempt: TryCatch, work_us: int) -> Held:
        described = json.loads(self._tools.text(self._called(context, attempt, DESCRIBED, value)))
        reference = next(self._numbers)
        self._held[reference] = self._owner.v8.keep(self._owner.address, value)
        kind = "proxy" if self._owner.v8.calls.is_proxy(value) else str(described["kind"])
        return Held(reference, str(described["type"]), kind, str(described["text"]), work_us)

    def _release(self, references: tuple[int, ...]) -> None:
        for reference in references:
            slot = self._held.pop(reference, None)
            if slot is not None:
                self._owner.v8.release(slot)

    def _called(self, context: Context, attempt: TryCatch, tool: int, *arguments: int) -> int:
        """What a tool returns; raises what the script's code threw in it."""
        value = self._tools.call(tool, *arguments)
        if value:
            return value
        if attempt.terminated:
            raise CancelledError("use a value", "it was ended")
        raise value_errors.threw(errors.caught(self._owner, context.slot, attempt))

    def _words(self, attempt: TryCatch) -> str:
        text = self._owner.v8.text(self._owner.address, attempt.exception)
        return text.removeprefix("Error: ").rstrip(".")

    def number(self, number: int, context: Context) -> int:
        """A Local of a number."""
        data = _HEADER + b"N" + struct.pack("<d", number)
        return self._owner.v8.copies.deserialize(self._owner.address, context.slot, data)

    def close(self) -> None:
        self._release(tuple(self._held))
        self._tools.close()
