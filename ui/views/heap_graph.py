"""The live heap of the selected isolate: header, legend, drawing, cursor and keys. pyqtgraph comes with the first show.

Keys while it has the focus: Left and Right walk the cursor from sample to sample (with Shift by a second), Home and End
jump to the edges, + and - zoom about the cursor, F and Esc fit (so does a double click), Space pauses the drawing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import (
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from inspector.text import visible
from ui.clock import PaintClock
from ui.models.readings import Track
from ui.models.series import KEPT_US, SeriesStore
from ui.models.time_view import TimeView
from ui.selection import Selection
from ui.theme import Theme, Themes
from ui.views.announcing import announce
from ui.views.elided_label import ElidedLabel
from ui.views.heap_legend import HeapLegend
from ui.views.heap_words import figure_lines, gc_line, instant_text, legend_entries, rate_text
from ui.views.readout import Readout
from ui.views.time_axis import ticks_ago, ticks_of_day

if TYPE_CHECKING:
    from ui.views.heap_plot import HeapPlot

__all__ = ["HeapGraph"]

_LEAST_TITLE = 120  # points
_FIGURES_US = 200_000  # digits that change more often can't be read, and all that they lie on is painted for them
_QUIET_US = 1_000_000  # with nothing new, time alone moves the drawing once a second
_PIXELS_A_TICK = 90
_GC_REACH_PX = 4
_ZOOM_STEP = 1.25


class HeapGraph(QWidget):
    """Follows `selection`; draws at most once a tick of `clock`, and only when it is seen and something changed."""

    def __init__(
        self, store: SeriesStore, selection: Selection, themes: Themes, clock: PaintClock, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._store, self._selection, self._themes = store, selection, themes
        self._time = TimeView(kept_us=KEPT_US)
        self._plot: HeapPlot | None = None
        self._isolate_id: int | None = None
        self._drawn: tuple[object, ...] = ()
        self._drawn_us = 0
        self._told_us = 0
        self._behind = False  # the figures are older than the drawing
        self._cursor_share: float | None = None  # under the mouse
        self._cursor_us: int | None = None  # walked to by keys
        self._build()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Heap graph")
        self._theme_changed(themes.current)
        themes.changed.connect(self._theme_changed)
        selection.changed.connect(self._selection_changed)
        self._clock = clock
        clock.tick.connect(self._tick)
        store.changed.connect(self._news)
        self._selection_changed()

    # --- for others -------------------------------------------------------------------------------------------------

    @property
    def paused(self) -> bool:
        """Whether the drawing is frozen."""
        return self._time.paused

    def set_paused(self, paused: bool) -> None:
        """Freeze or resume the drawing; sampling goes on either way."""
        if paused:
            if self._behind:
                self.redraw()  # its figures are those of the drawing
            self._time.pause(self._present())
        else:
            self._time.resume()
        self._pause.setChecked(paused)
        self._pause.setText("Resume" if paused else "Pause")
        self._banner.setVisible(paused)
        self._announce("drawing paused" if paused else "drawing resumed")
        self.redraw()

    def fit(self) -> None:
        """Back to the last 60 s."""
        self._time.fit()
        self.redraw()

    def shown(self) -> tuple[int, int]:
        """(from, to) of what is shown, in microseconds."""
        return self._time.window(self._present())

    def redraw(self) -> None:
        """Show what the store has now, at once; nothing when it is not seen."""
        self._drawn = ()
        if self.isVisible():
            self._draw(self._store.now(), anew=True)

    # --- building ---------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._title, self._ended, self._rate = (ElidedLabel(self) for _ in range(3))
        self._banner, self._empty = QLabel(self), QLabel(self)
        self._banner.setText("drawing paused")
        self._banner.hide()
        self._pause = self._button("Pause", "Freeze the drawing; sampling goes on (Space)", checkable=True)
        self._pause.toggled.connect(self.set_paused)
        self._fit = self._button("Fit", "Show the last 60 seconds again (F, Esc, double click)")
        self._fit.clicked.connect(self.fit)
        header = QHBoxLayout()
        header.addWidget(self._title)
        header.addWidget(self._ended)
        header.addStretch(1)
        for widget in (self._banner, self._rate, self._fit, self._pause):
            header.addWidget(widget)
        self._legend = HeapLegend(self._themes, self)
        self._stack = QVBoxLayout()
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack.addWidget(self._empty, 1)
        self._readout = Readout(self._themes, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 4)
        layout.setSpacing(4)
        layout.addLayout(header)
        layout.addWidget(self._legend)
        layout.addLayout(self._stack, 1)

    def _button(self, text: str, tip: str, *, checkable: bool = False) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setCheckable(checkable)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _make_plot(self) -> None:
        from ui.views.heap_plot import HeapPlot

        self._store.enable()
        plot = HeapPlot(self._themes.current, self)
        plot.hovered.connect(self._hovered)
        plot.hover_left.connect(self._hover_left)
        plot.dragged.connect(self._dragged)
        plot.double_clicked.connect(self.fit)
        plot.wheeled.connect(self._wheeled)
        self._stack.addWidget(plot, 1)
        self._plot = plot
        self._readout.raise_()

    # --- drawing ----------------------------------------------------------------------------------------------------

    def _news(self) -> None:
        if self._draws() and self._stamp() != self._drawn:
            self._clock.ask(self._clock.free_us(self._drawn_us))

    def _tick(self, now_us: int) -> None:
        if not self._draws() or now_us < self._clock.free_us(self._drawn_us):
            return
        moved = now_us - self._drawn_us >= _QUIET_US and self._moves(now_us)
        if moved or self._behind or self._stamp() != self._drawn:
            self._draw(now_us)

    def _draws(self) -> bool:
        return self._plot is not None and not self._time.paused and self.isVisible()

    def _moves(self, now_us: int) -> bool:
        """Whether time alone changes what is seen: not where a level line is all there is, and nobody points at it."""
        track = self._track()
        if track is None or track.ended_us is not None or not self._time.follows:
            return False
        pointed = self._cursor_share is not None or self._cursor_us is not None
        return pointed or self._store.changed_us(track.isolate_id) >= now_us - self._time.span_us - _QUIET_US

    def _stamp(self) -> tuple[object, ...]:
        return self._store.stamp(self._isolate_id) if self._isolate_id is not None else ("none",)

    def _draw(self, now_us: int, *, anew: bool = False) -> None:
        """`anew`: the figures too, which are left alone when they were told just now."""
        self._drawn, self._drawn_us = self._stamp(), now_us
        track = self._track()
        latest = None if track is None else self._store.latest(track.isolate_id)
        self._show_words(track, latest is not None)
        self._behind = not anew and now_us - self._told_us < _FIGURES_US
        if self._behind:
            self._clock.ask(self._told_us + _FIGURES_US)
        elif not self._time.paused:  # else the figures of the pause stay
            self._told_us = now_us
            self._legend.show_entries(legend_entries(latest, track.limit_bytes if track else 0))
            _put(self._rate, rate_text(latest, track) if track is not None else "")
        if self._plot is None or track is None or latest is None:
            self._readout.hide()
            return
        self._draw_plot(self._plot, track)
        self._show_cursor()
        if self._moves(now_us):
            self._clock.ask(now_us + _QUIET_US)

    def _draw_plot(self, plot: HeapPlot, track: Track) -> None:
        from ui.views.heap_plot import Frame

        from_us, to_us = self.shown()
        isolate_id = track.isolate_id
        most = max(2, plot.columns() // _PIXELS_A_TICK)
        if self._time.follows:
            present = "paused" if self._time.paused else "now" if track.ended_us is None else "end"
            ticks = ticks_ago(to_us - from_us, most, present)
        else:
            ticks = ticks_of_day(from_us, to_us, self._store.now(), most)
        plot.draw(
            Frame(
                from_us,
                to_us,
                self._store.window(isolate_id, from_us, to_us, plot.columns() * 2 // 3),
                self._store.gcs(isolate_id, from_us, to_us),
                track.limit_bytes,
                tuple(at for at, _ in track.limit_hits if from_us <= at <= to_us),
                tuple(ticks),
            )
        )

    def _show_words(self, track: Track | None, has_samples: bool) -> None:
        host = f" · host process {track.letter}" if track is not None and track.letter else ""
        name = visible(track.name) if track is not None else ""
        title = f"{name}{host}" if track is not None else ""
        if title != self._title.text():
            self._title.setText(title)
            # whose heap it is stays in sight beside a long reason of its end
            self._title.setMinimumWidth(min(_LEAST_TITLE, self.fontMetrics().horizontalAdvance(name)))
        ended = track is not None and track.ended_us is not None
        _put(self._ended, visible(f"{track.state}: {track.end_reason}") if track is not None and ended else "")
        self._ended.setVisible(ended)
        _put(self._empty, "no samples yet" if track is not None else "Select an isolate to see its heap.")
        self._empty.setVisible(not has_samples)
        self._legend.setVisible(track is not None)
        self._fit.setEnabled(not self._time.fitted)
        if self._plot is not None:
            self._plot.setVisible(has_samples)

    # --- cursor -----------------------------------------------------------------------------------------------------

    def _show_cursor(self) -> None:
        plot, track = self._plot, self._track()
        from_us, to_us = self.shown()
        share = self._cursor_share
        if share is None and self._cursor_us is not None:
            share = (self._cursor_us - from_us) / (to_us - from_us)
        if plot is None or track is None or share is None or not 0 <= share <= 1:
            self._readout.hide()
            if plot is not None:
                plot.put_cursor(None)
            return
        at_us = self._cursor_us
        if at_us is None or self._cursor_share is not None:
            at_us = int(from_us + share * (to_us - from_us))
        plot.put_cursor(share)
        reach = (to_us - from_us) * _GC_REACH_PX // plot.columns()
        gc = self._store.gc_near(track.isolate_id, at_us, reach)
        when = instant_text(at_us, self._time.present(self._present()), self._store.now())
        lines = [when, *figure_lines(self._store.at(track.isolate_id, at_us), track, at_us)]
        lines += [gc_line(gc)] if gc is not None else []
        lines += [f"limit reached: {how}" for hit_us, how in track.limit_hits if abs(hit_us - at_us) <= reach]
        self._readout.show_lines(lines, plot.mapTo(self, plot.position(share)), self.rect())

    def _hovered(self, share: float) -> None:
        self._cursor_share, self._cursor_us = share, None
        self._show_cursor()
        self._clock.ask(self._drawn_us + _QUIET_US)  # what it reads moves with time

    def _hover_left(self) -> None:
        self._cursor_share = None
        self._show_cursor()

    def _walk(self, to_us: int | None) -> None:
        """Put the cursor on an instant, and the view where it is seen; tell it."""
        if to_us is None:
            return
        now_us = self._present()
        from_us, until_us = self._time.window(now_us)
        self._cursor_share, self._cursor_us = None, to_us
        if to_us < from_us or to_us > until_us:
            self._time.move(to_us - until_us if to_us > until_us else to_us - from_us, now_us)
        self.redraw()
        self._announce(", ".join(self._readout.lines))

    def cursor_us(self) -> int:
        """The instant that the keys walk from and zoom about: the cursor's, or the right edge."""
        from_us, to_us = self.shown()
        if self._cursor_share is not None:
            return int(from_us + self._cursor_share * (to_us - from_us))
        return to_us if self._cursor_us is None else self._cursor_us

    # --- events -----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, far = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._walk(self._next(-1 if key == Qt.Key.Key_Left else 1, far))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._walk(self.shown()[0 if key == Qt.Key.Key_Home else 1])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self._zoom(-1 if key == Qt.Key.Key_Minus else 1, self.cursor_us())
        elif key in (Qt.Key.Key_F, Qt.Key.Key_Escape):
            self._cursor_us = None
            self.fit()
        elif key == Qt.Key.Key_Space:
            self.set_paused(not self._time.paused)
        else:
            super().keyPressEvent(event)

    def _next(self, direction: int, far: bool) -> int | None:
        if self._isolate_id is None:
            return None
        if far:
            return min(self.cursor_us() + direction * 1_000_000, self._present())
        return self._store.neighbour(self._isolate_id, self.cursor_us(), direction)

    def _dragged(self, start: float, end: float) -> None:
        from_us, to_us = self.shown()
        span = to_us - from_us
        self._time.look_at(int(from_us + start * span), int(from_us + end * span), self._present())
        self.redraw()

    def _wheeled(self, share: float, steps: float) -> None:
        from_us, to_us = self.shown()
        self._zoom(steps, int(from_us + share * (to_us - from_us)))

    def _zoom(self, steps: float, about_us: int) -> None:
        self._time.zoom(_ZOOM_STEP**-steps, about_us, self._present())
        self.redraw()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._plot is None:
            self._make_plot()
        self.redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._drawn = ()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._drawn = ()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            painter = QPainter(self)
            painter.setPen(self._themes.current.accent)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _present(self) -> int:
        return self._store.now() if self._isolate_id is None else self._store.end_us(self._isolate_id)

    def _track(self) -> Track | None:
        return None if self._isolate_id is None else self._store.tracks.get(self._isolate_id)

    def _selection_changed(self) -> None:
        if self._selection.isolate_id == self._isolate_id and self._drawn:
            return
        self._isolate_id = self._selection.isolate_id
        self._cursor_us = None
        if self._time.paused:
            self.set_paused(False)
        self._time.fit()
        self.redraw()

    def _theme_changed(self, theme: Theme) -> None:
        self._ended.setStyleSheet(f"color: {theme.error.name()};")
        self._rate.setStyleSheet(f"color: {theme.muted.name()};")
        self._banner.setStyleSheet(f"color: {theme.warn.name()}; font-weight: bold;")
        self._empty.setStyleSheet(f"color: {theme.muted.name()};")
        if self._plot is not None:
            self._plot.set_theme(theme)
        self.redraw()

    def _announce(self, text: str) -> None:
        announce(self, text)


def _put(label: QLabel, text: str) -> None:
    """Price of a text that is the same: layout and paint of all that the label lies in."""
    if text != label.text():
        label.setText(text)
