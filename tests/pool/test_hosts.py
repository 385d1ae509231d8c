"""Host processes: spawned behind walls, lost, replaced, closed; nothing is left and nothing waits for ever."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from functools import partial
from pathlib import Path

import pytest

from inspector.errors import GoneError, HostLostError, UsageError
from inspector.events import (
    HostLost,
    HostStarted,
    HostStateChanged,
    IsolateEnded,
    IsolateStateChanged,
    PoolStopped,
    ProblemReported,
    RunQueued,
    RunReport,
    RunSettled,
)
from inspector.pool import Isolate, Pool, PoolDoor, starvation, supervisor
from inspector.pool.starvation import Share
from inspector.states import HostState, IsolateState, Outcome
from tests.fixtures.leftovers import process_runs
from tests.pool.recorder import Recorder


async def running(events: Recorder, isolate: Isolate) -> None:
    await events.heard(
        IsolateStateChanged,
        lambda event: event.isolate_id == isolate.isolate_id and event.state is IsolateState.RUNNING,
    )


def is_host(host_id: int, event: HostStarted | HostLost) -> bool:
    return event.host_id == host_id


def pid_of(pool: Pool, isolate: Isolate) -> int:
    pid = pool.hosts[isolate.host_id].pid
    assert pid is not None
    return pid


async def test_a_killed_host_is_a_loss_with_its_reason_and_a_new_one_comes(
    pool: Pool, isolate: Isolate, events: Recorder
) -> None:
    other = await pool.create_isolate()
    loop = asyncio.ensure_future(isolate.evaluate("for (;;);"))
    held = asyncio.ensure_future(isolate.evaluate("1"))
    asking = asyncio.ensure_future(isolate.send("Runtime.getHeapUsage"))
    ticking = asyncio.ensure_future(other.evaluate("setInterval(() => {}, 10); 0"))
    await running(events, isolate)
    os.kill(pid_of(pool, isolate), signal.SIGKILL)
    lost = await events.heard(HostLost)
    assert (lost.exit_code, lost.restart_in_ms) == (-signal.SIGKILL, 0)
    assert "SIGKILL" in lost.reason
    assert {(await one).outcome for one in (loop, held, ticking)} == {Outcome.HOST_LOST}
    with pytest.raises(HostLostError, match="SIGKILL"):
        await asking
    started = await events.heard(HostStarted, lambda event: event.host_id == 2)
    assert started.at_us - lost.at_us < 10_000_000
    ends = events.of(IsolateEnded)
    assert {(end.isolate_id, end.state) for end in ends} == {(1, IsolateState.CRASHED), (2, IsolateState.CRASHED)}
    for gone in (isolate, other):
        assert gone.state is IsolateState.CRASHED
        told = [event for event in events if getattr(event, "isolate_id", None) == gone.isolate_id]
        assert isinstance(told[-1], IsolateEnded)
        with pytest.raises(HostLostError):
            await gone.evaluate("1")
        await gone.dispose()
    assert len(events.of(RunSettled)) == len(events.of(RunQueued))
    fresh = await pool.create_isolate()
    assert (fresh.host_id, (await fresh.evaluate("1")).value) == (2, 1)
    assert not pool.isolates.keys() & {1, 2}


async def test_three_losses_stop_the_restarts_until_they_are_allowed(pool: Pool, events: Recorder) -> None:
    await pool.warm_up()
    for host_id in (1, 2, 3):
        started = await events.heard(HostStarted, partial(is_host, host_id))
        os.kill(started.pid, signal.SIGKILL)
        await events.heard(HostLost, partial(is_host, host_id))
    stopped = await events.heard(PoolStopped)
    assert "three host processes" in stopped.reason
    assert [event.restart_in_ms for event in events.of(HostLost)] == [0, 500, None]
    assert not pool.hosts
    with pytest.raises(HostLostError, match="three host processes"):
        await pool.create_isolate()
    pool.allow_starts()
    assert (await (await pool.create_isolate()).evaluate("1")).value == 1


async def test_the_loss_of_a_host_alone_is_not_replaced(pool: Pool, events: Recorder) -> None:
    isolate = await pool.create_isolate(host="own")
    os.kill(pid_of(pool, isolate), signal.SIGKILL)
    assert (await events.heard(HostLost)).restart_in_ms is None
    await events.heard(IsolateEnded)
    assert not pool.hosts


async def test_a_host_that_dies_while_it_starts_fails_its_births(pool: Pool, events: Recorder) -> None:
    births = [asyncio.ensure_future(pool.create_isolate()) for _ in range(3)]
    await _process_of_first_host()
    for pid in _children():
        os.kill(pid, signal.SIGKILL)
    results = await asyncio.gather(*births, return_exceptions=True)
    assert {type(result) for result in results} == {HostLostError}
    await events.heard(HostLost)
    assert not pool.isolates
    assert (await pool.create_isolate(name="isolate 1")).name == "isolate 1"


async def test_a_host_that_is_frozen_is_not_waited_for_when_the_pool_closes(engine: str) -> None:
    pool = Pool(engine=engine)
    await pool.open()
    isolate = await pool.create_isolate()
    pid = pid_of(pool, isolate)
    os.kill(pid, signal.SIGSTOP)
    async with asyncio.timeout(30):
        await pool.close()
    assert not process_runs(pid)


async def test_a_host_that_does_not_answer_is_told_then_lost(
    pool: Pool, isolate: Isolate, events: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "PING_WARN_S", 0.3)
    monkeypatch.setattr(supervisor, "PING_PATIENCE_S", 0.6)
    pid, starved = pid_of(pool, isolate), starvation.starved
    if sys.platform == "linux":  # as if it had no processor, until we look as we do
        monkeypatch.setattr(starvation, "starved", lambda before, after, _seconds: None not in (before, after))
    os.kill(pid, signal.SIGSTOP)
    problem = await events.heard(ProblemReported)
    assert "has not answered" in problem.cause
    if sys.platform == "linux":
        await events.heard(ProblemReported, lambda problem: "no processor" in problem.cause)
        assert not events.of(HostLost)
        monkeypatch.setattr(starvation, "starved", starved)
    lost = await events.heard(HostLost)
    assert "did not answer" in lost.reason
    assert (await (await pool.create_isolate()).evaluate("1")).value == 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody tells who wants a processor")
def test_who_is_starved() -> None:
    here = starvation.look_at(os.getpid())
    assert here is not None
    assert here.wants  # it runs, to look
    assert starvation.starved(Share(1.0, False), Share(1.5, True), 30)
    assert not starvation.starved(Share(1.0, False), Share(20.0, True), 30)
    assert not starvation.starved(Share(1.0, True), Share(1.0, False), 30)


async def test_closing_ends_loops_and_leaves_no_process(engine: str) -> None:
    events = Recorder()
    pool = Pool(engine=engine)
    await pool.open()
    pool.subscribe(events)
    isolates = [await pool.create_isolate(host=host) for host in ("shared", "shared", "own")]
    loops = [asyncio.ensure_future(isolate.evaluate("for (;;);")) for isolate in isolates]
    for isolate in isolates:
        await running(events, isolate)
    pids = [pid_of(pool, isolate) for isolate in isolates]
    await asyncio.gather(pool.close(), pool.close())
    await pool.close()
    assert not any(process_runs(pid) for pid in pids)
    assert {(await loop).outcome for loop in loops} == {Outcome.CANCELLED}
    assert {event.state for event in events.of(IsolateEnded)} == {IsolateState.DISPOSED}
    assert not events.of(HostLost)
    assert isinstance(events[-1], PoolStopped)
    with pytest.raises(GoneError):
        await pool.create_isolate()
    with pytest.raises(GoneError):
        await pool.open()


def test_a_program_that_ends_without_closing_leaves_no_process(engine: str) -> None:
    async def forget() -> tuple[int, asyncio.Future[RunReport]]:
        pool = Pool(engine=engine)
        await pool.open()
        isolate = await pool.create_isolate()
        return pid_of(pool, isolate), asyncio.ensure_future(isolate.evaluate("for (;;);"))

    pid, loop = asyncio.run(forget())
    assert not process_runs(pid)
    assert loop.cancelled()


async def test_a_closing_nobody_waits_for_goes_on(engine: str) -> None:
    pool = Pool(engine=engine)
    await pool.open()
    pid = pid_of(pool, await pool.create_isolate())
    first = asyncio.ensure_future(pool.close())
    await asyncio.sleep(0)
    first.cancel()
    await pool.close()
    assert not process_runs(pid)


async def test_closing_while_a_host_starts(engine: str) -> None:
    pool = Pool(engine=engine)
    await pool.open()
    birth = asyncio.ensure_future(pool.create_isolate())
    await asyncio.sleep(0)
    await pool.close()
    with pytest.raises(GoneError):
        await birth
    assert not _children()


async def test_a_pool_that_is_not_open_refuses() -> None:
    pool = Pool()
    for ask in (pool.create_isolate, pool.warm_up):
        with pytest.raises(UsageError, match="not open"):
            await ask()
    with pytest.raises(UsageError):
        _ = pool.engine_choice
    await pool.close()
    with pytest.raises(UsageError):
        Pool(max_isolates_per_host=0)
    with pytest.raises(UsageError, match="no engine"):
        await Pool(engine="spidermonkey").open()


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads /proc")
async def test_the_walls_that_the_pool_builds(pool: Pool, isolate: Isolate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "of the user")
    alone = await pool.create_isolate(host="own")
    folders = []
    for one in (isolate, alone):
        process = Path("/proc") / str(pid_of(pool, one))
        environment = (process / "environ").read_bytes()
        assert b"SECRET_TOKEN" not in environment
        assert b"HOME=" not in environment
        if os.access("/usr/bin/setpriv", os.X_OK):
            assert "NoNewPrivs:\t1" in (process / "status").read_text()
        folder = (process / "cwd").resolve()
        assert folder != Path.cwd()
        assert list(folder.iterdir()) == []
        assert os.getpgid(int(process.name)) == int(process.name)
        folders.append(folder)
    await alone.dispose()
    await pool.close()
    assert not any(folder.exists() for folder in folders)


def test_a_pool_behind_its_door(engine: str) -> None:
    door = PoolDoor(engine=engine)
    events: list[object] = []
    door.open(events.append, warm_up=True).result(60)
    assert any(isinstance(event, HostStarted) for event in events)
    isolate = door.submit(door.pool.create_isolate()).result(30)
    loop = door.submit(isolate.evaluate("for (;;);"))
    door.close()
    door.close()
    assert loop.result(30).outcome is Outcome.CANCELLED
    with pytest.raises(UsageError):
        door.submit(door.pool.warm_up())
    assert any(isinstance(event, HostStateChanged) and event.state is HostState.CLOSED for event in events)


async def _process_of_first_host() -> None:
    """Wait until the first host process exists: no event tells that, and its hello would be too late."""
    async with asyncio.timeout(30):
        while not _children():  # noqa: ASYNC110
            await asyncio.sleep(0)


def _children() -> list[int]:
    tasks = Path("/proc/self/task")
    found = " ".join((task / "children").read_text() for task in tasks.iterdir())
    return [int(pid) for pid in found.split() if process_runs(int(pid))]
