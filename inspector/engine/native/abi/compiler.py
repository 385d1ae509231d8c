"""Scripts compiled apart from their run, and V8's code cache."""

from __future__ import annotations

import ctypes

from inspector.engine.native.abi.calls import Calls
from inspector.engine.native.abi.layouts import CachedData, ScriptSource

__all__ = ["Compiler"]

_NO_OPTIONS, _CONSUME_CODE_CACHE = 0, 1  # v8::ScriptCompiler::CompileOptions


class Compiler:
    """On the isolate's thread, inside a handle scope and an entered context (without one V8 crashes)."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def unbound(self, isolate: int, source: int, name: int, code_cache: bytes = b"") -> tuple[int, bool]:
        """An UnboundScript (0: see the TryCatch), and whether V8 refused the cache.

        V8 checks version, flags and the source's length; the content it trusts, so it must be known to be whole.
        """
        described = ScriptSource(source=source, name=name, options=0, start=-1, end=-1)
        address = ctypes.addressof(described)
        if not code_cache:
            return int(self._calls.compile_unbound(isolate, address, _NO_OPTIONS, 0)), False
        bytes_address = ctypes.cast(ctypes.c_char_p(code_cache), ctypes.c_void_p).value or 0
        cached = CachedData()
        cached_address = ctypes.addressof(cached)
        self._calls.new_cached_data(cached_address, bytes_address, len(code_cache), 0)
        described.cached = cached_address
        try:
            script = int(self._calls.compile_unbound(isolate, address, _CONSUME_CODE_CACHE, 0))
            return script, bool(cached.rejected)
        finally:
            self._calls.end_cached_data(cached_address)

    def hidden(self, isolate: int, source: int, code_cache: bytes = b"") -> int:
        """An UnboundScript of ours that V8 takes for its inspector's own: stacks leave its frames out, the debugger
        doesn't know it, and its functions show no source. A code cache of one keeps that. 0: see the TryCatch.
        """
        if code_cache:
            return self.unbound(isolate, source, 0, code_cache)[0]
        return int(self._calls.compile_hidden(isolate, source))

    def code_cache(self, unbound: int) -> bytes:
        """The code cache of a script as it is compiled now: what has run is in it. b"" when V8 makes none."""
        address = self._calls.create_code_cache(unbound)
        if not address:
            return b""
        cached = CachedData.from_address(address)
        data = ctypes.string_at(cached.data, cached.length)
        self._calls.end_cached_data(address)
        self._calls.delete(address)
        return data
