"""Every figure and space of a heap, and what each context holds, as facts."""

from __future__ import annotations

from inspector.records import ContextMemory, HeapSpace, HeapStatistics
from tests.ui import made
from ui.models.facts import facts_of
from ui.models.pool_state import PoolState

KIB = 1 << 10
SPACES = (
    HeapSpace("new_space", 64 * KIB, 16 * KIB, 48 * KIB, 32 * KIB),
    HeapSpace("old_space", 256 * KIB, 144 * KIB, 0, 160 * KIB),
    HeapSpace("shared_space", 0, 0, 0, 0),
)
STATISTICS = HeapStatistics(
    5, 320 * KIB, 4 * KIB, 192 * KIB, 9 * KIB, 160 * KIB, 99 * KIB, 7 * KIB, 1, 8 * KIB,
    zaps_garbage=False, native_contexts=3, detached_contexts=1, handles_total_bytes=8 * KIB,
    handles_used_bytes=2 * KIB, allocated_bytes=1, spaces=SPACES,
)  # fmt: skip


def test_spaces_add_up_and_contexts_are_named() -> None:
    state = PoolState()
    state.apply([made.host(), made.isolate(), made.context(1, 1), made.context(1, 2, name="second", is_default=False)])
    assert not {"Heap spaces: used of committed", "Memory by context"} & {
        section.title for section in facts_of(state, isolate_id=1).sections
    }
    state.isolates[1].statistics = STATISTICS
    state.isolates[1].context_memory = ContextMemory({1: 50 * KIB, 2: 40 * KIB}, 30 * KIB, 40 * KIB, 0, 0, 3.5)
    told = {
        section.title: {fact.name: fact.text for fact in section.facts}
        for section in facts_of(state, isolate_id=1).sections
    }
    spaces = told["Heap spaces: used of committed"]
    assert spaces == {
        "new": "16 of 32 KiB",
        "old": "144 of 160 KiB",
        "All spaces": "160 of 192 KiB",
    }
    assert told["More of the heap"]["Native contexts"] == "3, 1 detached"
    assert told["More of the heap"]["Global handles"] == "2 of 8 KiB"
    contexts = told["Memory by context"]
    assert contexts["main"] == "50 KiB" and contexts["second"] == "40 KiB" and "WebAssembly" not in contexts
    assert contexts["mini-racer's own"] == "30 KiB" and contexts["Measured in"] == "3.5 ms"
