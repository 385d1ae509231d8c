"""Being told to end and ending others, on a system with signals and on one without."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys

import pytest

from inspector.system.signals import end_process, on_signals

SLEEP = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]


class LoopWithout(asyncio.SelectorEventLoop):
    """As on Windows: it handles no signals."""

    def add_signal_handler(self, sig, callback, *args):
        raise NotImplementedError

    def remove_signal_handler(self, sig):
        raise NotImplementedError


@pytest.mark.skipif(sys.platform == "win32", reason="raising SIGTERM ends the process there")
@pytest.mark.parametrize("make", [asyncio.SelectorEventLoop, LoopWithout])
def test_a_signal_becomes_a_call_on_the_loop_until_it_is_undone(make):
    before = signal.getsignal(signal.SIGTERM)

    async def hear():
        loop = asyncio.get_running_loop()
        came = loop.create_future()
        undo = on_signals(loop, {signal.SIGTERM: lambda: came.set_result(True)})
        try:
            signal.raise_signal(signal.SIGTERM)
            return await asyncio.wait_for(came, 30)
        finally:
            undo()

    with asyncio.Runner(loop_factory=make) as runner:
        assert runner.run(hear())
    assert signal.getsignal(signal.SIGTERM) == before


def test_off_the_main_thread_nothing_is_heard_and_nothing_fails():
    async def hear():
        on_signals(asyncio.get_running_loop(), {signal.SIGTERM: lambda: None})()

    async def elsewhere():
        await asyncio.to_thread(asyncio.run, hear())

    asyncio.run(elsewhere())


@pytest.mark.parametrize("has_groups", [True, False])
def test_a_process_is_ended_and_one_that_is_gone_is_no_error(has_groups, monkeypatch):
    if not has_groups:
        monkeypatch.delattr(os, "killpg", raising=False)
    with subprocess.Popen(SLEEP, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout.readline() == b"up\n"
        end_process(process.pid, process.kill)
        assert process.wait(30) != 0
    end_process(process.pid, process.kill)


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="this system has no groups")
def test_a_group_goes_with_its_leader():
    statement = f"import subprocess, sys; print(subprocess.Popen({SLEEP!r}).pid, flush=True); sys.stdin.read()"
    leader = subprocess.Popen(
        [sys.executable, "-c", statement], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    with leader:
        assert int(leader.stdout.readline()) > 0
        end_process(leader.pid, leader.kill)
        leader.stdout.read()  # ends when the last of the group, which has it too, is gone
        leader.wait(30)
