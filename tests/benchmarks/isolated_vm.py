"""Isolates against isolated-vm's: time to make one with inspector and context, memory of each, at 10, 100 and 1000.

Run it with `python -m tests.benchmarks.isolated_vm [FOLDER]`; FOLDER holds `node_modules/isolated-vm`, and without it
npm installs one into a temporary folder. Ours are `bare`, timed inside the host; hosts are counted apart. Both run at a
host's niceness, so that what else the machine does hits both alike. Linux alone: memory is PSS.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from inspector.events import Event, IsolateCreated
from inspector.host.walls import GROUP_NICENESS, NICENESS
from inspector.pool import Isolate, Pool

SIZES = (10, 100, 1000)
BATCH = 10  # made in turns
VERSION = "isolated-vm@5"
PER_HOST = 64
INSTALL_S = 400
SCRIPT = Path(__file__).parent / "scripts" / "isolated_vm.cjs"


class Theirs:
    """isolated-vm in a Node process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, folder: str) -> Theirs:
        """OSError or ValueError when it does not run."""
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *("nice", "-n", str(NICENESS), "node", "--no-node-snapshot", str(SCRIPT), folder),
            stdin=pipe,
            stdout=pipe,
            limit=1 << 22,
            start_new_session=True,
        )
        _step_back_as_group(process.pid)
        theirs = cls(process)
        await theirs.ask(0)
        return theirs

    async def ask(self, count: int) -> dict[str, Any]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{count}\n".encode())
        return dict(json.loads(await self._process.stdout.readline()))

    async def close(self) -> None:
        self._process.kill()
        await self._process.wait()


class Ours:
    """A pool; memory is the sum over its hosts, each beyond what it took when it was empty."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.isolates: list[Isolate] = []
        self.took: list[float] = []
        self._empty: dict[int, int] = {}  # pid -> bytes
        pool.subscribe(self._hear)

    def _hear(self, event: Event) -> None:
        if isinstance(event, IsolateCreated):
            birth = event.birth
            self.took.append(birth.isolate_ms + (birth.inspector_ms or 0) + birth.context_ms + birth.prelude_ms)

    async def make(self, count: int) -> None:
        for _ in range(count):
            if len(self.isolates) % PER_HOST == 0:  # a host for what comes: its own memory is told apart
                first = await self._pool.create_isolate(prelude="bare", sample_rate_hz=1)
                pid = first.host.pid
                await first.dispose()
                self.took.pop()
                if pid is not None:
                    self._empty.setdefault(pid, pss(pid))
            self.isolates.append(await self._pool.create_isolate(prelude="bare", sample_rate_hz=1))

    def bytes_each(self) -> float:
        pids = {isolate.host.pid for isolate in self.isolates}
        grown = sum(pss(pid) - self._empty.get(pid, 0) for pid in pids if pid is not None)
        return grown / len(self.isolates)

    @property
    def hosts(self) -> int:
        return len({isolate.host_id for isolate in self.isolates})


def _step_back_as_group(pid: int) -> None:
    """As a host does: niceness counts inside a session's group alone."""
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text(str(GROUP_NICENESS))


def pss(pid: int) -> int:
    """Proportional memory of a process in bytes."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) << 10 for line in text.splitlines() if line.startswith("Pss:"))


async def compare(theirs: Theirs | None, why_not: str) -> None:
    for size in SIZES:
        async with Pool(max_isolates_per_host=PER_HOST) as pool:
            ours = Ours(pool)
            took: list[float] = []
            empty = (await theirs.ask(0))["pss"] if theirs else 0
            peer: dict[str, Any] = {}
            for _ in range(0, size, BATCH):
                await ours.make(BATCH)
                if theirs is not None:
                    peer = await theirs.ask(BATCH)
                    took += peer["took"]
            name = f"{size} isolates alive, {ours.hosts} hosts of up to {PER_HOST}"
            say(
                f"{name}: make one, inspector and context, ms",
                statistics.median(ours.took),
                _median(took),
                size,
                why_not,
            )
            each = (peer["pss"] - empty) / size / 1024 if peer else None
            say(f"{name}: memory of each, KiB (PSS)", ours.bytes_each() / 1024, each, size, why_not)
        if theirs is not None:
            await theirs.ask(0)


def _median(values: list[float]) -> float | None:
    return statistics.median(values) if values else None


def say(name: str, ours: float, peer: float | None, n: int, why_not: str) -> None:
    line: dict[str, Any] = {"name": name, "ours": round(ours, 3), "peer": None if peer is None else round(peer, 3)}
    line |= {"ratio": round(ours / peer, 3) if peer else None, "n": n}
    print(json.dumps(line | ({"peer_missing": why_not} if why_not else {})), flush=True)


async def installed(folder: Path) -> str:
    """Install isolated-vm into `folder`; "" or why there is none."""
    if shutil.which("npm") is None:
        return "npm is not installed"
    command = ("npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", VERSION)
    null = asyncio.subprocess.DEVNULL
    npm = await asyncio.create_subprocess_exec(*command, stdin=null, stdout=null, stderr=null)
    try:
        code = await asyncio.wait_for(npm.wait(), INSTALL_S)
    except TimeoutError:
        npm.kill()
        await npm.wait()
        return f"npm did not install it within {INSTALL_S} s"
    return "" if code == 0 else f"npm could not install it (exit code {code})"


def _given() -> str:
    """The folder on the command line; "" for none."""
    return str(Path(sys.argv[1]).resolve()) if len(sys.argv) > 1 else ""


async def main() -> None:
    given = _given()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given or temporary
        why_not = "" if given else await installed(Path(folder))
        theirs = None
        if not why_not:
            try:
                theirs = await Theirs.start(folder)
            except (OSError, ValueError) as error:
                why_not = f"isolated-vm does not run here ({type(error).__name__})"
        try:
            await compare(theirs, why_not)
        finally:
            if theirs is not None:
                await theirs.close()


if __name__ == "__main__":
    asyncio.run(main())
