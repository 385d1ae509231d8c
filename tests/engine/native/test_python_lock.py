"""V8's threads and Python's lock: collections never wait for it, and a host's own Python is no match for a script."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.engine.native.child import in_child
from tests.engine.native.lab import Lab
from tests.host.driver import running_host

GARBAGE = "for (;;) new Array(1000).fill(1.5);"
WITH_PYTHON = "for (;;) { new Array(1000).fill(1.5); console.log(1) }"
_BUFFER_BYTES = 4096  # of C's standard output: V8's lines of its collections arrive by so many


def grown_while_locked(seconds: float) -> int:
    """How much V8 wrote during one call that kept Python's lock for at least so long."""
    exponent = 100_000
    while True:
        before, began = os.fstat(1).st_size, time.perf_counter()
        _ = 7**exponent
        ended, after = time.perf_counter(), os.fstat(1).st_size
        if ended - began >= seconds:
            return after - before
        exponent *= 2


@in_child
def test_collections_wait_for_no_python(lab: Lab) -> None:
    """Was a callback of ours in a collection, the pause would be as long as whoever holds Python's lock likes.

    A script that logs waits for the lock at its next line, and with it the collections that it would have made.
    """
    grown = []
    with tempfile.TemporaryFile() as told:
        before = os.dup(1)
        os.dup2(told.fileno(), 1)
        try:
            for source in (GARBAGE, WITH_PYTHON):
                bench = lab.bench()
                run = bench.start_busy(source)
                bench.busy_sample()
                grown.append(grown_while_locked(0.2))
                bench.stop(run)
                bench.dispose()
        finally:
            os.dup2(before, 1)
            os.close(before)
    assert grown[0] > 3 * _BUFFER_BYTES and grown[1] <= _BUFFER_BYTES, grown


@pytest.mark.skipif(sys.platform != "linux", reason="the CPU time of threads is read from /proc")
@pytest.mark.parametrize("source", ["for (;;);", GARBAGE])
async def test_a_host_has_no_python_that_computes(source: str) -> None:
    """A Python thread that spins made a console.log 65 ms long (0.1 without): the lock. The host's loop, which samples
    and reads each collection, uses a small part of what the script does.
    """
    async with running_host(memoryBudgetBytes=4 << 30) as host:
        _, session, context = await host.isolate(sampleRateHz=100)
        host.run(session, context, source)
        await host.event("Isolate.runStarted", session)
        tasks = Path(f"/proc/{host.process.pid}/task")
        before = cpu_by_thread(tasks)
        await host.until(lambda: max(spent(before, tasks).values()) > 0.5, 60)
        others = spent(before, tasks)
        script_s = max(others.values())
        assert others[str(host.process.pid)] < 0.5 * script_s, others


def cpu_by_thread(tasks: Path) -> dict[str, float]:
    """Thread -> seconds of a processor."""
    found = {}
    for task in tasks.iterdir():
        words = (task / "stat").read_text().rpartition(")")[2].split()
        found[task.name] = (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
    return found


def spent(before: dict[str, float], tasks: Path) -> dict[str, float]:
    return {thread: seconds - before.get(thread, 0.0) for thread, seconds in cpu_by_thread(tasks).items()}
