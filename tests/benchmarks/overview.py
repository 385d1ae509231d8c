"""One frame of the overview: 200 isolates with 10,000 samples each, all in view and scrolled, beside 200 PlotWidgets.

    python -m tests.benchmarks.overview

A frame takes in a new sample of every isolate and paints the whole widget. Prints one JSON object a line.
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
from ui.views.overview import Overview

ISOLATES, SAMPLES, FRAMES = 200, 10_000, 60
LIMIT_MS = 8.0


def main() -> None:
    application = QApplication.instance() or QApplication([])
    feed = Feed()
    store = SeriesStore(now=feed.now)
    store.enable()
    store.apply(feed.created(range(1, ISOLATES + 1)))
    for _ in range(SAMPLES // 100):
        store.apply(feed.batch(range(1, ISOLATES + 1), 100))
    overview = Overview(store, Selection(), Themes(), PaintClock())
    peer_ms = _plot_widgets_ms(application)
    for name, height, compact in (("overview, rows in view", 800, False), ("overview, 200 rows in view", 1280, True)):
        for span in range(overview._spans.count()):
            overview.resize(1200, height)
            overview._compact.setChecked(compact)
            overview._spans.setCurrentIndex(span)
            overview.show()
            application.processEvents()
            ms, cpu_ms = _frame_ms(overview, store, feed)
            print(
                json.dumps(
                    {
                        "name": f"{name}, {overview._spans.currentText()}",
                        "ours": round(ms, 2),
                        "cpu": round(cpu_ms, 2),
                        "peer": round(peer_ms, 1),
                        "limit": LIMIT_MS,
                        "ratio": round(ms / LIMIT_MS, 2),
                        "unit": "ms a frame",
                        "n": FRAMES,
                    }
                )
            )


def _frame_ms(overview: Overview, store: SeriesStore, feed: Feed) -> tuple[float, float]:
    """Medians: wall clock, and CPU time of this thread, which other work on the machine does not lengthen."""
    target = QPixmap(overview.size())
    wall, cpu = [], []
    for _ in range(FRAMES):
        store.apply(feed.batch(range(1, ISOLATES + 1), 1))
        start, start_cpu = time.perf_counter(), time.thread_time()
        overview.redraw()
        overview.rows.viewport().render(target)
        wall.append((time.perf_counter() - start) * 1e3)
        cpu.append((time.thread_time() - start_cpu) * 1e3)
    return statistics.median(wall), statistics.median(cpu)


def _plot_widgets_ms(application: object) -> float:
    """The same with a PlotWidget for each isolate, as most would write it."""
    import numpy as np
    import pyqtgraph as pg  # type: ignore[import-untyped]
    from PySide6.QtWidgets import QVBoxLayout, QWidget

    page = QWidget()
    layout = QVBoxLayout(page)
    plots = [pg.PlotWidget() for _ in range(ISOLATES)]
    x = np.linspace(-60, 0, SAMPLES)
    curves = []
    for plot in plots:
        layout.addWidget(plot)
        curves.append(plot.plot(x, np.random.default_rng(1).random(SAMPLES)))
    page.resize(1200, ISOLATES * 30)
    target = QPixmap(page.size())
    page.render(target)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        for curve in curves:
            curve.setData(x, np.random.default_rng(2).random(SAMPLES))
        page.render(target)
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


if __name__ == "__main__":
    main()
