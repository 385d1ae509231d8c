"""CPU time is the run's own: runs of several contexts take turns on one thread, and each pays for itself."""

from __future__ import annotations

import asyncio

import pytest

from inspector.events import RunStarted
from inspector.pool import Pool
from inspector.sources import source_from_text
from inspector.states import Capability, Outcome
from tests.fixtures.engines import FORCED, MAIN, skip_without
from tests.pool.recorder import Recorder

WORKS = source_from_text(
    "const end = Date.now() + 400; while (Date.now() < end); setTimeout(() => {}, 1); 'worked'", "works.js"
)
WAITS = source_from_text("new Promise((resolve) => setTimeout(resolve, 600, 'waited'))", "waits.js")


@pytest.fixture
def engine() -> str:
    return MAIN


@skip_without(Capability.CONTEXTS, Capability.CPU_TIME)
async def test_a_run_that_waits_does_not_pay_for_another(pool: Pool, events: Recorder) -> None:
    isolate = await pool.create_isolate()
    second = await isolate.create_context()
    waiting = asyncio.ensure_future(isolate.run(WAITS, cpu_limit_s=0.1))
    await events.heard(RunStarted)
    worked = await isolate.run(WORKS, context_id=second.context_id)
    waited = await waiting
    assert (worked.outcome, worked.value) == (Outcome.COMPLETED, "worked")
    assert (waited.outcome, waited.value) == (Outcome.COMPLETED, "waited")
    assert worked.timings.cpu_ms is not None and waited.timings.cpu_ms is not None
    assert waited.timings.cpu_ms < 100


async def test_a_turn_that_is_ended_tells_those_who_waited_for_it(pool: Pool, events: Recorder) -> None:
    isolate = await pool.create_isolate()
    waits = source_from_text("new Promise((resolve) => { globalThis.wake = resolve }).then((x) => x)", "sleeper.js")
    sleeping = asyncio.ensure_future(isolate.run(waits, timeout_s=3))
    started = await events.heard(RunStarted)
    looping = await isolate.run(source_from_text("wake('up'); for (;;);", "loop.js"), timeout_s=0.2)
    assert looping.outcome is Outcome.TIMED_OUT
    slept = await sleeping
    assert started.run_id == 1
    if FORCED:  # its JavaScript keeps what waits: the turn's end forgets nothing
        assert slept.outcome is Outcome.COMPLETED
        return
    assert slept.outcome is Outcome.TIMED_OUT
    assert "Run 2 was ended in this context meanwhile" in slept.evidence


@skip_without(Capability.CPU_TIME)
async def test_times_of_an_isolate_grow_with_its_work(pool: Pool) -> None:
    isolate = await pool.create_isolate()
    before = await isolate.times()
    await isolate.run(source_from_text("const end = Date.now() + 200; while (Date.now() < end);", "busy.js"))
    after = await isolate.times()
    assert after.executing_s is not None and before.executing_s is not None
    assert 0.19 < after.executing_s - before.executing_s < after.alive_s
    async with asyncio.timeout(10):
        heard = isolate.cpu_time_s
        while heard is None or heard < 0.02:
            await isolate.evaluate("0")
            heard = isolate.cpu_time_s
    assert isolate.executing_time_s is not None
