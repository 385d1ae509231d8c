"""Contexts of one isolate: a global object each, with console from V8 and what our preludes and the user's add."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

import resources
from inspector.engine.native import errors
from inspector.engine.native.abi import Cells
from inspector.engine.native.host_calls import CLONE, KIT
from inspector.engine.port import ContextMade
from inspector.engine.preludes import native_prelude
from inspector.errors import EngineError, PreludeError
from inspector.records import ScriptError

if TYPE_CHECKING:
    from inspector.engine.native.isolate import NativeIsolate

__all__ = ["SLOTS", "TRACED", "Context", "Contexts", "Timers"]

SLOTS = 256  # of js/prelude/web/timers.js
NEXT, CURRENT, OWNER, ARGUMENT, TASK, PENDING = range(6)
_ASKED, _ANSWER, _REPEATS, TRACED = range(4)  # of js/prelude/web/native-host.js
_TIME, _RANDOM, _SCHEDULED, _CANCELLED = range(1, 5)
_HOST_CELLS = 8
FILE_PATIENCE_S = 10.0  # of a prelude of the user's
_code: dict[str, bytes] = {}  # V8's code cache of each, made by the first isolate: 0.54 -> 0.22 ms for the others


class Timers(Struct):
    """The prelude's functions (Globals) and the numbers it shares; see js/prelude/web/timers.js."""

    fire: int
    drop: int
    array: int
    cells: Cells

    @property
    def next_ms(self) -> float:
        return self.cells[NEXT]

    @property
    def owner(self) -> int:
        return int(self.cells[OWNER])

    @property
    def task(self) -> int:
        return int(self.cells[TASK])

    def pending(self, slot: int) -> int:
        return int(self.cells[PENDING + slot])


class Context(Struct):
    context_id: int
    slot: int  # a Global
    name: str
    to_json: int = 0  # Globals of our functions
    parse_json: int = 0
    to_show: int = 0
    timers: Timers | None = None
    calls: tuple[int, ...] = ()  # Globals of what js/prelude/calls.js gives
    kit: int = 0
    remote: tuple[int, ...] = ()  # of what js/values/remote.js gives, once it is there
    last: dict[str, Any] = field(default_factory=dict)  # the RemoteObject of the console's last result
    host: int = 0  # a Global of what `cells` lies in
    cells: Cells | None = None  # of js/prelude/web/native-host.js
    born_at: float = field(default_factory=time.perf_counter)


class Contexts:
    """Made and released on the isolate's thread."""

    def __init__(self, owner: NativeIsolate) -> None:
        self._owner = owner
        self._scripts: dict[str, int] = {}  # our preludes, compiled once an isolate: Globals of unbound scripts
        self.live: dict[int, Context] = {}
        self.default = 0  # a Global, for V8's inspector

    @property
    def default_id(self) -> int:
        """V8's id of the default context; 0: there is none any more."""
        return next((one.context_id for one in self.live.values() if one.slot == self.default), 0)

    def make(self, name: str, is_default: bool) -> ContextMade:
        """A context of its own. Raises EngineError when V8 has no memory for one."""
        owner, v8 = self._owner, self._owner.v8
        began = time.perf_counter()
        with v8.handles(owner.slots):
            local = v8.new_context(owner.address)
            if not local:
                raise EngineError("create a context", "V8 refused", "Collect garbage or dispose the isolate.")
            slot = v8.keep(owner.address, local)
            auxiliary = json.dumps({"isDefault": is_default, "name": name})
            v8.inspector.add_context(owner.inspector, slot, name, auxiliary)
            context = Context(v8.calls.execution_context_id(slot), slot, name)
            made = time.perf_counter()
            self.live[context.context_id] = context
            if is_default:
                self.default = slot
            with v8.inside(slot):
                self._install(context)
        ready = time.perf_counter()
        return ContextMade(context.context_id, (made - began) * 1e3, (ready - made) * 1e3)

    def _install(self, context: Context) -> None:
        """Run our prelude in the entered context."""
        v8, isolate, slot = self._owner.v8, self._owner.address, context.slot
        name = "bare" if self._owner.spec.prelude == "bare" else "web"
        with v8.catching(isolate) as attempt:
            script = self._bound(name, native_prelude(web=name == "web"))
            parts = v8.calls.run_script(script, slot) if script else 0
            kept = v8.calls.get_index(parts, slot, 0) if parts else 0
            calls = self._started(parts, 1, slot, v8.tell_function(slot)) if kept else 0
            clone = v8.calls.get_index(calls, slot, CLONE) if calls else 0
            starts = clone and name == "web"
            web = self._started(parts, 2, slot, v8.ask_function(slot), clone) if starts else 0
            if not clone or (starts and not web):
                raise EngineError("create a context", f"our prelude failed: {v8.text(isolate, attempt.exception)}")
            if name not in _code:
                _code[name] = v8.compiler.code_cache(self._scripts[name])
            context.to_json, context.parse_json, context.to_show = self._elements(kept, slot, 3)
            context.calls = self._elements(calls, slot, CLONE)
            context.kit = v8.keep(isolate, v8.calls.get_index(calls, slot, KIT))
            if web:
                fire, drop, array, host = self._elements(web, slot, 4)
                context.timers = Timers(fire, drop, array, v8.cells(array, PENDING + SLOTS))
                context.host, context.cells = host, v8.cells(host, _HOST_CELLS)
                self._owner.async_stacks.made(context)

    def prepare(self, context_id: int) -> float:
        """Run the user's own preludes in a new context; in how many ms. EngineError, and no context, when one throws
        or does not end.
        """
        context, began = self.live[context_id], time.perf_counter()
        for url, source in self._owner.spec.prelude_files:
            trouble = self._run_file(context, url, source)
            if trouble:
                self.release(context)
                raise PreludeError(f"{PreludeError.ACTION} {url}", trouble, "Mend it, or choose another.")
        return (time.perf_counter() - began) * 1e3

    def _run_file(self, context: Context, url: str, source: str) -> str:
        """Why it did not complete; "" when it did."""
        owner, v8, isolate = self._owner, self._owner.v8, self._owner.address
        watch = threading.Timer(FILE_PATIENCE_S, owner.gate.end_now)
        watch.daemon = True
        if not owner.gate.enter(None):
            return "the isolate is being disposed"
        watch.start()
        trouble = ""
        try:
            with v8.handles(owner.slots), v8.inside(context.slot), v8.catching(isolate) as attempt:
                key = hashlib.sha256(f"{url}\0{source}".encode("utf-8", "surrogatepass")).hexdigest()
                script = self._bound(key, source, url)
                if not script or not v8.calls.run_script(script, context.slot):
                    trouble = (
                        "it was ended" if attempt.terminated else _words(errors.caught(owner, context.slot, attempt))
                    )
                elif key not in _code:
                    _code[key] = v8.compiler.code_cache(self._scripts[key])
            with v8.handles(owner.slots):
                if owner.gate.ended:
                    owner.gate.clear_microtasks()
                else:
                    v8.calls.perform_microtasks(isolate)
        finally:
            watch.cancel()
            if owner.gate.leave():
                trouble = f"it was ended: after {FILE_PATIENCE_S:g} s, or by the memory limit"
        return trouble

    def _started(self, parts: int, index: int, slot: int, *arguments: int) -> int:
        """What the function at `index` of an array gives; 0: see the TryCatch."""
        v8, isolate = self._owner.v8, self._owner.address
        start = v8.calls.get_index(parts, slot, index)
        return v8.call(isolate, slot, start, v8.calls.context_global(slot), arguments)

    def _elements(self, array: int, slot: int, count: int) -> tuple[int, ...]:
        """Globals of the elements of an array."""
        v8 = self._owner.v8
        return tuple(v8.keep(self._owner.address, v8.calls.get_index(array, slot, index)) for index in range(count))

    def _bound(self, name: str, text: str, url: str = "") -> int:
        """A prelude in the entered context, compiled once an isolate, from the host's cache; 0: see the TryCatch.

        `url`: "" for one of ours, which scripts and debuggers don't see.
        """
        v8, isolate = self._owner.v8, self._owner.address
        if name not in self._scripts:
            source, cache = v8.string(isolate, text), _code.get(name, b"")
            if url:
                script, _ = v8.compiler.unbound(isolate, source, v8.string(isolate, url), cache)
            else:
                script = v8.compiler.hidden(isolate, source, cache)
            if not script:
                return 0
            self._scripts[name] = v8.keep(isolate, script)
        bound: int = v8.calls.bind_script(self._scripts[name])
        return bound

    def bound(self, path: str) -> int:
        """A script of resources in the entered context, as `_bound`."""
        return self._bound(path, resources.text(path))

    def asked(self, local: int) -> None:
        """The prelude's question (native-host.js): the context's time, random bytes, a timer's task."""
        context = self.live.get(self._owner.v8.calls.execution_context_id(local))
        if context is None or context.cells is None:
            return
        cells = context.cells
        if cells[_ASKED] == _TIME:
            cells[_ANSWER] = (time.perf_counter() - context.born_at) * 1e3
        elif cells[_ASKED] == _RANDOM:
            cells.write(8 * _HOST_CELLS, os.urandom(int(cells[_ANSWER])))
        elif cells[_ASKED] == _SCHEDULED:
            cells[_ANSWER] = self._owner.async_stacks.scheduled(repeats=cells[_REPEATS] != 0)
        elif cells[_ASKED] == _CANCELLED:
            self._owner.async_stacks.cancelled(int(cells[_ANSWER]))

    def get(self, context_id: int) -> Context | None:
        return self.live.get(context_id)

    def release(self, context: Context) -> None:
        """End a context; its timers go with it, its heap with the next collections."""
        v8 = self._owner.v8
        del self.live[context.context_id]
        if self.default == context.slot:
            self.default = next((other.slot for other in self.live.values()), 0)
        v8.inspector.remove_context(self._owner.inspector, context.slot)
        timers = context.timers
        slots = [context.to_json, context.parse_json, context.to_show, *context.calls, *context.remote, context.kit]
        slots.append(context.slot)
        context.calls = context.remote = ()
        if timers is not None:
            slots += [timers.fire, timers.drop, timers.array, context.host]
        context.timers = context.cells = None
        for slot in slots:
            v8.release(slot)

    def close(self) -> None:
        for context in list(self.live.values()):
            self.release(context)
        for script in self._scripts.values():
            self._owner.v8.release(script)
        self._scripts.clear()


def _words(error: ScriptError) -> str:
    place = f" ({error.file}:{error.line}:{error.column})" if error.line else ""
    return f"{error.name}: {error.message}{place}"
