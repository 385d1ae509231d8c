"""Contexts of one isolate: a global object each, with console from V8 and timers from our prelude."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import resources
from inspector.engine.native.abi import Cells
from inspector.engine.port import ContextMade
from inspector.errors import EngineError

if TYPE_CHECKING:
    from inspector.engine.native.isolate import NativeIsolate

__all__ = ["SLOTS", "Context", "Contexts", "Timers"]

SLOTS = 256  # of js/prelude/timers.js
NEXT, CURRENT, OWNER, ARGUMENT, PENDING = 0, 1, 2, 3, 4
_code: dict[str, bytes] = {}  # V8's code cache of each, made by the first isolate: 0.54 -> 0.22 ms for the others
_PRELUDES = {"json": "js/prelude/json.js", "timers": "js/prelude/timers.js"}


@dataclass(slots=True)
class Timers:
    """The prelude's functions (Globals) and the numbers it shares; see js/prelude/timers.js."""

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

    def pending(self, slot: int) -> int:
        return int(self.cells[PENDING + slot])


@dataclass(slots=True)
class Context:
    context_id: int
    slot: int  # a Global
    name: str
    to_json: int = 0  # Globals of our functions
    parse_json: int = 0
    to_show: int = 0
    timers: Timers | None = None


class Contexts:
    """Made and released on the isolate's thread."""

    def __init__(self, owner: NativeIsolate) -> None:
        self._owner = owner
        self._scripts: dict[str, int] = {}  # our preludes, compiled once an isolate: Globals of unbound scripts
        self.live: dict[int, Context] = {}
        self.default = 0  # a Global, for V8's inspector

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
                context.to_json, context.parse_json, context.to_show = self._install("json", slot)
                if owner.spec.prelude != "bare":
                    fire, drop, array = self._install("timers", slot)
                    context.timers = Timers(fire, drop, array, v8.cells(array, PENDING + SLOTS))
        ready = time.perf_counter()
        return ContextMade(context.context_id, (made - began) * 1e3, (ready - made) * 1e3)

    def _install(self, name: str, slot: int) -> tuple[int, ...]:
        """Run a prelude in the entered context; Globals of the elements of the array that is its value."""
        v8, isolate = self._owner.v8, self._owner.address
        with v8.catching(isolate) as attempt:
            script = self._bound(name)
            value = v8.calls.run_script(script, slot) if script else 0
            if not value:
                raise EngineError("create a context", f"our prelude failed: {v8.text(isolate, attempt.exception)}")
            if name not in _code:
                _code[name] = v8.compiler.code_cache(self._scripts[name])
            return tuple(v8.keep(isolate, v8.calls.get_index(value, slot, index)) for index in range(3))

    def _bound(self, name: str) -> int:
        """The prelude in the entered context; 0: see the TryCatch."""
        v8, isolate = self._owner.v8, self._owner.address
        if name not in self._scripts:
            source = v8.string(isolate, resources.text(_PRELUDES[name]))
            url = v8.string(isolate, f"inspector:prelude/{name}.js")
            script, _ = v8.compiler.unbound(isolate, source, url, _code.get(name, b""))
            if not script:
                return 0
            self._scripts[name] = v8.keep(isolate, script)
        bound: int = v8.calls.bind_script(self._scripts[name])
        return bound

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
        slots = [context.to_json, context.parse_json, context.to_show, context.slot]
        if timers is not None:
            slots += [timers.fire, timers.drop, timers.array]
        context.timers = None
        for slot in slots:
            v8.release(slot)

    def close(self) -> None:
        for context in list(self.live.values()):
            self.release(context)
        for script in self._scripts.values():
            self._owner.v8.release(script)
        self._scripts.clear()
