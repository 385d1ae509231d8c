"""Values from isolate to isolate, against isolated-vm's ExternalCopy and copyInto; and what many copies leave behind.

Run it with `python -m tests.benchmarks.copies [FOLDER]`; FOLDER holds `node_modules/isolated-vm`, and without it npm
installs one into a temporary folder. Ours is timed from Python, pool and link included: reference.copy() and
external_copy.into(). Both take turns, and a third is what the peer's V8 needs by itself, without isolates.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from inspector.pool import Context, Pool, Reference
from tests.benchmarks.isolated_vm import _given, installed, pss

ROUNDS = 9
SMALL, SMALL_COPIES = "({text: 'x'.repeat(1e5)})", 3000
VALUES = {
    "copy 100k objects, isolate to isolate": (
        "Array.from({length: 100000}, (_, i) => ({id: i, name: 'user' + i, tags: ['a', 'b'], v: i * 1.5}))",
        "0.65x",
    ),
    "copy a typed array of 100 MB, isolate to isolate": ("new Uint8Array(1e8).fill(7)", "400 ms"),
}
SCRIPT = Path(__file__).parent / "scripts" / "copies.cjs"


class Theirs:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, folder: str) -> Theirs:
        pipe = asyncio.subprocess.PIPE
        arguments = ("node", "--no-node-snapshot", str(SCRIPT), folder)
        theirs = cls(
            await asyncio.create_subprocess_exec(
                *arguments, stdin=pipe, stdout=pipe, limit=1 << 20, start_new_session=True
            )
        )
        as_a_host(theirs._process.pid)
        await theirs.copy("")
        return theirs

    async def copy(self, expression: str) -> float:
        """Milliseconds out and in."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{expression}\n".encode())
        took: dict[str, Any] = json.loads(await self._process.stdout.readline())
        return float(took["out"]) + float(took["in"])

    async def close(self) -> None:
        self._process.kill()
        await self._process.wait()


def as_a_host(pid: int) -> None:
    """Give the peer the niceness that hosts have: on a machine with other work they would not be compared else."""
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, pid, 10)
        Path(f"/proc/{pid}/autogroup").write_text("19")


async def copy(value: Reference, target: Context) -> float:
    """Milliseconds out and in."""
    began = time.perf_counter()
    made = await value.copy()
    arrived = await made.into(target, name="received")
    ms = (time.perf_counter() - began) * 1e3
    made.release()
    arrived.release()
    return ms


async def compare(theirs: Theirs | None, why_not: str) -> None:
    async with Pool(engine="native") as pool:
        source, other = [await pool.create_isolate(memory_limit="1 GiB") for _ in range(2)]
        away = await pool.create_isolate(memory_limit="1 GiB", host="own")
        near, far = (one.contexts[one.default_context_id] for one in (other, away))
        for name, (expression, limit) in VALUES.items():
            value = await source.values.reference(expression)
            ours, peer, bare, moved = [], [], [], []
            for _ in range(ROUNDS):
                ours.append(await copy(value, near))
                if theirs is not None:
                    peer.append(await theirs.copy(expression))
                    bare.append(await theirs.copy(f"bare {expression}"))
            for _ in range(3):
                moved.append(await copy(value, far))
            value.release()
            line = {"name": name, "ours_ms": round(statistics.median(ours), 1), "limit": limit, "n": ROUNDS}
            if peer:
                line["peer_ms"] = round(statistics.median(peer), 1)
                line["ratio"] = round(statistics.median(ours) / statistics.median(peer), 2)
                line["peers_v8_alone_ms"] = round(statistics.median(bare), 1)
            else:
                line["peer"] = why_not
            print(json.dumps(line | {"to_another_process_ms": round(statistics.median(moved), 1)}), flush=True)
        await growth(pool, await source.values.reference(SMALL), near)


async def growth(pool: Pool, value: Reference, target: Context) -> None:
    pid = target.isolate.host.pid
    assert pid is not None
    for _ in range(200):
        await copy(value, target)
    await target.isolate.collect_garbage()
    before = pss(pid)
    for _ in range(SMALL_COPIES):
        await copy(value, target)
    await target.isolate.collect_garbage()
    grown = (pss(pid) - before) / 2**20
    name = f"{SMALL_COPIES} copies of 100 kB"
    print(json.dumps({"name": name, "grown_mib": round(grown, 1), "in_transit": pool.total_external_bytes}), flush=True)


async def main() -> None:
    given = _given()
    with tempfile.TemporaryDirectory() as temporary:
        why_not = "" if given else await installed(Path(temporary))
        theirs = None if why_not else await Theirs.start(given or temporary)
        try:
            await compare(theirs, why_not)
        finally:
            if theirs is not None:
                await theirs.close()


if __name__ == "__main__":
    asyncio.run(main())
