"""Many cases, one after another; a campaign and a trial that are cancelled leave no process."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from inspector.containment import (
    Campaign,
    Case,
    CaseBegan,
    CaseEnded,
    CaseFailed,
    CaseGrew,
    Limits,
    Progress,
    case_named,
    run_trial,
)
from inspector.sources import Source, read_source
from inspector.states import Capability
from tests.fixtures.engines import MAIN, lacks
from tests.fixtures.leftovers import children_of

LIMITS = Limits(timeout_s=2.0 if lacks(Capability.EXTERNAL_LIMIT) else 0.3)
LONG = Limits(timeout_s=60.0)


class Tape(list[Progress]):
    """What a campaign told, and an event for each kind of it."""

    def __init__(self) -> None:
        super().__init__()
        self._heard: dict[type[Progress], asyncio.Event] = {}

    def __call__(self, told: Progress) -> None:
        self.append(told)
        self._event(type(told)).set()

    async def heard(self, kind: type[Progress]) -> None:
        async with asyncio.timeout(30):
            await self._event(kind).wait()

    def _event(self, kind: type[Progress]) -> asyncio.Event:
        return self._heard.setdefault(kind, asyncio.Event())


async def test_cases_run_in_order_and_tell_what_came_of_them() -> None:
    tape = Tape()
    cases = [case_named("endless-loop"), case_named("array-buffers")]
    assert await Campaign(cases, LIMITS, engine=MAIN, told=tape).run()
    assert [(type(one), one.position) for one in tape if not isinstance(one, CaseGrew)] == [
        (CaseBegan, 0),
        (CaseEnded, 0),
        (CaseBegan, 1),
        (CaseEnded, 1),
    ]
    ended = [one for one in tape if isinstance(one, CaseEnded)]
    off_heap = "memory limit (off-heap)"
    if lacks(Capability.EXTERNAL_LIMIT):
        off_heap = "an exception ended it: RangeError: Array buffer allocation failed"  # V8's own end of memory
    assert [one.verdict.mechanism for one in ended] == ["wall-clock timeout", off_heap]
    told = [point for one in tape if isinstance(one, CaseGrew) and one.position == 0 for point in one.points]
    assert told
    assert tuple(told) == ended[0].trial.heap


async def test_a_campaign_that_is_cancelled_leaves_no_process() -> None:
    tape = Tape()
    campaign = Campaign([case_named("endless-loop"), case_named("catch-loop")], LONG, engine=MAIN, told=tape)
    running = asyncio.create_task(campaign.run())
    await tape.heard(CaseGrew)
    assert children_of(os.getpid())
    await campaign.cancel()
    assert not children_of(os.getpid())
    assert not await running
    assert [one.position for one in tape if isinstance(one, CaseBegan)] == [0]
    assert not any(isinstance(one, CaseEnded) for one in tape)


async def test_a_campaign_that_was_cancelled_before_runs_nothing() -> None:
    tape = Tape()
    campaign = Campaign([case_named("endless-loop")], LIMITS, engine=MAIN, told=tape)
    await campaign.cancel()
    assert not await campaign.run()
    assert not tape


@pytest.mark.parametrize("after_s", [0.0, 0.15, 0.4, 0.8])
async def test_a_trial_may_be_cancelled_at_any_moment(after_s: float) -> None:
    trial = asyncio.create_task(run_trial(case_named("endless-loop"), LONG, engine=MAIN))
    await asyncio.wait([trial], timeout=after_s)
    trial.cancel()
    await asyncio.sleep(0)
    trial.cancel()  # whoever is impatient asks twice
    with pytest.raises(asyncio.CancelledError):
        await trial
    assert not children_of(os.getpid())


async def test_a_case_that_can_not_be_read_is_told_and_the_next_one_runs(tmp_path: Path) -> None:
    def load() -> Source:
        return read_source(tmp_path / "gone.js")

    tape = Tape()
    cases = [Case("gone.js", "Your file gone.js.", "", load), case_named("array-buffers")]
    assert await Campaign(cases, LIMITS, engine=MAIN, told=tape).run()
    failed = next(one for one in tape if isinstance(one, CaseFailed))
    assert "gone.js" in failed.reason
    assert not failed.unsupported
    assert any(isinstance(one, CaseEnded) and one.position == 1 for one in tape)


async def test_what_an_engine_lacks_is_no_verdict() -> None:
    tape = Tape()
    await Campaign([case_named("many-contexts")], LIMITS, engine="portable", told=tape).run()
    failed = next(one for one in tape if isinstance(one, CaseFailed))
    assert failed.unsupported
    assert "context" in failed.reason
