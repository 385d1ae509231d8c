"""Real runaways in a real host process beside a real neighbour. The whole table is a command, not a test: `contain`."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.containment import Limits, case_named, file_case, judge, run_trial
from inspector.containment import trial as trials
from inspector.states import Capability, Outcome
from tests.fixtures.engines import FORCED, MAIN, skip_without

LIMITS = Limits(timeout_s=0.3)


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("endless-loop", Outcome.TIMED_OUT),
        ("endless-comparator", Outcome.TIMED_OUT),
        ("promise-loop", None),  # its promises are found by the timeout or by the memory limit, whichever is first
        pytest.param("array-buffers", Outcome.EXTERNAL_LIMIT, marks=skip_without(Capability.EXTERNAL_LIMIT)),
    ],
)
async def test_a_runaway_is_stopped_and_its_neighbour_goes_on(name: str, outcome: Outcome | None) -> None:
    trial = await run_trial(case_named(name), LIMITS, engine=MAIN)
    assert judge(trial).contained
    assert outcome is None or trial.outcome is outcome
    assert trial.usable_after
    assert trial.neighbour_ticks > 0
    assert trial.peak_bytes > 0
    assert trial.began_us < trial.stopped_us


@skip_without(Capability.EXTERNAL_LIMIT)
async def test_memory_that_the_heap_does_not_show_is_limited_too() -> None:
    trial = await run_trial(case_named("typed-arrays"), Limits(timeout_s=20.0), engine=MAIN)
    assert trial.outcome is Outcome.EXTERNAL_LIMIT
    assert trial.peak_bytes >= trial.limit_bytes


async def test_a_file_of_the_user_that_is_no_runaway_ended_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "tame.js"
    path.write_text("1 + 1")
    trial = await run_trial(file_case(path), LIMITS, engine=MAIN)
    assert judge(trial).words == ("ENDED",)


@skip_without(Capability.CPU_LIMIT)
async def test_a_cpu_limit_contains_too() -> None:
    trial = await run_trial(case_named("catch-loop"), Limits(timeout_s=20.0, cpu_s=0.3), engine=MAIN)
    assert trial.outcome is Outcome.CPU_LIMIT
    assert trial.usable_after


async def test_two_that_run_away_at_once_are_both_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "_DISPOSE_S", 60.0)  # a host that gets no processor takes longer
    trial = await run_trial(case_named("two-at-once"), Limits(timeout_s=30.0), engine=MAIN)
    assert trial.outcome is Outcome.HEAP_LIMIT
    assert trial.isolates == 2
    assert trial.usable_after
    assert trial.disposed_ms is not None
    assert trial.host_alive


async def test_growth_in_a_finalizer_which_v8_calls_itself_is_stopped() -> None:
    limits = Limits(timeout_s=3.0 if FORCED else 30.0)
    trial = await run_trial(case_named("finalization-growth"), limits, engine=MAIN)
    if FORCED:  # V8 calls it outside of what mini-racer can end: however the run ended, the table says so
        assert not judge(trial).contained
        return
    assert trial.outcome is Outcome.HEAP_LIMIT
    assert trial.usable_after
    assert trial.peak_bytes < 4 * trial.limit_bytes


async def test_a_source_larger_than_the_limit_is_not_parsed(tmp_path: Path) -> None:
    path = tmp_path / "large.js"
    path.write_text("1;" * (5 << 20))
    trial = await run_trial(file_case(path), Limits(memory_bytes=8 << 20), engine=MAIN)
    assert trial.outcome is Outcome.HEAP_LIMIT
    assert "was not asked to parse it" in trial.evidence
    assert trial.usable_after


@skip_without(Capability.CONTEXTS)
async def test_contexts_without_end_find_the_limit() -> None:
    trial = await run_trial(case_named("many-contexts"), Limits(timeout_s=30.0), engine=MAIN)
    assert trial.outcome is Outcome.HEAP_LIMIT
    assert judge(trial).contained
