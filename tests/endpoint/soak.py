"""A soak: isolates alive, random operations with a seed, debuggers that come and go, limits that are hit.

    python -m tests.endpoint.soak [--minutes 10] [--isolates 50] [--seed 1]

Prints one JSON object: operations by kind, answers that did not come in time and where they were waited for, what the
pool said of itself, hosts lost, and threads, descriptors and resident memory of this process and its hosts, beside what
V8 says its heaps hold: after each tenth of the time, with every isolate disposed, and with the pool closed. Exit code 1
when something went unanswered, a host was lost, or threads or descriptors are left over.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import CoroutineType
from typing import Any

import picows

from inspector.endpoint import Endpoint
from inspector.errors import InspectorError
from inspector.events import Event, HostLost, ProblemReported, SampleBatchArrived
from inspector.pool import Isolate, Pool
from inspector.sources.reading import source_from_text
from inspector.wire import SAMPLE, SAMPLE_WORDS
from tests.endpoint.client import Client, attached

_PATIENCE_S = 120.0  # for one operation on a loaded machine
_WORKERS = 12
_SCRIPTS = {
    "run": "let sum = 0; for (let i = 0; i < 2e4; i++) sum += i; sum",
    "await": "(async () => { await null; return new Promise(done => setTimeout(done, 5, 7)); })()",
    "throw": "throw new Error('soak')",
    "console": "for (let i = 0; i < 200; i++) console.log({ i, text: 'x'.repeat(50) })",
    "breaks": "function step(n) {\n  const next = n + 1;\n  debugger;\n  return next;\n}\nstep(step(1))",
    "out of memory": "const rows = []; for (;;) rows.push({ a: [1, 2, 3] });",
    "off-heap": "const kept = []; for (;;) kept.push(new Uint8Array(1 << 20));",
    "loop": "for (;;);",
}
_LIMITED = ("loop", "out of memory", "off-heap", "breaks")


class Soak:
    def __init__(self, isolates: int, seed: int) -> None:
        self.random = random.Random(seed)
        self.wanted = isolates
        self.done: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.unanswered: list[str] = []
        self.lost: list[str] = []
        self.problems: list[str] = []
        self.held: dict[int, int] = {}  # isolate -> used and off-heap bytes in its newest sample
        self.pool = Pool(engine="native")
        self.pool.subscribe(self._hear)
        self.endpoint = Endpoint(self.pool)

    def _hear(self, event: Event) -> None:
        if isinstance(event, HostLost):
            self.lost.append(f"{event.reason}: {event.last_words[-300:]}")
        elif isinstance(event, ProblemReported):
            self.problems.append(f"{event.action}: {event.cause}")
        elif isinstance(event, SampleBatchArrived):
            for isolate_id, *rest in SAMPLE.iter_unpack(event.records):
                words = dict(zip(SAMPLE_WORDS, rest[-len(SAMPLE_WORDS) :], strict=True))
                self.held[isolate_id] = words["used_bytes"] + words["external_bytes"]

    async def run(self, seconds: float) -> dict[str, Any]:
        await self.pool.open()
        await self.endpoint.open()
        await asyncio.gather(*(self._make() for _ in range(self.wanted)))
        ends = time.monotonic() + seconds
        over_time: list[dict[str, Any]] = []

        async def look() -> None:
            for _ in range(10):
                await asyncio.sleep(seconds / 10)
                over_time.append(self._figures())

        looking = asyncio.create_task(look())
        await asyncio.gather(*(self._work(ends) for _ in range(_WORKERS)))
        await looking
        await asyncio.gather(*(isolate.dispose() for isolate in self.pool.isolates.values()))
        emptied = self._figures()
        await self.endpoint.close()
        await self.pool.close()
        return {
            "seconds": seconds,
            "isolates": self.wanted,
            "operations": sum(self.done.values()),
            "by_kind": dict(self.done.most_common()),
            "outcomes": dict(self.outcomes.most_common()),
            "refused": dict(self.refused.most_common()),
            "unanswered": self.unanswered,
            "problems": self.problems,
            "hosts_lost": self.lost,
            "over_time": over_time,
            "emptied": emptied,
            "after_close": self._figures(),
        }

    def _figures(self) -> dict[str, Any]:
        held = sum(self.held.get(isolate_id, 0) for isolate_id in self.pool.isolates)
        return {**figures(self.pool), "v8_holds_mib": round(held / (1 << 20), 1)}

    async def _make(self) -> None:
        isolate = await self.pool.create_isolate(memory_limit="32 MiB")
        self.endpoint.allow(isolate.isolate_id)

    async def _work(self, ends: float) -> None:
        kinds: list[tuple[str, Callable[[Isolate], Coroutine[Any, Any, object]], int]] = [
            *((name, self._runs(name), 3 if name in _LIMITED else 6) for name in _SCRIPTS),
            ("debugger", self._debug, 20),
            ("pause", self._pause, 5),
            ("stop", lambda isolate: isolate.stop(), 3),
            ("collect", lambda isolate: isolate.collect_garbage(), 3),
            ("statistics", lambda isolate: isolate.heap_statistics(), 5),
            ("dispose while busy", self._dispose, 4),
        ]
        while time.monotonic() < ends:
            alive = list(self.pool.isolates.values())
            if len(alive) < self.wanted:
                await self._try("create", self._make())
                continue
            name, work, _ = self.random.choices(kinds, [weight for _, _, weight in kinds])[0]
            isolate = self.random.choice(alive)
            await self._try(name, work(isolate), isolate)

    async def _try(self, name: str, work: Coroutine[Any, Any, object], isolate: Isolate | None = None) -> None:
        task = asyncio.create_task(work)
        try:
            await asyncio.wait([task], timeout=_PATIENCE_S)
            if not task.done():
                self.unanswered.append(f"{name} of {isolate}, paused {isolate and isolate.paused}: {waits_at(work)}")
                task.cancel()
            await task
            self.done[name] += 1
        except TimeoutError:
            self.unanswered.append(f"{name} of {isolate}: an answer did not come")
        except (InspectorError, picows.WSError, OSError, asyncio.CancelledError, AssertionError) as error:
            self.refused[type(error).__name__ if not isinstance(error, AssertionError) else "protocol error"] += 1

    def _runs(self, name: str) -> Callable[[Isolate], Coroutine[Any, Any, object]]:
        async def run(isolate: Isolate) -> None:
            timeout_s = 3.0 if name in _LIMITED else None
            report = await isolate.run(source_from_text(_SCRIPTS[name], f"{name}.js"), timeout_s=timeout_s)
            self.outcomes[str(report.outcome)] += 1

        return run

    async def _pause(self, isolate: Isolate) -> None:
        await isolate.pause()
        await asyncio.sleep(self.random.random() * 0.2)
        await isolate.resume()

    async def _dispose(self, isolate: Isolate) -> None:
        running = asyncio.ensure_future(self._runs("loop")(isolate))
        await asyncio.sleep(self.random.random() * 0.05)
        await isolate.dispose()
        await asyncio.gather(running, return_exceptions=True)
        await self._make()

    async def _debug(self, isolate: Isolate) -> None:
        url = self.endpoint.allow(isolate.isolate_id)
        async with attached(url) as client:
            await self._talk(client)
            if self.random.random() < 0.3:
                client.transport.disconnect(False)  # without a word, maybe in a pause

    async def _talk(self, client: Client) -> None:
        asked = [client.ask("Runtime.enable"), client.ask("Debugger.enable")]
        for _ in range(self.random.randrange(1, 8)):
            method, params = self.random.choice(
                [
                    ("Debugger.pause", {}),
                    ("Debugger.resume", {}),
                    ("Debugger.stepOver", {}),
                    ("Debugger.setBreakpointByUrl", {"url": "run.js", "lineNumber": 0}),
                    ("Debugger.setPauseOnExceptions", {"state": "all"}),
                    ("Profiler.enable", {}),
                    ("Profiler.start", {}),
                    ("Profiler.stop", {}),
                    ("HeapProfiler.startSampling", {}),
                    ("HeapProfiler.stopSampling", {}),
                    ("Runtime.getHeapUsage", {}),
                    ("NodeWorker.enable", {}),
                ]
            )
            asked.append(client.ask(method, **params))
            await asyncio.sleep(self.random.random() * 0.05)
        if self.random.random() < 0.3:
            client.ask("Runtime.evaluate", expression="6 * 7")  # may wait for what runs: nobody waits for it
        for answer in asked:
            answered = await answer
            assert "result" in answered or "error" in answered


def waits_at(work: Coroutine[Any, Any, object]) -> str:
    """The functions that a coroutine is inside of, outermost first."""
    names: list[str] = []
    inner: object = work
    while isinstance(inner, CoroutineType):
        names.append(f"{inner.__qualname__}:{inner.cr_frame.f_lineno if inner.cr_frame else 0}")
        inner = inner.cr_await
    return " > ".join(names)


def figures(pool: Pool) -> dict[str, Any]:
    """Threads, descriptors and resident MiB, of this process and of its hosts (Linux)."""
    pids = [host.pid for host in pool.hosts.values() if host.pid is not None]
    told = {"threads": 0, "descriptors": 0, "resident_mib": 0.0}
    for pid in pids:
        for key, value in _of_process(str(pid)).items():
            told[key] += value
    return {"here": _of_process("self"), "hosts": len(pids), "in_hosts": told}


def _of_process(pid: str) -> dict[str, Any]:
    folder = Path("/proc") / pid
    if not folder.exists():
        return {"threads": 0, "descriptors": 0, "resident_mib": 0.0}
    return {
        "threads": len(list((folder / "task").iterdir())),
        "descriptors": len(list((folder / "fd").iterdir())),
        "resident_mib": round(int((folder / "statm").read_text().split()[1]) * 4096 / (1 << 20), 1),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--isolates", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sys.setswitchinterval(0.0005)
    before = _of_process("self")
    told = asyncio.run(Soak(options.isolates, options.seed).run(options.minutes * 60))
    told["seed"] = options.seed
    print(json.dumps(told))
    left = told["after_close"]["here"]["descriptors"] > before["descriptors"] + 4
    return 1 if told["unanswered"] or told["hosts_lost"] or left else 0


if __name__ == "__main__":
    sys.exit(main())
