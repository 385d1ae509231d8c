"""Events as rows and chunks, before they reach a file."""

from __future__ import annotations

from inspector.events import HostMeasured
from inspector.recording.batch import Batch


def test_a_host_without_isolates_of_the_scope_gives_its_own_figures_alone() -> None:
    batch = Batch(scope=frozenset({1}))
    batch.add([HostMeasured(10, 1, 5_000, 70, ((2, 3, 4),))])
    assert [chunk[0] for chunk in batch.chunks()] == ["host_figures"]
    batch.add([HostMeasured(20, 1, 5_000, 70, ((1, 3, 4), (2, 3, 4)))])
    assert {chunk[0]: chunk[4] for chunk in batch.chunks()} == {"host_figures": 2, "isolate_times": 1}
