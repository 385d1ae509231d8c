"""A recording in its tab: tracks and flame chart on one time axis, tables of the brushed range beneath."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.analysis.comparison import Side
from inspector.analysis.findings import Finding
from inspector.analysis.track import Track
from inspector.analysis.tree import Array, Frame
from inspector.text import visible
from inspector.units import format_bytes
from ui.models.flame_chart import Block
from ui.models.session_data import SessionData
from ui.models.session_window import SessionWindow
from ui.models.stacks import ByteStacks, Stacks, TimeStacks
from ui.style import SPACE
from ui.theme import Themes
from ui.views.elided_label import ElidedLabel
from ui.views.flame_chart import FlameChart
from ui.views.session_axis import since_text
from ui.views.session_tables import SessionTables
from ui.views.session_tracks import SessionTracks

__all__ = ["SessionView"]

_SETTLE_MS = 40  # while a brush is drawn, tables follow it 25 times a second
_CPU, _BYTES = range(2)
_BEFORE_FOCUS_US, _AFTER_FOCUS_US = 4e6, 1e6
_UNBOUND = 16_777_215  # QWIDGETSIZE_MAX
_BARE = 60  # points of tracks that hold a name alone


class SessionView(QWidget):
    """`figures_wished` carries (track, from, to): work that would stall the window; the answer goes to
    `tables.figures`.
    """

    figures_wished = Signal(object, float, float)
    compare_requested = Signal()

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.data: SessionData | None = None
        self.track: Track | None = None
        self.time = SessionWindow(self)
        self.bytes = SessionWindow(self)
        self.tracks = SessionTracks(self.time, themes)
        self.flame = FlameChart(self.time, themes)
        self.allocations = FlameChart(self.bytes, themes, title="Allocations")
        self.allocations.length_words = lambda block: f"{format_bytes(block.to_us - block.from_us)} still alive"
        self.tables = SessionTables(themes)
        self._stacks: dict[int, Stacks] = {}
        self._own: Array | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self.refresh)
        self._build()
        self._connect()

    # --- what is shown ---

    def put(self, data: SessionData) -> None:
        """Show a recording; one that has grown keeps its view, its brush and the chosen isolate."""
        before = self.data
        self.data = data
        self.time.put_whole(data.from_us, data.to_us)
        if before is None:
            self.time.fit()
        bare = all(not (len(t.samples) or len(t.collections) or t.runs or len(t.console.at_us)) for t in data.tracks)
        self.tracks.show_tracks(data.tracks, data.from_us)
        self.tracks.setMaximumHeight(_BARE if bare and len(data.tracks) <= 1 else _UNBOUND)
        self._name_isolates(data)
        wanted = self.track.isolate_id if self.track is not None else _first(data)
        self.choose(wanted)
        if before is None and data.focus is not None:
            self._go_to_focus(*data.focus)

    def _go_to_focus(self, isolate_id: int, at_us: float) -> None:
        """Open at the moment that the recording was saved for."""
        if isolate_id:
            self.choose(isolate_id)
        self.time.show(at_us - _BEFORE_FOCUS_US, at_us + _AFTER_FOCUS_US)

    def choose(self, isolate_id: int | None) -> None:
        """Show an isolate's stacks and tables."""
        assert self.data is not None
        kept = self._function()
        found = next((one for one in self.data.tracks if one.isolate_id == isolate_id), None)
        self.track = found or next(iter(self.data.tracks), None)
        chosen = self.track.isolate_id if self.track is not None else None
        self.tracks.choose(chosen)
        self._isolates.setCurrentIndex(self._isolates.findData(chosen))
        self._stacks = _stacks_of(self.track)
        self._kinds.setVisible(len(self._stacks) > 1)
        if self._stacks and self._kind not in self._stacks:
            self._kinds.setCurrentIndex(next(iter(self._stacks)))
        time, heap = self._stacks.get(_CPU), self._stacks.get(_BYTES)
        self.flame.show_profile(time.chart if time is not None else None)
        self.allocations.show_profile(heap.chart if heap is not None else None)
        if heap is not None:
            self.bytes.put_whole(0.0, max(1.0, heap.chart.until_us))
            self.bytes.fit()
        self.tables.put_events(self.track, self.data.from_us)
        self._find()
        self.refresh()
        if kept is not None and self.stacks is not None and kept in self.stacks.tree.frames:
            self.tables.show_function(self.stacks.tree.frames.index(kept))

    def _function(self) -> Frame | None:
        """The chosen function: trees that have grown number it anew."""
        stacks, frame = self.stacks, self.tables.frame
        return stacks.tree.frames[frame] if stacks is not None and frame is not None else None

    @property
    def stacks(self) -> Stacks | None:
        return self._stacks.get(self._kind)

    @property
    def chart(self) -> FlameChart:
        return self.allocations if self._kind == _BYTES else self.flame

    def refresh(self) -> None:
        """Let the tables tell of the range as it is now."""
        low, high = self.time.range
        stacks = self.stacks
        self._own = stacks.own(low, high) if stacks is not None else None
        self.tables.put(stacks, self._own)
        self.tables.events.filter(low, high)
        self._say_range()
        self.wish_figures()

    def wish_figures(self) -> None:
        if self.track is not None and self.tables.currentWidget() is self.tables.figure_table:
            self.figures_wished.emit(self.track, *self.time.range)

    def sides(self) -> list[Side]:
        """What of it may be compared: each isolate as a whole, and the brushed range of the chosen one, first."""
        if self.data is None:
            return []
        low, high = (round(edge) for edge in self.time.whole)
        found = [Side(one, low, high, f"{self.data.title} · {visible(one.name, 40)}") for one in self.data.tracks]
        if self.time.brush is not None and self.track is not None:
            began, ended = (round(edge) for edge in self.time.brush)
            name = f"{self.data.title} · {visible(self.track.name, 40)} · {self._brush_words()}"
            return [Side(self.track, began, ended, name), *found]
        return sorted(found, key=lambda side: side.track is not self.track)

    def _brush_words(self) -> str:
        assert self.data is not None
        low, high = self.time.range
        step = max(1.0, 10.0 ** np.floor(np.log10(max(high - low, 1.0))) / 100)
        return f"{since_text(low - self.data.from_us, step)} to {since_text(high - self.data.from_us, step)}"

    def open_finding(self, finding: Finding) -> None:
        """Show the range of a fact, in its isolate."""
        self.choose(finding.isolate_id)
        self.time.put_brush(finding.from_us, finding.to_us)
        self.time.show(finding.from_us, finding.to_us)
        if finding.frame >= 0:
            self.open_function(finding.frame)

    def open_function(self, frame: int) -> None:
        """Show the source of a function."""
        self._choose_function(frame)
        self._show_source(frame)
        self.tables.show_source()

    def show_findings(self, findings: Sequence[Finding]) -> None:
        self.tables.findings.put(findings)
        place = self.tables.indexOf(self.tables.finding_table)
        self.tables.setTabText(place, f"Findings ({len(findings)})" if findings else "Findings")

    # --- gestures ---

    def _selected(self, block: Block) -> None:
        stacks = self.stacks
        if stacks is not None:
            self.open_function(int(stacks.tree.frame[block.node]))

    def _choose_function(self, frame: int) -> None:
        self.tables.show_function(frame)

    def _show_source(self, frame: int) -> None:
        stacks, track, data = self.stacks, self.track, self.data
        if stacks is None or track is None or data is None or self._own is None:
            return
        one = stacks.tree.frames[frame]
        source = data.source_of(track, one)
        if source.text is None:
            self.tables.source.show_words(source.words)
        else:
            self.tables.source.show_source(source.text, source.words, stacks.lines(self._own, one), one.line)

    def _find(self) -> None:
        """Light up the functions whose name or file holds the words."""
        words, stacks = self._words.text().casefold(), self.stacks
        matches = None if not words or stacks is None else self._matches(words, stacks)
        self.chart.light_up(matches)
        some = int(matches.sum()) if matches is not None else 0
        self._found.setText("" if matches is None else f"{some} function{'' if some == 1 else 's'}")

    @staticmethod
    def _matches(words: str, stacks: Stacks) -> Array:
        return np.array([words in f"{one.label}\n{one.url}".casefold() for one in stacks.tree.frames], bool)

    def _find_next(self) -> None:
        words, stacks = self._words.text().casefold(), self.stacks
        if words and stacks is not None:
            self.chart.find_next(self._matches(words, stacks))

    def _isolate_picked(self, place: int) -> None:
        self.choose(self._isolates.itemData(place))

    def _kind_picked(self, kind: int) -> None:
        self._charts.setCurrentIndex(kind)
        self._find()
        self.refresh()

    @property
    def _kind(self) -> int:
        return self._kinds.currentIndex()

    def _say_range(self) -> None:
        assert self.data is not None
        low, high = self.time.range
        step = max(1.0, 10.0 ** np.floor(np.log10(max(high - low, 1.0))) / 100)
        stacks = self.stacks
        parts = [
            self._brush_words() if self.time.brush is not None else "whole recording",
            since_text(high - low, step) if self.data.tracks and high - low > 1 else "",
            f"{stacks.amount(float(self._own.sum()))} {'busy' if stacks.ranged else 'alive'}"
            if stacks is not None and self._own is not None
            else "",
            "still recording" if self.data.live else "",
            *self.data.notes,
        ]
        self._range.setText(" · ".join(part for part in parts if part))
        self._all.setEnabled(self.time.brush is not None)

    # --- how it is put together ---

    def _name_isolates(self, data: SessionData) -> None:
        self._isolates.blockSignals(True)
        self._isolates.clear()
        for track in data.tracks:
            self._isolates.addItem(visible(track.name, 40), track.isolate_id)
        self._isolates.blockSignals(False)

    def _build(self) -> None:
        self._isolates = QComboBox(self)
        self._isolates.setAccessibleName("Isolate")
        self._isolates.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._isolates.setMinimumContentsLength(12)
        self._kinds = QComboBox(self)
        self._kinds.addItems(["CPU time", "Allocations"])
        self._kinds.setAccessibleName("What the flame chart shows")
        self._words = QLineEdit(self)
        self._words.setPlaceholderText("Find functions (/)")
        self._words.setClearButtonEnabled(True)
        self._words.setAccessibleName("Find functions")
        self._words.setMaximumWidth(200)
        self._found = ElidedLabel(self)
        self._found.setProperty("tone", "muted")
        self._range = ElidedLabel(self)
        self._range.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._range.setAccessibleName("Range of the tables")
        self._all = self._button("Whole", "Drop the brushed range (Esc)")
        self._compare = self._button("Compare…", "Beside another recording, isolate or range")
        bar = QHBoxLayout()
        bar.setContentsMargins(SPACE, SPACE // 2, SPACE, SPACE // 2)
        bar.setSpacing(SPACE)
        for widget, share in (
            (self._isolates, 0),
            (self._kinds, 0),
            (self._words, 1),
            (self._found, 0),
            (self._range, 2),
            (self._all, 0),
            (self._compare, 0),
        ):
            bar.addWidget(widget, share)
        self._charts = QStackedWidget(self)
        self._charts.addWidget(self.flame)
        self._charts.addWidget(self.allocations)
        self._down = QSplitter(Qt.Orientation.Vertical, self)
        for part in (self.tracks, self._charts, self.tables):
            self._down.addWidget(part)
        self._down.setHandleWidth(1)
        self._down.setChildrenCollapsible(False)
        for place, share in enumerate((3, 4, 5)):
            self._down.setStretchFactor(place, share)
        self._down.setSizes([200, 240, 260])
        self.flame.setMinimumHeight(80)
        self.allocations.setMinimumHeight(80)
        self.tables.setMinimumHeight(110)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self._down, 1)

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        return button

    def _connect(self) -> None:
        self.time.range_changed.connect(self._settle.start)
        self.tracks.isolate_chosen.connect(self.choose)
        for chart in (self.tracks, self.flame, self.allocations):
            chart.find_requested.connect(self._words.setFocus)
        for flame in (self.flame, self.allocations):
            flame.selected.connect(self._selected)
        self.tables.function_chosen.connect(self._choose_function)
        self.tables.function_opened.connect(self.open_function)
        self.tables.moment_opened.connect(self._go_to_moment)
        self.tables.finding_opened.connect(self.open_finding)
        self.tables.currentChanged.connect(lambda _tab: self.wish_figures())
        self._isolates.activated.connect(self._isolate_picked)
        self._kinds.currentIndexChanged.connect(self._kind_picked)
        self._words.textChanged.connect(self._find)
        self._words.returnPressed.connect(self._find_next)
        self._all.clicked.connect(self.time.drop_brush)
        self._compare.clicked.connect(self.compare_requested)

    def _go_to_moment(self, at_us: float) -> None:
        half = min(self.time.span_us, 200_000.0) / 2
        self.time.show(at_us - half, at_us + half)


def _stacks_of(track: Track | None) -> dict[int, Stacks]:
    found: dict[int, Stacks] = {}
    if track is not None and track.profile is not None:
        found[_CPU] = TimeStacks(track.profile)
    if track is not None and track.heap_profile is not None:
        found[_BYTES] = ByteStacks(track.heap_profile)
    return found


def _first(data: SessionData) -> int | None:
    """The isolate with the most CPU samples, else the first."""
    busiest = max(data.tracks, key=lambda t: len(t.profile.at_us) if t.profile is not None else -1, default=None)
    return busiest.isolate_id if busiest is not None else None
