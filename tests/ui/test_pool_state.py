from __future__ import annotations

from inspector.events import ContextReleased, HostLost, HostMeasured, IsolateEnded, IsolateStateChanged, RunStarted
from inspector.states import HostState, IsolateState, Outcome
from tests.ui.made import MIB, context, host, isolate, queued, samples, script, settled
from ui.models.pool_state import PoolState


def test_builds_hosts_isolates_contexts_scripts_and_runs() -> None:
    state = PoolState()
    changes = state.apply([host(), isolate(), context(), script(), queued(), RunStarted(11, 1, 1), settled()])
    assert [what for what, _ in changes.appeared] == ["host", "isolate", "context", "script"]
    record = state.isolates[1]
    assert record.default_context_id == 1
    parsed = record.contexts[1].scripts["7"]
    assert (parsed.runs, parsed.outcome, parsed.first_run_ms) == (1, Outcome.COMPLETED, 12.0)
    assert record.last_run is not None
    assert record.last_run.report is not None


def test_the_newest_sample_of_a_batch_counts() -> None:
    state = PoolState()
    changes = state.apply([host(), isolate(), samples((1, 5 * MIB), (1, 6 * MIB)), HostMeasured(9, 1, 90 * MIB, 1)])
    assert state.isolates[1].figures.used_bytes == 6 * MIB
    assert changes.figures == {1}
    totals = state.totals()
    assert (totals.isolates, totals.heap_bytes, totals.resident_bytes) == (1, 6 * MIB, 90 * MIB)


def test_an_end_keeps_the_row_its_data_and_the_reason() -> None:
    state = PoolState()
    state.apply([host(), isolate(), samples((1, 5 * MIB))])
    state.apply([HostLost(9, 1, -9, "killed by SIGKILL", "last words", 0)])
    state.apply([IsolateEnded(9, 1, IsolateState.CRASHED, "its host process was lost", None)])
    state.apply([IsolateStateChanged(10, 1, IsolateState.IDLE)])  # comes late, changes nothing
    record = state.isolates[1]
    assert record.state is IsolateState.CRASHED
    assert record.figures.used_bytes == 5 * MIB
    assert state.hosts[1].state is HostState.LOST
    assert state.totals().isolates == 0


def test_a_replaced_context_names_its_successor() -> None:
    state = PoolState()
    state.apply([host(), isolate(), context(), context(context_id=2, replaces_context_id=1)])
    state.apply([ContextReleased(5, 1, 1, "replaced")])
    record = state.isolates[1]
    assert record.contexts[1].replaced_by == 2
    assert record.default_context_id == 2


def test_events_of_what_is_unknown_or_forgotten_change_nothing() -> None:
    state = PoolState()
    state.apply([context(9), script(9), queued(isolate_id=9), settled(3), samples((9, 1)), HostMeasured(1, 9, 1, 1)])
    assert not state.isolates
    assert not state.runs
    state.apply([host(), isolate(), queued()])
    state.forget_isolate(1)
    state.apply([settled(), samples((1, 5))])
    assert not state.isolates
    assert not state.runs
    assert state.hosts[1].isolate_ids == []


def test_an_event_told_twice_counts_once() -> None:
    state = PoolState()
    for _ in range(2):
        state.apply([host(), isolate(), context(), script(), queued()])
    assert len(state.isolates[1].runs) == 1
    assert state.hosts[1].isolate_ids == [1]
