"""Makes the graphs and puts them into the window: imported after the first paint, since it needs numpy and
pyqtgraph.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter

from ui.clock import PaintClock
from ui.models.facts import BirthFacts
from ui.models.series import SeriesStore
from ui.selection import Selection
from ui.theme import Theme, Themes
from ui.views.birth_strip import BirthStrip
from ui.views.centre import HEAP, OVERVIEW
from ui.views.contents import Contents
from ui.views.heap_graph import HeapGraph
from ui.views.overview import Overview
from ui.views.sparkline import paint_sparkline

__all__ = ["put_graphs"]


def put_graphs(views: Contents, store: SeriesStore, selection: Selection, themes: Themes, clock: PaintClock) -> None:
    store.enable()
    overview = Overview(store, selection, themes, clock)
    overview.isolate_activated.connect(lambda isolate_id: _open(views, selection, isolate_id))
    views.centre.put_graph(OVERVIEW, overview)
    views.centre.put_graph(HEAP, HeapGraph(store, selection, themes, clock))
    strip = BirthStrip(themes)
    views.facts.put_birth_strip(strip, lambda birth: _show_birth(strip, birth))

    def paint(painter: QPainter, rect: QRect, isolate_id: int, theme: Theme) -> None:
        values = store.sparkline(isolate_id)
        record = views.tree.record(isolate_id)
        if values is not None and record is not None:
            limit = float(record.created.memory_limit_bytes)
            paint_sparkline(painter, QRectF(rect), values, limit, theme, ended=not record.state.alive)

    views.tree.delegate.paint_spark = paint
    views.tree.viewport().update()


def _open(views: Contents, selection: Selection, isolate_id: int) -> None:
    selection.set(isolate_id=isolate_id)
    views.centre.go_to(HEAP)


def _show_birth(strip: BirthStrip, facts: BirthFacts) -> None:
    strip.show_birth(facts.birth, facts.compile_ms, facts.first_run_ms)
