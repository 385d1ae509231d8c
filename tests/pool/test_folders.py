"""Working directories of hosts: removed with the host, with the pool, or by the next pool."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.pool.folders import make_folder, remove_folder, sweep_folders

OLD = 1_000_000.0
POOL = """
import asyncio, sys
from inspector.pool import Pool
async def main():
    pool = Pool(engine="native")
    await pool.open()
    isolate = await pool.create_isolate()
    print(pool.hosts[isolate.host_id].pid, flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
"""


def ended_pid() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_only_old_folders_of_pools_that_are_gone_are_swept(tmp_path: Path) -> None:
    gone = tmp_path / f"isolate-inspector-{ended_pid()}-abc"
    young = tmp_path / f"isolate-inspector-{ended_pid()}-def"
    ours = tmp_path / f"isolate-inspector-{os.getpid()}-abc"
    other = tmp_path / "isolate-inspector-notes-1"
    for folder in (gone, young, ours, other):
        folder.mkdir()
    for folder in (gone, ours, other):
        os.utime(folder, (OLD, OLD))
    assert sweep_folders(tmp_path) == 1
    assert sorted(tmp_path.iterdir()) == sorted((young, ours, other))


def test_a_folder_is_made_with_our_number_and_removed_twice() -> None:
    folder = make_folder()
    assert folder.name.startswith(f"isolate-inspector-{os.getpid()}-") and not any(folder.iterdir())
    remove_folder(folder)
    remove_folder(folder)
    assert not folder.exists()


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits on a process that is not ours, as Linux can")
async def test_a_host_removes_its_folder_when_its_pool_is_killed() -> None:
    pool = await asyncio.create_subprocess_exec(sys.executable, "-c", POOL, stdout=asyncio.subprocess.PIPE)
    assert pool.stdout is not None
    host = int(await asyncio.wait_for(pool.stdout.readline(), 60))
    folder = await asyncio.to_thread(Path(f"/proc/{host}/cwd").readlink)
    assert os.access(folder, os.F_OK)
    ended = asyncio.Event()
    descriptor = os.pidfd_open(host)
    asyncio.get_running_loop().add_reader(descriptor, ended.set)
    try:
        pool.send_signal(signal.SIGKILL)
        await pool.communicate()
        await asyncio.wait_for(ended.wait(), 20)
    finally:
        asyncio.get_running_loop().remove_reader(descriptor)
        os.close(descriptor)
    assert not os.access(folder, os.F_OK)
