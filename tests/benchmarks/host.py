"""One host process by the clock: its start, the rate of busy samples, what sampling costs its loop.

Run it with `python -m tests.benchmarks.host`. The loop is the host's main thread; its CPU time comes from `/proc`.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import time
from pathlib import Path

from tests.host.driver import HostProcess, running_host

STARTS = 10
WATCHED_S = 5.0
RATE_HZ = 20.0
ENDLESS = "for (;;);"
ALLOCATING = "for (let a = [];;) { a.push([1]); if (a.length > 1e5) a = [] }"
THROWING = "while (true) { try { f() } catch {} }"
WORKING = "setInterval(() => { const end = Date.now() + 1; while (Date.now() < end); }, 100); 0"


async def main() -> None:
    await starts()
    await one_host()
    await crowd()


async def starts() -> None:
    """Spawn until hello."""
    took = []
    for _ in range(STARTS):
        began = time.perf_counter()
        async with running_host():
            took.append((time.perf_counter() - began) * 1e3)
    say("host process, spawn until hello, ms", statistics.median(took), 200, STARTS)


async def one_host() -> None:
    """64 isolates: three in endless loops of three kinds, the others with 1 ms of work every 100 ms."""
    async with running_host() as host:
        sources = [ENDLESS, ALLOCATING, THROWING] + [WORKING] * 61
        isolates = await started(host, sources)
        await asyncio.sleep(1)
        busy = on_loop(host)
        counts = [len(host.samples_of(isolate_id)) for isolate_id in isolates]
        await asyncio.sleep(WATCHED_S)
        for kind, isolate_id, before in zip(("endless", "allocating", "throwing"), isolates, counts, strict=False):
            taken = host.samples_of(isolate_id)[before:]
            say(f"samples a second, {kind} loop", len(taken) / WATCHED_S, RATE_HZ, len(taken))
            if taken:
                say(f"window of a sample, {kind} loop, us", statistics.median(s[3] for s in taken), 1000, len(taken))
        say("loop of a host with 64 isolates, share of a CPU", (on_loop(host) - busy) / WATCHED_S, 0.1, 1)


async def crowd() -> None:
    """200 isolates in endless loops, 50 in each of 4 hosts: what sampling costs."""
    hosts = [HostProcess() for _ in range(4)]
    try:
        for host in hosts:
            await host.start()
        for host in hosts:
            await started(host, [ENDLESS] * 50)
        await asyncio.sleep(2)
        before = [on_loop(host) for host in hosts], sum(len(host.samples) for host in hosts)
        await asyncio.sleep(WATCHED_S)
        share = (sum(on_loop(host) for host in hosts) - sum(before[0])) / WATCHED_S
        rate = (sum(len(host.samples) for host in hosts) - before[1]) / WATCHED_S / 200
        say("loops of 4 hosts, 200 endless loops, share of a CPU", share, 0.02, 4)
        say("samples a second and isolate, 200 endless loops", rate, 2.4, 200)
    finally:
        for host in hosts:
            await host.end()


async def started(host: HostProcess, sources: list[str]) -> list[int]:
    """An isolate for each source; they run once all are born."""
    isolates = [await host.isolate() for _ in sources]
    for (_, session, context), source in zip(isolates, sources, strict=True):
        host.run(session, context, source)
    return [isolate_id for isolate_id, _, _ in isolates]


def on_loop(host: HostProcess) -> float:
    """CPU seconds of the host's main thread (proc(5): fields 14 and 15 of stat)."""
    pid = host.process.pid
    fields = Path(f"/proc/{pid}/task/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def say(name: str, ours: float, limit: float, n: int) -> None:
    line = {"name": name, "ours": round(ours, 3), "limit": limit, "ratio": round(ours / limit, 3), "n": n}
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
