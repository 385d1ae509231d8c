"""One frame of the flame chart at every zoom, and its first paint: 100,000 and 1,000,000 samples.

    python -m tests.benchmarks.flame_chart

A frame moves the view and paints the whole widget, names included. "first paint" begins with the bytes of a
.cpuprofile for "file", with arrays for "arrays", and ends with the painted widget. Prints one JSON object a line.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable
from functools import partial

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import orjson
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

from inspector.analysis.cpu_profile import CpuProfile
from inspector.analysis.cpuprofile import read_cpuprofile
from tests.analysis.made import many_samples
from ui.models.session_window import SessionWindow
from ui.theme import Themes
from ui.views.flame_chart import FlameChart

Took = tuple[float, float]  # wall clock, and CPU time of this thread, which other work does not lengthen; ms

FRAMES = 40
FRAME_LIMIT_MS = 16.0
FIRST_LIMIT_MS = {100_000: 100.0, 1_000_000: 300.0}
ZOOMS = (0.95, 0.1, 0.01, 0.001, 0.0001)


def main() -> None:
    application = QApplication.instance() or QApplication([])
    _painted(many_samples(1000), application)  # fonts are loaded
    for count, limit in FIRST_LIMIT_MS.items():
        profile = many_samples(count)
        raw = _as_file(profile)
        makes: dict[str, Callable[[], CpuProfile]] = {
            "arrays": partial(many_samples_again, profile),
            "file": partial(read_cpuprofile, raw),
        }
        for name, make in makes.items():
            tell(f"flame chart, first paint, {count:,} samples, {name}", _first_ms(make, application), limit)
        chart, window = _painted(profile, application)
        for zoom in ZOOMS:
            tell(
                f"flame chart, frame, {count:,} samples, view of {zoom:.2%}",
                _frame_ms(chart, window, zoom),
                FRAME_LIMIT_MS,
            )
        chart.close()


def many_samples_again(profile: CpuProfile) -> CpuProfile:
    """The same arrays, nothing of them known yet."""
    return CpuProfile(profile.tree, profile.node, profile.at_us, profile.until_us, profile.ticks)


def _painted(profile: CpuProfile, application: object) -> tuple[FlameChart, SessionWindow]:
    window = SessionWindow()
    chart = FlameChart(window, Themes())
    chart.resize(1200, 700)
    window.put_whole(profile.from_us, profile.until_us)
    chart.show_profile(profile)
    chart.show()
    chart.viewport().render(QPixmap(chart.size()))
    return chart, window


def _first_ms(make: Callable[[], CpuProfile], application: object) -> list[Took]:
    took = []
    for _ in range(5):
        start, start_cpu = time.perf_counter(), time.thread_time()
        chart, _window = _painted(make(), application)
        took.append(((time.perf_counter() - start) * 1e3, (time.thread_time() - start_cpu) * 1e3))
        chart.close()
    return took


def _frame_ms(chart: FlameChart, window: SessionWindow, zoom: float) -> list[Took]:
    low, high = window.whole
    span = (high - low) * zoom
    target = QPixmap(chart.size())
    took = []
    for i in range(FRAMES):
        start, start_cpu = time.perf_counter(), time.thread_time()
        at = low + (high - low - span) * i / FRAMES
        window.show(at, at + span)
        chart.viewport().render(target)
        took.append(((time.perf_counter() - start) * 1e3, (time.thread_time() - start_cpu) * 1e3))
    return took


def _as_file(profile: CpuProfile) -> bytes:
    tree = profile.tree
    nodes = [
        {
            "id": i + 1,
            "callFrame": {"functionName": frame.name, "url": frame.url, "scriptId": "7", "lineNumber": frame.line - 1},
            "parent": above + 1,
        }
        for i, (above, frame) in enumerate(
            zip(tree.parent.tolist(), (tree.frames[one] for one in tree.frame.tolist()), strict=True)
        )
    ]
    del nodes[0]["parent"]
    deltas = [1000] * len(profile.node)
    times = {"startTime": 0, "endTime": profile.until_us, "samples": (profile.node + 1).tolist(), "timeDeltas": deltas}
    return orjson.dumps({"nodes": nodes, **times})


def tell(name: str, took: list[Took], limit: float) -> None:
    ms, cpu_ms = (statistics.median(one) for one in zip(*took, strict=True))
    line = {"name": name, "ours": round(ms, 2), "cpu": round(cpu_ms, 2), "limit": limit, "ratio": round(ms / limit, 3)}
    print(json.dumps({**line, "unit": "ms", "n": len(took)}), flush=True)


if __name__ == "__main__":
    main()
