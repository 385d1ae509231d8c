"""Answers of our own Isolate domain that hold figures -> records. The host's `more_commands` writes them.

All raise LinkError for an answer that is garbled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from inspector.errors import LinkError
from inspector.records import ContextMemory, HeapSpace, HeapStatistics, IsolateTimes
from inspector.wire import SAMPLE_WORDS

__all__ = ["read_context_memory", "read_heap_statistics", "read_times"]

T = TypeVar("T")


def read_heap_statistics(answer: Mapping[str, Any]) -> HeapStatistics:
    """Of `Isolate.heapStatistics`."""
    return _read("the heap's figures", lambda: _heap_statistics(answer))


def read_context_memory(answer: Mapping[str, Any]) -> ContextMemory:
    """Of `Isolate.measureMemory`."""
    return _read("the memory of contexts", lambda: _context_memory(answer))


def read_times(answer: Mapping[str, Any]) -> IsolateTimes:
    """Of `Isolate.times`."""
    return _read("an isolate's times", lambda: _times(answer))


def _read(what: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except (KeyError, TypeError, ValueError) as error:
        raise LinkError(f"Read {what}", f"the answer was garbled ({type(error).__name__}: {error})") from None


def _heap_statistics(answer: Mapping[str, Any]) -> HeapStatistics:
    words: dict[str, Any] = dict(zip(SAMPLE_WORDS, map(int, answer["words"]), strict=True))
    words["zaps_garbage"] = bool(words["zaps_garbage"])
    spaces = tuple(HeapSpace(str(row[0]), *(int(figure) for figure in row[1:])) for row in answer["spaces"])
    return HeapStatistics(at_us=int(answer["atUs"]), **words, spaces=spaces)


def _context_memory(answer: Mapping[str, Any]) -> ContextMemory:
    return ContextMemory(
        contexts={int(context_id): int(size) for context_id, size in answer["contexts"]},
        engine_bytes=int(answer["otherContextsBytes"]),
        shared_bytes=int(answer["sharedBytes"]),
        wasm_code_bytes=int(answer["wasmCodeBytes"]),
        wasm_metadata_bytes=int(answer["wasmMetadataBytes"]),
        ms=float(answer["ms"]),
    )


def _times(answer: Mapping[str, Any]) -> IsolateTimes:
    return IsolateTimes(
        cpu_s=_seconds(answer["cpuUs"]),
        executing_s=_seconds(answer["executingUs"]),
        alive_s=int(answer["aliveUs"]) / 1e6,
    )


def _seconds(us: Any) -> float | None:
    return None if us is None else int(us) / 1e6
