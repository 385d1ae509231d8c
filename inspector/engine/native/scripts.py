"""Scripts compiled apart from their run: handles of V8's unbound scripts, and their code cache.

Everything here runs on the isolate's thread. An unbound script belongs to no context, and is bound to one for each run.
"""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING

from inspector.engine.native import errors
from inspector.engine.native.script import too_long
from inspector.engine.port import CompileRequest, ScriptMade
from inspector.errors import EngineError, GoneError
from inspector.records import ScriptError

if TYPE_CHECKING:
    from inspector.engine.native.isolate import NativeIsolate

__all__ = ["Scripts"]


class Scripts:
    """handle -> the Global of an unbound script. Handles are never used twice."""

    def __init__(self, owner: NativeIsolate) -> None:
        self._owner = owner
        self._handles = itertools.count(1)
        self._unbound: dict[int, int] = {}

    def compile(self, request: CompileRequest) -> ScriptMade:
        """Raises EngineError when there is no context to compile in, or the compilation was ended by a limit."""
        owner = self._owner
        context = owner.contexts.default
        if not context:
            raise EngineError("compile a script", "the isolate has no context left", "Create one.")
        with owner.window(None) as opened:
            if not opened:
                raise EngineError("compile a script", "the isolate is being disposed")
            return self._compile(request, context)

    def _compile(self, request: CompileRequest, context: int) -> ScriptMade:
        owner, v8, isolate = self._owner, self._owner.v8, self._owner.address
        with v8.inside(context), v8.catching(isolate) as attempt:
            began = time.perf_counter()
            source = v8.string(isolate, request.source)
            if not source:
                return _failed(too_long(request.url), began)
            name = v8.string(isolate, request.url)
            unbound, rejected = v8.compiler.unbound(isolate, source, name, request.code_cache)
            if unbound:
                v8.calls.bind_script(unbound)  # V8 tells debuggers of a script when it is bound first
                handle = next(self._handles)
                self._unbound[handle] = v8.keep(isolate, unbound)
                compile_ms = (time.perf_counter() - began) * 1e3
                return ScriptMade(handle, str(v8.calls.unbound_id(unbound)), compile_ms, rejected)
            if attempt.terminated:
                raise EngineError("compile a script", "it was ended: the memory limit, or a stop", "Raise the limit.")
            return _failed(errors.caught(owner, context, attempt), began)

    def bound(self, handle: int) -> int:
        """The script in the entered context: a Local; 0 when the handle was given back."""
        unbound = self._unbound.get(handle)
        return 0 if unbound is None else int(self._owner.v8.calls.bind_script(unbound))

    def code_cache(self, handle: int) -> bytes:
        """Raises GoneError for a handle that was given back."""
        owner = self._owner
        unbound = self._find(handle)
        context = owner.contexts.default
        if not context:
            raise EngineError("make a code cache", "the isolate has no context left", "Create one.")
        with owner.v8.handles(owner.slots), owner.v8.inside(context):
            return owner.v8.compiler.code_cache(unbound)

    def release(self, handle: int) -> None:
        """Raises GoneError for a handle that was given back."""
        unbound = self._find(handle)
        del self._unbound[handle]
        self._owner.v8.release(unbound)

    def close(self) -> None:
        for unbound in self._unbound.values():
            self._owner.v8.release(unbound)
        self._unbound.clear()

    def _find(self, handle: int) -> int:
        unbound = self._unbound.get(handle)
        if unbound is None:
            raise GoneError("use a compiled script", f"script {handle} is unknown or was released", "Compile it again.")
        return unbound


def _failed(error: ScriptError, began: float) -> ScriptMade:
    return ScriptMade(0, "", (time.perf_counter() - began) * 1e3, False, error)
