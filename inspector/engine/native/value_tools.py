"""Our JavaScript on values (js/values/tools.js), in a context of its own: no script can replace what it uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import resources
from inspector.errors import EngineError

if TYPE_CHECKING:
    from inspector.engine.native.isolate import NativeIsolate

__all__ = [
    "APPLY",
    "BUFFERS",
    "CHILD",
    "CULPRIT",
    "DELETE",
    "DESCRIBED",
    "GET",
    "LEVEL",
    "OBJECTS",
    "REACH",
    "SET",
    "Tools",
]

GET, SET, DELETE, APPLY, DESCRIBED, BUFFERS, CULPRIT, OBJECTS, LEVEL, CHILD, REACH = range(11)
_SOURCE = "js/values/tools.js"
_URL = "inspector:values/tools.js"
_code = b""  # V8's code cache, made by the first isolate that needs it


class Tools:
    """Made when the first value is held: 1 ms and 100 kB that most isolates never need. The isolate's thread."""

    def __init__(self, owner: NativeIsolate) -> None:
        self._owner = owner
        self._context = 0  # Globals
        self._functions: list[int] = []

    def enter(self, context: int) -> None:
        """Be let into a context: V8 refuses its global object to all others."""
        if not self._context:
            self._make()
        calls = self._owner.v8.calls
        calls.set_security_token(self._context, calls.security_token(context))

    def call(self, function: int, *arguments: int) -> int:
        """What one of the functions returns; 0 when it threw. After `enter`, inside the gate and a TryCatch."""
        v8, isolate = self._owner.v8, self._owner.address
        with v8.inside(self._context):
            receiver = v8.calls.context_global(self._context)
            return v8.call(isolate, self._context, self._functions[function], receiver, arguments)

    def text(self, value: int) -> str:
        return self._owner.v8.text(self._owner.address, value)

    def items(self, array: int) -> list[int]:
        """The elements of an array that a tool returned, until one is undefined."""
        v8 = self._owner.v8
        found: list[int] = []
        with v8.inside(self._context):
            length = int(self.text(self.call(GET, array, v8.string(self._owner.address, "length"))) or 0)
            for index in range(length):
                found.append(v8.calls.get_index(array, self._context, index))
        return found

    def _make(self) -> None:
        global _code  # noqa: PLW0603 (the code cache that the first isolate of the process makes for the others)
        v8, isolate = self._owner.v8, self._owner.address
        local = v8.new_context(isolate)
        if not local:
            raise EngineError("use a value", "V8 refused a context", "Collect garbage or dispose the isolate.")
        slot = v8.keep(isolate, local)
        with v8.inside(slot), v8.catching(isolate) as attempt:
            source, url = v8.string(isolate, resources.text(_SOURCE)), v8.string(isolate, _URL)
            script, _ = v8.compiler.unbound(isolate, source, url, _code)
            value = v8.calls.run_script(v8.calls.bind_script(script), slot) if script else 0
            if not value:
                v8.release(slot)
                raise EngineError("use a value", f"our tools failed: {v8.text(isolate, attempt.exception)}")
            if not _code:
                _code = v8.compiler.code_cache(script)
            self._functions = [v8.keep(isolate, v8.calls.get_index(value, slot, index)) for index in range(REACH + 1)]
        self._context = slot

    def close(self) -> None:
        for slot in (*self._functions, self._context):
            if slot:
                self._owner.v8.release(slot)
        self._functions, self._context = [], 0
