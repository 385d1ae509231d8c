"""What each context keeps alive, and the spaces of the heap: V8's answers to questions that are asked now and then.

V8 attributes the heap's objects to contexts while it marks, at a collection that we ask for, and reports by a task of
its own; questions that come meanwhile get the same answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.engine.native.sampling import IDLE
from inspector.engine.port import Done, HeapSample, MemoryMeasured
from inspector.errors import EngineError, IsolateDisposedError
from inspector.records import HeapSpace

if TYPE_CHECKING:
    from inspector.engine.native.isolate import NativeIsolate

__all__ = ["Measuring"]


class Measuring:
    """On the isolate's thread."""

    def __init__(self, owner: NativeIsolate) -> None:
        self._owner = owner
        self._waiting: list[Done] = []

    def spaces(self) -> tuple[HeapSample, tuple[HeapSpace, ...]]:
        """The heap's figures and those of its spaces, of one moment."""
        sample = self._owner.sampling.take(IDLE)
        spaces = self._owner.v8.heap_spaces(self._owner.address)
        return sample, tuple(HeapSpace(*space) for space in spaces)

    def ask(self, done: Done) -> None:
        """`done` gets a MemoryMeasured, once V8 has collected."""
        self._waiting.append(done)
        if len(self._waiting) == 1:
            with self._owner.v8.handles(self._owner.slots):
                if not self._owner.v8.measure_memory(self._owner.address):
                    self._answer(EngineError("measure the contexts", "V8 refused"))

    def measured(self, contexts: list[int], sizes: list[int], rest: tuple[int, int, int]) -> None:
        """V8's report. `contexts` are Locals."""
        known, others = [], 0
        for context, size in zip(contexts, sizes, strict=False):
            context_id = self._owner.v8.calls.execution_context_id(context)
            if context_id in self._owner.contexts.live:
                known.append((context_id, size))
            else:
                others += size
        self._answer(MemoryMeasured(tuple(sorted(known)), others, *rest))

    def close(self) -> None:
        self._answer(IsolateDisposedError("measure the contexts", "the isolate was disposed"))

    def _answer(self, answer: object) -> None:
        waiting, self._waiting = self._waiting, []
        for done in waiting:
            done(answer)
