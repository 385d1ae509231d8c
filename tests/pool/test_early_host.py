"""A host process that was started before its pool: adopted, lost with its last words, or discarded."""

from __future__ import annotations

import asyncio
import os
import signal
import threading

import pytest

from inspector.errors import UsageError
from inspector.events import HostLost, HostStarted, IsolateCreated
from inspector.pool import Pool, PoolDoor
from inspector.pool.host_start import EarlyHost, start_early_host
from inspector.states import Outcome
from tests.pool.recorder import Recorder

pytestmark = pytest.mark.skipif(os.name != "posix", reason="no loop can take a process over on Windows")


def started() -> EarlyHost:
    early = start_early_host()
    assert early is not None
    return early


async def test_the_first_shared_host_is_the_early_one(engine: str) -> None:
    early = started()
    events = Recorder()
    async with Pool(engine=engine, early_host=early) as pool:
        pool.subscribe(events)
        alone = await pool.create_isolate(host="own")
        shared = await pool.create_isolate()
        assert pool.hosts[shared.host_id].pid == early.process.pid
        assert pool.hosts[alone.host_id].pid != early.process.pid
        assert (await shared.evaluate("6 * 7")).preview == "42"
        told = await events.heard(HostStarted, lambda event: event.pid == early.process.pid)
        assert told.start_ms > 0
        await pool.create_isolate()
        births = [event.birth.host_start_ms for event in events.of(IsolateCreated)]
        assert births[0] and births[1:] == [
            told.start_ms,
            None,
        ]  # the first isolate of a host tells what its start took
    assert early.process.returncode is not None
    assert not early.folder.exists()
    assert not [one.name for one in threading.enumerate() if one.name.startswith("wait for host process")]


async def test_one_that_nobody_asked_for_is_discarded() -> None:
    early = started()
    async with Pool(early_host=early):
        assert early.process.poll() is None
    assert early.process.returncode == -signal.SIGKILL
    assert not early.folder.exists()


def test_it_goes_when_the_pool_can_not_open() -> None:
    early = started()
    door = PoolDoor(engine="none", early_host=early)
    with pytest.raises(UsageError):
        door.open(warm_up=True).result(30)
    door.close()
    assert early.process.returncode is not None
    assert not early.folder.exists()


async def test_one_that_died_meanwhile_is_a_loss_and_the_next_one_serves() -> None:
    early = started()
    os.kill(early.process.pid, signal.SIGKILL)
    events = Recorder()
    async with Pool(early_host=early) as pool:
        pool.subscribe(events)
        waiting = asyncio.ensure_future(pool.create_isolate())
        lost = await events.heard(HostLost)
        assert lost.exit_code == -signal.SIGKILL
        await asyncio.wait([waiting])
        isolate = await pool.create_isolate()
        assert (await isolate.evaluate("1")).outcome is Outcome.COMPLETED
        assert waiting.exception() is not None
    assert not early.folder.exists()


async def test_a_kill_while_a_script_runs_keeps_its_last_words() -> None:
    early = started()
    events = Recorder()
    async with Pool(early_host=early) as pool:
        pool.subscribe(events)
        isolate = await pool.create_isolate()
        running = asyncio.ensure_future(isolate.evaluate("for (;;);"))
        os.kill(early.process.pid, signal.SIGABRT)
        lost = await events.heard(HostLost)
        assert lost.exit_code == -signal.SIGABRT
        assert "Fatal Python error: Aborted" in lost.last_words
        assert (await running).outcome is Outcome.HOST_LOST
