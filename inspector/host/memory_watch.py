"""The process's resident memory against a budget: what escapes every limit of V8 (buffers of its own C++ code) shows.

While it grows above the budget, the busy isolate that grew most since the last look is stopped, one a look. When it has
grown for `_PATIENCE` looks in spite of that, the host ends itself with words, so that the machine does not have to
choose. Memory that is held above the budget without growing is left alone: its isolates keep to their limits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from inspector.host.isolate import Isolate
from inspector.states import Outcome

__all__ = ["MemoryWatch"]

_PATIENCE = 5  # looks, one a second
_MIB = 1 << 20


class MemoryWatch:
    """Belongs to the loop; `look` is called once a second. `give_up(words)` ends the host."""

    def __init__(self, isolates: Mapping[int, Isolate], budget_bytes: int, give_up: Callable[[str], None]) -> None:
        self._isolates = isolates
        self._budget = budget_bytes
        self._give_up = give_up
        self._weights: dict[int, tuple[int, int]] = {}  # isolate -> its bytes, its CPU time at the last look
        self._grown_looks = 0  # in a row, above the budget
        self._resident = 0  # at the last look

    def look(self, resident_bytes: int) -> None:
        before, self._weights = self._weights, {i: _weight(isolate) for i, isolate in self._isolates.items()}
        grown, self._resident = resident_bytes - self._resident, resident_bytes
        if resident_bytes <= self._budget or grown < _MIB:
            self._grown_looks = 0
            return
        self._grown_looks += 1
        above = f"the host process holds {resident_bytes // _MIB} MiB, its budget is {self._budget // _MIB} MiB"
        suspect = self._fastest_grown(before)
        if suspect is not None:
            suspect.engine.stop(Outcome.EXTERNAL_LIMIT, f"{above}; this isolate grew most")
        if self._grown_looks > _PATIENCE:
            self._give_up(f"{above}, and it grew on for {_PATIENCE} s while isolates were stopped")

    def _fastest_grown(self, before: Mapping[int, tuple[int, int]]) -> Isolate | None:
        """Among the busy ones: by growth of used and off-heap bytes, then by CPU time since the last look."""
        busy = [isolate for isolate in self._isolates.values() if isolate.born and isolate.engine.is_busy()]
        return max(busy, key=lambda isolate: self._growth(isolate, before), default=None)

    def _growth(self, isolate: Isolate, before: Mapping[int, tuple[int, int]]) -> tuple[int, int]:
        bytes_now, cpu_now = self._weights[isolate.isolate_id]
        bytes_then, cpu_then = before.get(isolate.isolate_id, (0, 0))
        return (max(0, bytes_now - bytes_then) // _MIB, cpu_now - cpu_then)


def _weight(isolate: Isolate) -> tuple[int, int]:
    if not isolate.born:
        return (0, 0)
    return (isolate.held_bytes, isolate.engine.cpu_us() or 0)
