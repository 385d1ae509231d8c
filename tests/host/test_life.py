"""A host from its start to each of its ends: hello, walls, close, the pool's death, SIGTERM, a stranger's order."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.states import Capability
from inspector.wire import LINK_VERSION
from tests.fixtures import leftovers
from tests.fixtures.engines import MAIN
from tests.host.driver import REPOSITORY, HostProcess, running_host

LOOP = "for (;;);"
_FORBIDDEN = ("numpy", "PySide6", "pyqtgraph", "qasync", "rich", "ui")
_GRANDPARENT = """
import asyncio, json, sys
from tests.host.driver import HostProcess
async def main():
    host = HostProcess()
    await host.start()
    isolate_id, session, context = await host.isolate()
    host.run(session, context, "for (;;);")
    await host.event("Isolate.runStarted", session)
    print(host.process.pid, flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


async def test_hello_tells_what_it_is() -> None:
    async with running_host() as host:
        hello = host.hello
        assert hello["linkVersion"] == LINK_VERSION
        assert hello["pid"] == host.process.pid
        assert hello["engine"] == MAIN
        assert hello["v8Version"].startswith("14.4.")
        assert any("trace-gc-nvp" in flag for flag in hello["v8Flags"])
        assert set(hello["capabilities"]) == {str(capability) for capability in Capability}


async def test_the_walls_that_it_can_raise_stand() -> None:
    async with running_host() as host:
        walls = host.hello["walls"]
        assert {name for name, reason in walls.items() if not reason} >= {
            "descriptors",
            "core-dumps",
            "priority",
            "environment",
            "working-directory",
        }
        assert all(walls[name] for name in ("files", "network"))
        assert os.getpriority(os.PRIO_PROCESS, host.process.pid) == 10
        assert _core_limit(host.process.pid) == ["0", "0"]


def _core_limit(pid: int) -> list[str]:
    limits = Path(f"/proc/{pid}/limits").read_text()
    return next(line for line in limits.splitlines() if "core file" in line).split()[4:6]


async def test_inherited_descriptors_are_closed() -> None:
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    try:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            f"from inspector.host.walls import raise_walls; raise_walls(); import os; os.fstat({writing})",
            stderr=asyncio.subprocess.PIPE,
            close_fds=False,
            cwd=REPOSITORY,
        )
        _, errors = await child.communicate()
        assert b"Bad file descriptor" in errors
    finally:
        os.close(reading)
        os.close(writing)


async def test_a_wall_that_does_not_stand_says_why() -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "import json; from inspector.host.walls import raise_walls; print(json.dumps(raise_walls()))",
        stdout=asyncio.subprocess.PIPE,
        cwd=REPOSITORY,
        env={"PATH": "/usr/bin", "AWS_SECRET": "x"},
    )
    output, _ = await child.communicate()
    walls = json.loads(output)
    assert walls["environment"] == "the pool left 1 variables in it (AWS_SECRET)"
    assert walls["working-directory"].startswith("it is not empty")


async def test_it_answers_and_closes_on_request() -> None:
    async with running_host() as host:
        for _ in range(3):
            _, session, context = await host.isolate()
            host.run(session, context, LOOP)
            await host.event("Isolate.runStarted", session)
        assert await host.command("Host.close") == {}
        assert await asyncio.wait_for(host.process.wait(), 5) == 0
        assert (await host.connection.wait_closed()).by == "them"
        assert host.errors == ""


async def test_it_ends_when_its_standard_input_does() -> None:
    async with running_host() as host:
        _, session, context = await host.isolate()
        host.run(session, context, LOOP)
        await host.event("Isolate.runStarted", session)
        assert host.process.stdin is not None
        host.process.stdin.close()
        assert await asyncio.wait_for(host.process.wait(), 5) == 0


async def test_it_ends_when_the_link_breaks() -> None:
    async with running_host() as host:
        await host.isolate()
        host.connection.abort()
        assert await asyncio.wait_for(host.process.wait(), 5) == 0


async def test_it_ends_on_sigterm_and_ignores_sigint() -> None:
    async with running_host() as host:
        host.process.send_signal(signal.SIGINT)
        assert await host.command("Host.ping") == {}
        host.process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(host.process.wait(), 5) == 0


async def test_kill_9_of_the_parent_leaves_no_process() -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _GRANDPARENT, stdout=asyncio.subprocess.PIPE, cwd=REPOSITORY
    )
    assert parent.stdout is not None
    host_pid = int(await asyncio.wait_for(parent.stdout.readline(), 30))
    handle = os.pidfd_open(host_pid)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(handle, ended.set)
    try:
        assert leftovers.process_runs(host_pid)
        parent.kill()
        await asyncio.wait_for(ended.wait(), 5)
        assert not leftovers.process_runs(host_pid)
    finally:
        loop.remove_reader(handle)
        os.close(handle)
        await parent.wait()


def start_by_hand(line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "inspector.host"],
        input=line,
        capture_output=True,
        text=True,
        timeout=30,
        cwd=REPOSITORY,
        check=False,
    )


def test_started_by_hand_it_says_what_it_is_for() -> None:
    ended = start_by_hand("")
    assert ended.returncode == 2
    assert ended.stderr.startswith("Start a host process: standard input ended before its first line did.")


def test_nobody_listens_where_it_should_call() -> None:
    order = {"port": 1, "secret": "0" * 64, "hostId": 1, "letter": "A", "engine": MAIN, "linkVersion": LINK_VERSION}
    ended = start_by_hand(json.dumps(order) + "\n")
    assert ended.returncode == 2
    assert "Call the pool at port 1" in ended.stderr


def test_what_a_host_imports() -> None:
    """No numpy, no Qt: a host starts in a fraction of a second and holds no more than it needs."""
    program = "import inspector.host.main, inspector.host.host, sys; print(' '.join(sys.modules))"
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, cwd=REPOSITORY, check=True
    )
    imported = set(ended.stdout.split())
    assert not {name for name in imported if name.split(".")[0] in _FORBIDDEN}
    foreign = {name for name in imported if name.startswith(("inspector.pool", "inspector.target", "inspector.cli"))}
    assert not foreign


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="POSIX has terminals of one's own")
async def test_a_frozen_host_tells_each_collection_at_once() -> None:
    """A frozen program can't be started again with `-u`, and its C library buffers on a pipe."""
    program = "import sys; sys.frozen = True; from inspector.host.main import main; main()"
    async with running_host(arguments=("-c", program), unbuffered=False) as host:
        isolate_id, session, _ = await host.isolate()
        await host.command("Isolate.collectGarbage", session=session)
        await host.until(lambda: any(record[0] == isolate_id for record in host.collections))


async def test_two_hosts_at_once() -> None:
    async with running_host(letter="A") as first, running_host(letter="B") as second:
        hosts: list[HostProcess] = [first, second]
        for host in hosts:
            _, session, context = await host.isolate()
            assert (await host.report(session, context, "6 * 7"))["value"] == 42
