"""200 isolates in the window: 196 with 1 ms of work every 100 ms, 4 in endless loops; then all 200 loop. One JSON
line each.

    python -m tests.benchmarks.two_hundred [SECONDS]

A 5 ms timer of the GUI thread tells its stalls by the wall clock; `cpu` is the GUI process's share of a core. On a
machine that does something else besides, the wall clock tells of that too: `worst_cpu` is the most that the thread
itself worked between two ticks, in ms.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from concurrent.futures import Future
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt, QTimer

from inspector.events import BytesDropped, ConsoleDropped
from ui.app import SWITCH_INTERVAL_S
from ui.assembly import Assembly
from ui.driven import drive
from ui.views.centre import OVERVIEW

COUNT, LOOPING = 200, 4
SCRIPTS = Path(__file__).parent / "scripts"
STALL_MS = 50.0


class Stalls:
    """Gaps between ticks of a 5 ms timer, in milliseconds."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self.cpu: list[float] = []  # of this thread, in each
        self._last, self._cpu = time.perf_counter(), time.thread_time()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    async def watch(self, seconds: float) -> float:
        """The share of a core that this process used meanwhile."""
        self.gaps.clear()
        self.cpu.clear()
        self._last, self._cpu = time.perf_counter(), time.thread_time()
        began, cpu = time.perf_counter(), time.process_time()
        self._timer.start(5)
        await asyncio.sleep(seconds)
        self._timer.stop()
        return (time.process_time() - cpu) / (time.perf_counter() - began)

    def _tick(self) -> None:
        now, cpu = time.perf_counter(), time.thread_time()
        self.gaps.append((now - self._last) * 1000)
        self.cpu.append((cpu - self._cpu) * 1000)
        self._last, self._cpu = now, cpu


async def measure(window: Assembly, opened: Future[None], seconds: float) -> None:
    dropped: list[int] = []
    window.bridge.events_arrived.connect(
        lambda events: dropped.extend(one.count for one in events if isinstance(one, (BytesDropped, ConsoleDropped)))
    )
    await asyncio.wrap_future(opened)
    ids = [await window.commands._create(f"worker {number}", "64 MiB", "shared") for number in range(COUNT)]
    for place, isolate_id in enumerate(ids):
        script = SCRIPTS / ("loop.js" if place < LOOPING else "work.js")
        window.bridge.spawn(window.commands.run_files(isolate_id, None, (script,)))
    window.views.centre.go_to(OVERVIEW)
    await asyncio.sleep(3)
    stalls = Stalls()
    tell("196 working and 4 looping", stalls, await stalls.watch(seconds), sum(dropped))
    for isolate_id in ids[LOOPING:]:
        await window.commands.stop(isolate_id)
        window.bridge.spawn(window.commands.run_files(isolate_id, None, (SCRIPTS / "loop.js",)))
    await asyncio.sleep(3)
    tell("all 200 looping", stalls, await stalls.watch(seconds), sum(dropped))


def tell(name: str, stalls: Stalls, cpu: float, dropped: int) -> None:
    ordered = sorted(stalls.gaps)
    worst = ordered[-1]
    figures = {"p50": ordered[len(ordered) // 2], "p99": ordered[int(len(ordered) * 0.99)]}
    line = {
        "name": f"GUI stall, ms: {name}",
        "ours": round(worst, 1),
        "limit": STALL_MS,
        "ratio": round(worst / STALL_MS, 2),
    }
    rest = {
        "worst_cpu": round(max(stalls.cpu), 1),
        "n": len(ordered),
        "cpu": round(cpu, 2),
        "dropped": dropped,
        **{key: round(one, 1) for key, one in figures.items()},
    }
    print(json.dumps({**line, **rest}), flush=True)


def main(seconds: float) -> None:
    sys.setswitchinterval(SWITCH_INTERVAL_S)

    async def measured(window: Assembly, opened: Future[None]) -> None:
        window.window.resize(1280, 800)
        await measure(window, opened, seconds)

    with tempfile.TemporaryDirectory() as folder:
        drive(measured, Path(folder))


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 10.0)
