"""Ends: disposed while running, a host that is killed."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from inspector.events import HostLost, IsolateEnded
from inspector.pool import Pool
from inspector.states import IsolateState, Outcome
from tests.engine.suite.bench import Bench
from tests.fixtures.engines import ENGINES

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    "source",
    [
        "console.log('go'); for (;;);",
        "console.log('go'); (async () => { await 0; for (;;); })()",
        "console.log('go'); globalThis.a = []; for (;;) a.push({})",
        "console.log('go'); new Promise(() => {})",
        "setInterval(() => console.log('go'), 1)",
    ],
    ids=["loop", "microtasks", "growth", "pending", "ticking"],
)
async def test_dispose_while_running(bench: Bench, source: str) -> None:
    isolate, neighbour = await bench.isolate("512 MiB"), await bench.isolate()
    running = asyncio.ensure_future(isolate.run(bench.source(source)))
    await bench.logged(isolate, "go")
    await isolate.dispose()
    assert (await running).outcome in (Outcome.CANCELLED, Outcome.HOST_LOST)
    ended = await bench.events.heard(IsolateEnded, lambda event: event.isolate_id == isolate.isolate_id)
    assert ended.state is IsolateState.DISPOSED
    assert (await neighbour.evaluate("1")).value == 1


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_host_that_is_killed(engine: str) -> None:
    async with Pool(engine=engine) as pool:
        bench = Bench(pool)
        isolate = await bench.isolate(host="own")
        running = asyncio.ensure_future(isolate.run(bench.source("console.log('go'); for (;;);")))
        await bench.logged(isolate, "go")

        os.kill(pool.hosts[isolate.host_id].pid, signal.SIGKILL)
        report = await running
        assert report.outcome is Outcome.HOST_LOST
        lost = await bench.events.heard(HostLost)
        assert lost.exit_code == -signal.SIGKILL and "SIGKILL" in lost.reason
        ended = await bench.events.heard(IsolateEnded)
        assert ended.state is IsolateState.CRASHED
