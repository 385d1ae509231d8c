"""What the series store costs: appending batches of many isolates, and each question that a frame asks.

    python -m tests.benchmarks.series

Prints one JSON object a line.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from tests.ui.heap_feed import Feed
from ui.models.series import SeriesStore
from ui.theme import LIGHT
from ui.views.sparkline import paint_sparkline

ISOLATES, BATCHES = 200, 600
SPARKLINE_LIMIT_US = 50.0


def main() -> None:
    application = QGuiApplication.instance() or QGuiApplication([])
    feed = Feed()
    store = SeriesStore(now=feed.now)
    store.enable()
    ids = range(1, ISOLATES + 1)
    store.apply(feed.created(ids))
    batches = [feed.batch(ids, 10) for _ in range(BATCHES)]
    times = []
    for batch in batches:
        start = time.perf_counter()
        store.apply(batch)
        times.append((time.perf_counter() - start) * 1e6)
    _tell("append, a sample in a batch of 2,000", statistics.median(times) / (ISOLATES * 10), BATCHES)
    now = feed.now()
    _tell("latest", _us(lambda: store.latest(7)), 1_000)
    _tell("at", _us(lambda: store.at(7, now - 10_000_000)), 1_000)
    _tell("growth", _us(lambda: store.growth(7)), 1_000)
    _tell("window, 60 s", _us(lambda: store.window(7, now - 60_000_000, now, 1_000)), 1_000)
    _tell("window, 10 min", _us(lambda: store.window(7, now - 600_000_000, now, 1_000)), 1_000)
    _tell("sparkline, values", _us(lambda: store.sparkline(7)), 1_000)
    image = QImage(120, 24, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    values = store.sparkline(7)
    assert values is not None
    area = QRectF(0, 0, 120, 24)
    _tell(
        "sparkline, painted", _us(lambda: paint_sparkline(painter, area, values, 2e8, LIGHT)), 1_000, SPARKLINE_LIMIT_US
    )
    painter.end()
    del application


def _us(question: Callable[[], object], repeats: int = 1_000) -> float:
    question()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        question()
        times.append((time.perf_counter() - start) * 1e6)
    return statistics.median(times)


def _tell(name: str, ours: float, n: int, limit: float | None = None) -> None:
    ratio = None if limit is None else round(ours / limit, 2)
    print(json.dumps({"name": name, "ours": round(ours, 2), "limit": limit, "ratio": ratio, "unit": "µs", "n": n}))


if __name__ == "__main__":
    main()
