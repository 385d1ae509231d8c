"""One frame of the tracks of a long recording: 50 isolates, 30 minutes, 20 heap samples a second each.

    python -m tests.benchmarks.session_tracks

A frame moves the view, or scrolls, and paints the whole widget; 16 ms are 60 a second. Prints one JSON object a line.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

from inspector.analysis.track import Console, RunSpan, Track
from tests.analysis.made import MIB, collections, samples
from ui.models.session_window import SessionWindow
from ui.theme import Themes
from ui.views.session_tracks import SessionTracks

ISOLATES, SECONDS, RATE = 50, 1800, 20
FRAMES = 40
LIMIT_MS = 16.0
ZOOMS = (0.95, 0.1, 0.01, 0.001)


def main() -> None:
    application = QApplication.instance() or QApplication([])
    window = SessionWindow()
    chart = SessionTracks(window, Themes())
    chart.resize(1200, 700)
    span_us = SECONDS * 1_000_000
    window.put_whole(0, span_us)
    chart.show_tracks([_track(i) for i in range(1, ISOLATES + 1)], 0)
    chart.show()
    application.processEvents()
    target = QPixmap(chart.size())

    def frame(change: Callable[[int], None]) -> list[tuple[float, float]]:
        took = []
        for i in range(FRAMES):
            start, start_cpu = time.perf_counter(), time.thread_time()
            change(i)
            chart.viewport().render(target)
            took.append(((time.perf_counter() - start) * 1e3, (time.thread_time() - start_cpu) * 1e3))
        return took

    for zoom in ZOOMS:
        wide = span_us * zoom
        tell(f"moved, view of {zoom:.2%}", frame(lambda i, wide=wide: window.show(i * 1e6, i * 1e6 + wide)))  # type: ignore[misc]
    middle = span_us / 2
    tell("zoomed", frame(lambda i: window.show(middle - middle * 0.8**i, middle + middle * 0.8**i)))
    window.show(0, span_us * ZOOMS[-1])
    bar = chart.verticalScrollBar()
    tell("scrolled, view of 0.10%", frame(lambda i: bar.setValue(i * 60)))
    window.fit()
    tell("scrolled, all in view", frame(lambda i: bar.setValue(i * 60)))


def _track(isolate_id: int) -> Track:
    numbers = np.random.default_rng(isolate_id)
    at_us = np.arange(SECONDS * RATE) * (1_000_000 // RATE)
    used = 20 * MIB + (at_us // 1000 * 37 + numbers.integers(0, MIB, len(at_us))) % (10 * MIB)
    ends = [(i * 500_000, i % 3, 1000 + i % 700, 5, 3) for i in range(SECONDS * 2)]
    runs = [RunSpan(i, "handler.js", i * 500_000, i * 500_000 + 300_000) for i in range(SECONDS * 2)]
    lines = np.sort(numbers.integers(0, SECONDS * 1_000_000, 20_000))
    console = Console(lines, (lines % 3).astype(np.uint8), lambda _line: "line")
    return Track(
        isolate_id,
        f"isolate {isolate_id}",
        letter="A",
        samples=samples(at_us, used),
        collections=collections(*ends),
        runs=runs,
        console=console,
    )


def tell(name: str, took: list[tuple[float, float]]) -> None:
    """`took`: wall clock, and CPU time of this thread, which other work on the machine does not lengthen."""
    ms, cpu_ms = (statistics.median(one) for one in zip(*took, strict=True))
    line = {
        "name": f"session tracks, 50 isolates of 30 min, {name}",
        "ours": round(ms, 2),
        "cpu": round(cpu_ms, 2),
    }
    print(json.dumps({**line, "limit": LIMIT_MS, "ratio": round(ms / LIMIT_MS, 3), "unit": "ms", "n": len(took)}))


if __name__ == "__main__":
    main()
