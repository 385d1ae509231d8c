"""The `Isolate.*` commands that an engine may lack: compiled scripts, heap spaces, memory by context, times."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable
from typing import Any

from inspector.engine.port import (
    CompileRequest,
    CompilesScripts,
    Done,
    HeapSample,
    MeasuresContexts,
    MemoryMeasured,
    ScriptMade,
    TellsHeapSpaces,
)
from inspector.errors import ProtocolError
from inspector.host.clock import now_us
from inspector.host.isolate import Isolate
from inspector.host.params import INVALID_PARAMS, METHOD_NOT_FOUND, Params
from inspector.host.reports import write_error
from inspector.records import HeapSpace

__all__ = ["MoreCommands"]

_MOST_HANDLE = (1 << 53) - 1

Answering = Callable[[Isolate, int | None, Callable[[Any], dict[str, Any]]], Done]


class MoreCommands:
    """`done(isolate, command_id, write)` makes a `Done` whose answer is written on the loop."""

    def __init__(self, done: Answering) -> None:
        self._done = done
        self.table: dict[str, Callable[[Isolate, int | None, Params], None]] = {
            "Isolate.compileScript": self._compile_script,
            "Isolate.codeCache": self._code_cache,
            "Isolate.releaseScript": self._release_script,
            "Isolate.heapStatistics": self._heap_statistics,
            "Isolate.measureMemory": self._measure_memory,
            "Isolate.times": self._times,
        }

    def _compile_script(self, isolate: Isolate, command_id: int | None, params: Params) -> None:
        engine = _compiler(isolate)
        request = CompileRequest(params.text("source"), params.text("url"), _bytes(params, "codeCache"))
        engine.compile_script(request, self._done(isolate, command_id, _made))

    def _code_cache(self, isolate: Isolate, command_id: int | None, params: Params) -> None:
        engine = _compiler(isolate)
        script = params.whole("script", 1, _MOST_HANDLE)
        engine.code_cache(script, self._done(isolate, command_id, _cache))

    def _release_script(self, isolate: Isolate, command_id: int | None, params: Params) -> None:
        engine = _compiler(isolate)
        script = params.whole("script", 1, _MOST_HANDLE)
        engine.release_script(script, self._done(isolate, command_id, lambda _: {}))

    def _heap_statistics(self, isolate: Isolate, command_id: int | None, _: Params) -> None:
        engine = isolate.engine
        if isinstance(engine, TellsHeapSpaces):
            engine.heap_spaces(self._done(isolate, command_id, _spaces))
            return
        sample = engine.latest_sample() or isolate.latest
        if sample is None:
            raise ProtocolError("Isolate.heapStatistics", "the engine has taken no sample yet", "Run something first.")
        isolate.answer(command_id, _statistics(sample, ()))

    def _measure_memory(self, isolate: Isolate, command_id: int | None, _: Params) -> None:
        engine = isolate.engine
        if not isinstance(engine, MeasuresContexts):
            raise _lacking("Isolate.measureMemory", "this engine can't tell the memory of each context")
        began = time.perf_counter()

        def write(measured: MemoryMeasured) -> dict[str, Any]:
            return _measured(measured, (time.perf_counter() - began) * 1e3)

        engine.measure_memory(self._done(isolate, command_id, write))

    def _times(self, isolate: Isolate, command_id: int | None, _: Params) -> None:
        cpu, executing = isolate.times_us()
        alive = now_us() - isolate.born_at_us
        isolate.answer(command_id, {"cpuUs": cpu, "executingUs": executing, "aliveUs": alive})


def _compiler(isolate: Isolate) -> CompilesScripts:
    engine = isolate.engine
    if not isinstance(engine, CompilesScripts):
        raise _lacking("Isolate.compileScript", "this engine can't compile scripts apart from their run")
    return engine


def _lacking(method: str, cause: str) -> ProtocolError:
    return ProtocolError(method, cause, code=METHOD_NOT_FOUND)


def _bytes(params: Params, name: str) -> bytes:
    try:
        return base64.b64decode(params.text(name, ""), validate=True)
    except (binascii.Error, ValueError):
        raise ProtocolError("Isolate.compileScript", f"{name} is no base64", code=INVALID_PARAMS) from None


def _made(made: ScriptMade) -> dict[str, Any]:
    return {
        "script": made.handle,
        "scriptId": made.script_id,
        "compileMs": made.compile_ms,
        "cacheRejected": made.cache_rejected,
        "error": None if made.error is None else write_error(made.error),
    }


def _cache(data: bytes) -> dict[str, Any]:
    return {"data": base64.b64encode(data).decode("ascii")}


def _spaces(answer: tuple[HeapSample, tuple[HeapSpace, ...]]) -> dict[str, Any]:
    return _statistics(*answer)


def _statistics(sample: HeapSample, spaces: tuple[HeapSpace, ...]) -> dict[str, Any]:
    rows = [[s.name, s.size_bytes, s.used_bytes, s.available_bytes, s.physical_bytes] for s in spaces]
    return {"atUs": sample.at_us, "words": list(sample.words), "spaces": rows}


def _measured(measured: MemoryMeasured, ms: float) -> dict[str, Any]:
    return {
        "contexts": [list(pair) for pair in measured.contexts],
        "otherContextsBytes": measured.other_contexts_bytes,
        "sharedBytes": measured.shared_bytes,
        "wasmCodeBytes": measured.wasm_code_bytes,
        "wasmMetadataBytes": measured.wasm_metadata_bytes,
        "ms": ms,
    }
