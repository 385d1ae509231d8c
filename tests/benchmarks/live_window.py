"""What the window of live isolates costs its process: paints, tree updates, scrolling, dragging, memory, idle isolates.

    python -m tests.benchmarks.live_window [--seconds 10] [--memory-seconds 60]

200 isolates with 1 ms of work every 100 ms, each sampled 20 times a second, every heap drawn; then minimised; then a
window with 20 idle isolates, one of them selected or none, while what was sampled at their birth moves through the
graphs and after it. Times are CPU time of the GUI's thread, which other work on the machine does not lengthen; shares
of a core are of the whole process. One JSON object a line; `ratio` above 1 misses its limit. `--part idle`: that alone
(3 min). For half an hour of memory: `--memory-seconds 1800`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from ui.app import SWITCH_INTERVAL_S
from ui.assembly import Assembly
from ui.driven import drive
from ui.views.centre import HEAP, OVERVIEW
from ui.views.heap_graph import HeapGraph
from ui.views.overview import Overview

WORKING, IDLE, FRAMES = 200, 20, 120
SCRIPT = Path(__file__).parent / "scripts" / "work.js"
FRAME_MS, TREE_MS, PAINTS, IDLE_CORE, GROWN_MIB = 16.0, 1.0, 30.0, 0.01, 8.0
LEVEL_S = 75.0  # after which the lines of idle isolates are level


class Paints(QObject):
    """Counts paints of each widget."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self.count: Counter[tuple[str, int]] = Counter()  # by class and identity
        self._application = application

    async def watch(self, seconds: float) -> dict[str, float]:
        """Paints a second, the busiest first."""
        self.count.clear()
        self._application.installEventFilter(self)
        await asyncio.sleep(seconds)
        self._application.removeEventFilter(self)
        busiest = self.count.most_common(6)
        return {f"{name} {place}": round(count / seconds, 1) for place, ((name, _id), count) in enumerate(busiest, 1)}

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            above = watched.parent()
            inside = f"{type(above).__name__}'s " if isinstance(above, QAbstractScrollArea) else ""
            self.count[f"{inside}{type(watched).__name__}", id(watched)] += 1
        return False


def tell(name: str, ours: float, limit: float, unit: str, **more: Any) -> None:
    line = {"name": name, "ours": round(ours, 4), "limit": limit, "ratio": round(ours / limit, 2), "unit": unit}
    print(json.dumps(line | more), flush=True)


def timed(work: Callable[..., Any], into: list[float]) -> Callable[..., Any]:
    """`work`, with its CPU time in milliseconds added to `into`."""

    def call(*given: Any) -> Any:
        began = time.thread_time()
        try:
            return work(*given)
        finally:
            into.append((time.thread_time() - began) * 1e3)

    return call


def p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)] if values else 0.0


async def share_of_core(seconds: float) -> float:
    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.sleep(seconds)
    return (time.process_time() - cpu) / (time.perf_counter() - began)


def frames(change: Callable[[int], object]) -> list[float]:
    """CPU time of a change and of painting what differs by it."""
    took = list[float]()
    for number in range(FRAMES):
        timed(
            lambda at=number: (change(at), QApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest.value)), took
        )()
    return took


def resident_mib() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


async def working(window: Assembly, opened: Future[None], seconds: float, memory_s: float) -> None:
    await asyncio.wrap_future(opened)
    for number in range(WORKING):
        isolate_id = await window.commands._create(f"worker {number}", "64 MiB", "shared")
        window.bridge.spawn(window.commands.run_files(isolate_id, None, (SCRIPT,)))
    await asyncio.sleep(3)
    window.views.centre.go_to(OVERVIEW)
    tree = window.views.tree.model_of_rows
    applied, flushed = list[float](), list[float]()
    tree.apply, tree.flush = timed(tree.apply, applied), timed(tree.flush, flushed)  # type: ignore[method-assign]
    paints = Paints(QApplication.instance())  # type: ignore[arg-type]
    seen = await paints.watch(seconds)
    tell("paints of the busiest widget, 200 working", max(seen.values(), default=0.0), PAINTS, "a second", all=seen)
    each = {"apply": round(p95(applied), 2), "announce": round(p95(flushed), 2)}
    tell("tree update, 200 working", p95(applied) + p95(flushed), TREE_MS, "ms a frame, p95", n=len(flushed), **each)
    tell("window, 200 working", await share_of_core(seconds), 1.0, "of a core")

    overview = next(one for one in window.window.findChildren(Overview))
    bar = overview.rows.verticalScrollBar()
    took = frames(lambda at: bar.setValue(at * 7 % max(1, bar.maximum())))
    tell("scrolling all heaps", p95(took), FRAME_MS, "ms a frame, p95", n=FRAMES)
    view = window.views.tree
    down = view.verticalScrollBar()
    took = frames(lambda at: down.setValue(at * 3 % max(1, down.maximum())))
    tell("scrolling the tree", p95(took), FRAME_MS, "ms a frame, p95", n=FRAMES)
    window.selection.set(isolate_id=next(iter(window.state.isolates)))
    window.views.centre.go_to(HEAP)
    await asyncio.sleep(1)
    graph = next(one for one in window.window.findChildren(HeapGraph))
    took = frames(lambda at: drag(graph, at))
    tell("dragging over the heap graph", p95(took), FRAME_MS, "ms a frame, p95", n=FRAMES)

    window.window.showMinimized()
    await asyncio.sleep(1)
    seen = await paints.watch(seconds)
    tell("paints while minimised, 200 working", sum(seen.values()), 0.1, "a second", all=seen)
    window.window.showNormal()
    window.views.centre.go_to(OVERVIEW)
    resident, kept = [resident_mib()], [rings_mib(window)]
    for _ in range(10):
        await asyncio.sleep(memory_s / 10)
        resident.append(resident_mib())
        kept.append(rings_mib(window))
    beyond = [whole - rings for whole, rings in zip(resident, kept, strict=True)][len(resident) // 2 :]
    told = {"resident": [round(one, 1) for one in resident], "samples_kept": [round(one, 1) for one in kept]}
    grown = max(beyond) - beyond[0] + 0.01
    tell("memory of the window, 200 working", grown, GROWN_MIB, "MiB grown in the second half, beyond samples", **told)


def rings_mib(window: Assembly) -> float:
    """The samples and collections that are kept: of ten minutes, so they grow for 12 at 20 samples a second."""
    data = window.store._data
    assert data is not None
    rings = (data.points, data.collections.full, data.collections.young)
    return sum(int(one.written.clip(max=one.capacity).sum()) * one.bytes_per_point for one in rings) / (1 << 20)


def drag(graph: HeapGraph, at: int) -> None:
    """A mouse that is held down goes over the plot."""
    port = graph
    place = QPointF(80 + at * 4 % max(1, port.width() - 160), port.height() / 2)
    kind = QEvent.Type.MouseButtonPress if at == 0 else QEvent.Type.MouseMove
    left = Qt.MouseButton.LeftButton
    over = port.childAt(place.toPoint()) or port
    inside = QPointF(over.mapFrom(port, place.toPoint()))
    event = QMouseEvent(
        kind, inside, QPointF(port.mapToGlobal(place.toPoint())), left, left, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(over, event)


async def idle(window: Assembly, opened: Future[None], seconds: float) -> None:
    """All that a window with 20 idle isolates takes, in the default layout; then its host processes."""
    await asyncio.wrap_future(opened)
    window.views.centre.go_to(HEAP)
    await asyncio.sleep(5)
    tell("window without isolates", await share_of_core(seconds), IDLE_CORE, "of a core")
    for number in range(IDLE):
        await window.commands._create(f"idle {number}", "64 MiB", "shared")
    paints = Paints(QApplication.instance())  # type: ignore[arg-type]
    ticks = Ticks(window)
    one = next(iter(window.state.isolates))

    async def look(when: str) -> None:
        for name, place, chosen in (
            ("one heap, one selected", HEAP, one),
            ("one heap, nothing selected", HEAP, None),
            ("all heaps, one selected", OVERVIEW, one),
        ):
            window.selection.set(isolate_id=chosen) if chosen is not None else window.selection.clear()
            window.views.centre.go_to(place)
            await asyncio.sleep(3)
            ticks.count = 0
            share = await share_of_core(seconds)
            ticked = round(ticks.count / seconds, 1)
            more = {"ticks_a_second": ticked, "paints_a_second": await paints.watch(min(seconds, 5.0))}
            tell(f"window, 20 idle, {name}, {when}", share, IDLE_CORE, "of a core", **more)

    await look("lines that move")  # what was sampled at their birth goes through the 60 s that are shown
    await asyncio.sleep(LEVEL_S)
    await look("level lines")
    pids = [host.started.pid for host in window.state.hosts.values()]
    before, began = sum(map(cpu_s, pids)), time.perf_counter()
    await asyncio.sleep(seconds)
    share = (sum(map(cpu_s, pids)) - before) / (time.perf_counter() - began)
    tell("host processes, 20 idle", share, IDLE_CORE, "of a core", hosts=len(pids))
    window.window.showMinimized()
    await asyncio.sleep(1)
    tell("window, 20 idle, minimised", await share_of_core(seconds), IDLE_CORE, "of a core")


class Ticks:
    """Counts ticks of the window's paint clock."""

    def __init__(self, window: Assembly) -> None:
        self.count = 0
        window.clock.tick.connect(self._tick)

    def _tick(self, _at_us: int) -> None:
        self.count += 1


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--memory-seconds", type=float, default=60.0)
    parser.add_argument("--part", choices=["working", "idle"])
    options = parser.parse_args()
    sys.setswitchinterval(SWITCH_INTERVAL_S)

    async def measured(window: Assembly, opened: Future[None]) -> None:
        window.window.resize(1280, 800)
        if options.part == "idle":
            await idle(window, opened, options.seconds)
        else:
            await working(window, opened, options.seconds, options.memory_seconds)

    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = folder
        drive(measured, Path(folder))
    if options.part is None:  # a process of its own: there is one window to a process
        os.execv(
            sys.executable, [sys.executable, "-m", "tests.benchmarks.live_window", *sys.argv[1:], "--part", "idle"]
        )


if __name__ == "__main__":
    main()
