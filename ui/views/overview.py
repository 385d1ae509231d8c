"""All heaps on one time axis, one row each: find the one that grows, loops or died, and select it.

Keys while it has the focus: Up and Down (Page, Home, End) select a row, Enter opens it, Left and Right walk the cursor
in time, Esc takes the cursor away.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from inspector.text import visible
from inspector.units import format_bytes
from ui.clock import PaintClock
from ui.models.readings import Track
from ui.models.series import SeriesStore
from ui.selection import Selection
from ui.theme import Theme, Themes
from ui.views.announcing import announce
from ui.views.elided_label import ElidedLabel
from ui.views.overview_rows import VALUES_EVERY_US, OverviewRows
from ui.views.time_axis import ago_text

__all__ = ["Overview"]

_QUIET_US = 1_000_000  # with nothing new, time alone moves the drawing once a second
_SPANS = (("last 60 s", 60_000_000), ("last 3 min", 180_000_000), ("last 10 min", 600_000_000))
_WALK = 60  # steps of the cursor across the chart


class Overview(QWidget):
    """Draws at most once a tick of `clock`, and only when it is seen and something changed."""

    isolate_activated = Signal(int)

    def __init__(
        self, store: SeriesStore, selection: Selection, themes: Themes, clock: PaintClock, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._store, self._selection = store, selection
        self._drawn_revision, self._drawn_us = -1, 0
        self._behind = False  # values are older than the lines
        self._cursor_us: int | None = None
        self._pointed: int | None = None
        self.rows = OverviewRows(store, themes.current, self)
        self._build()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Overview of all heaps")
        self._theme_changed(themes.current)
        themes.changed.connect(self._theme_changed)
        selection.changed.connect(self._selection_changed)
        self._clock = clock
        clock.tick.connect(self._tick)
        store.changed.connect(self._news)

    def redraw(self) -> None:
        """Show what the store has now, at once."""
        self._draw(self._store.now())
        self._tell()

    def _build(self) -> None:
        self._spans = QComboBox(self)
        for name, span_us in _SPANS:
            self._spans.addItem(name, span_us)
        self._spans.setAccessibleName("Time shown")
        self._spans.currentIndexChanged.connect(self._options_changed)
        self._common = self._switch(
            "Common scale", "All rows on one scale; off: each row fills up to its own highest value"
        )
        self._compact = self._switch("Compact", "Rows of 6 pixels, without names: hundreds at one look")
        self._readout = ElidedLabel(self)
        self._readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._readout.setAccessibleName("Figures at the cursor")
        self.rows.clicked.connect(lambda isolate_id: self._selection.set(isolate_id=isolate_id))
        self.rows.activated.connect(self.isolate_activated)
        self.rows.pointed.connect(self._point)
        words = QHBoxLayout()  # a row of its own: beside the switches it would have no room in a narrow window
        words.setContentsMargins(8, 0, 8, 0)
        words.addWidget(self._readout)
        bar = QHBoxLayout()
        bar.setContentsMargins(6, 0, 6, 0)
        bar.addStretch(1)
        for widget in (self._spans, self._common, self._compact):
            bar.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 4, 1, 1)
        layout.setSpacing(4)
        layout.addLayout(bar)
        layout.addLayout(words)
        layout.addWidget(self.rows, 1)

    def _switch(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.toggled.connect(self._options_changed)
        return button

    # --- drawing ----------------------------------------------------------------------------------------------------

    def _news(self) -> None:
        if self.isVisible():
            self._clock.ask(self._clock.free_us(self._drawn_us))

    def _tick(self, now_us: int) -> None:
        if not self.isVisible() or now_us < self._clock.free_us(self._drawn_us):
            return
        changed = self._store.revision != self._drawn_revision or self._behind
        if changed or (now_us - self._drawn_us >= _QUIET_US and self._moves(now_us)):
            self._draw(now_us)

    def _moves(self, now_us: int) -> bool:
        """Whether time alone changes what is seen: not where all lines are level, and nobody points at one."""
        if all(track.ended_us is not None for track in self._store.tracks.values()):
            return False
        return self._cursor_us is not None or self._store.newest_us() >= now_us - self.rows.span_us - _QUIET_US

    def _draw(self, now_us: int) -> None:
        self._drawn_revision, self._drawn_us = self._store.revision, now_us
        self.rows.now_us = now_us
        tracks = list(self._store.tracks.values())
        others, self.rows.tracks = len(tracks) != len(self.rows.tracks), tracks
        if others:
            self.rows.lay_out()
        self._behind = not self.rows.read_values(now_us)
        if self._behind:
            self._clock.ask(self.rows.values_us + VALUES_EVERY_US)
        if others or not self._behind:
            self._tell()
        self.rows.put_cursor(self._cursor_us)
        if self._moves(now_us):
            self._clock.ask(now_us + _QUIET_US)

    def _tell(self) -> None:
        """Price, beside the label's: all that it lies on is painted for it, up to the window."""
        words = self._words()
        if words != self._readout.text():
            self._readout.setText(words)

    def _words(self) -> str:
        track = self._store.tracks.get(self._pointed) if self._pointed is not None else None
        if track is not None:
            return self._row_words(track, self._cursor_us)
        if not self._store.tracks:
            return "No isolates yet."
        ended = sum(track.ended_us is not None for track in self._store.tracks.values())
        top = f" · each row from 0 to {format_bytes(self.rows.common_top)}" if self.rows.common_top else ""
        live, used = len(self._store.tracks) - ended, format_bytes(self._store.live_used())
        return f"{live} live, {ended} ended · {used} used in all{top}"

    def _row_words(self, track: Track, at_us: int | None) -> str:
        host = f" · host process {track.letter}" if track.letter else ""
        words = [f"{visible(track.name)}{host} · {track.state}"]
        if track.ended_us is not None:
            words.append(visible(track.end_reason))
        reading = None if at_us is None else self._store.at(track.isolate_id, at_us)
        if at_us is not None and reading is not None:
            held = " (held)" if reading.held else ""
            words.append(
                f"{ago_text(self.rows.now_us - at_us, 100_000)}: used {format_bytes(reading.used_bytes)}{held}"
            )
            words.append(f"committed {format_bytes(reading.committed_bytes)}")
            words.append(f"off-heap {format_bytes(reading.external_bytes)}")
        return " · ".join(words)

    # --- events -----------------------------------------------------------------------------------------------------

    def _point(self, isolate_id: int | None, at_us: int | None) -> None:
        self._pointed, self._cursor_us = isolate_id, at_us if isolate_id is not None else None
        self.rows.put_cursor(self._cursor_us)
        self._tell()
        self._clock.ask(self._drawn_us + _QUIET_US)  # what it reads moves with time

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        page = max(1, self.rows.chart().height() // self.rows.row_px - 1)
        last = len(self.rows.tracks) - 1
        moves = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}
        moves |= {Qt.Key.Key_Home: -last, Qt.Key.Key_End: last}
        if key in moves and last >= 0:
            self._select(moves[Qt.Key(key)])
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._walk(-1 if key == Qt.Key.Key_Left else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._selection.isolate_id is not None:
            self.isolate_activated.emit(self._selection.isolate_id)
        elif key == Qt.Key.Key_Escape:
            self._point(None, None)
        else:
            super().keyPressEvent(event)

    def _select(self, by: int) -> None:
        ids = [track.isolate_id for track in self.rows.tracks]
        here = ids.index(self.rows.selected) if self.rows.selected in ids else -1 if by > 0 else len(ids)
        index = min(max(here + by, 0), len(ids) - 1)
        self._pointed = ids[index]
        self._selection.set(isolate_id=ids[index])
        self.rows.show_row(index)
        self._announce()

    def _walk(self, direction: int) -> None:
        now_us, span_us = self.rows.now_us, self.rows.span_us
        start = now_us if self._cursor_us is None else self._cursor_us
        if self._pointed is None:
            self._pointed = self._selection.isolate_id
        self._cursor_us = min(max(start + direction * span_us // _WALK, now_us - span_us), now_us)
        self.rows.put_cursor(self._cursor_us)
        self._announce()

    def _announce(self) -> None:
        self._tell()
        announce(self, self._words())

    def _options_changed(self, *_: object) -> None:
        self.rows.span_us = int(self._spans.currentData())
        self.rows.common, self.rows.compact = self._common.isChecked(), self._compact.isChecked()
        self.rows.lay_out()
        self.redraw()

    def _selection_changed(self) -> None:
        self.rows.selected = self._selection.isolate_id
        self.rows.viewport().update()

    def _theme_changed(self, theme: Theme) -> None:
        self._readout.setStyleSheet(f"color: {theme.muted.name()};")
        self._accent = theme.accent
        self.rows.set_theme(theme)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            painter = QPainter(self)
            painter.setPen(self._accent)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._drawn_revision = -1

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.rows.lay_out()
