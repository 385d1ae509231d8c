"""One frame of an opened heap graph: 60 s and 10 min of samples and collections, with and without the cursor.

    python -m tests.benchmarks.heap_graph

A frame takes in a new sample and paints the whole widget. Prints one JSON object a line.
"""

from __future__ import annotations

import json
import os
import statistics
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

from tests.ui.heap_feed import Feed
from ui.clock import PaintClock
from ui.models.series import SeriesStore
from ui.selection import Selection
from ui.theme import Themes
from ui.views.heap_graph import HeapGraph

SAMPLES, FRAMES = 12_000, 100
LIMIT_MS = 4.0


def main() -> None:
    application = QApplication.instance() or QApplication([])
    feed = Feed()
    store = SeriesStore(now=feed.now)
    store.enable()
    store.apply(feed.created([1]))
    for _ in range(SAMPLES // 100):
        store.apply([*feed.batch([1], 100), *feed.collections([1], 40)])
    selection = Selection()
    selection.set(isolate_id=1)
    graph = HeapGraph(store, selection, Themes(), PaintClock())
    graph.resize(1000, 400)
    graph.show()
    application.processEvents()
    for name, span_us, hover in (
        ("60 s", 60_000_000, False),
        ("60 s, cursor", 60_000_000, True),
        ("10 min", 600_000_000, False),
    ):
        graph._time.show_last(span_us)
        if hover:
            graph._hovered(0.5)
        else:
            graph._hover_left()
        ms, cpu_ms = _frame_ms(graph, store, feed)
        print(
            json.dumps(
                {
                    "name": f"heap graph, {name}",
                    "ours": round(ms, 2),
                    "cpu": round(cpu_ms, 2),
                    "limit": LIMIT_MS,
                    "ratio": round(ms / LIMIT_MS, 2),
                    "unit": "ms a frame",
                    "n": FRAMES,
                }
            )
        )


def _frame_ms(graph: HeapGraph, store: SeriesStore, feed: Feed) -> tuple[float, float]:
    """Medians: wall clock, and CPU time of this thread, which other work on the machine does not lengthen."""
    target = QPixmap(graph.size())
    wall, cpu = [], []
    for _ in range(FRAMES):
        store.apply(feed.batch([1], 1))
        start, start_cpu = time.perf_counter(), time.thread_time()
        graph.redraw()
        graph.render(target)
        wall.append((time.perf_counter() - start) * 1e3)
        cpu.append((time.thread_time() - start_cpu) * 1e3)
    return statistics.median(wall), statistics.median(cpu)


if __name__ == "__main__":
    main()
