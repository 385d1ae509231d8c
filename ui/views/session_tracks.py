"""The tracks of a session on one time axis: each isolate's heap, GC pauses, runs and console; messages and marks.

A click chooses an isolate. Painted once per view, then kept: what the mouse does costs nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterator, Sequence

import numpy as np
from PySide6.QtCore import QLineF, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from inspector.analysis.track import Message, Track
from inspector.text import visible
from inspector.units import format_bytes, format_us
from inspector.wire import GC_WORDS
from ui.models.session_lanes import Lane, LaneKind, lanes_of, seen
from ui.models.session_window import SessionWindow
from ui.models.track_arrays import TrackArrays
from ui.theme import Theme, Themes
from ui.views.readout import Readout
from ui.views.session_axis import since_text, ticks_since
from ui.views.session_chart import GUTTER, SessionChart
from ui.views.session_gutter import paint_lane_name
from ui.views.session_lane import lane_image, paint_run_names
from ui.views.strip_store import StripStore
from ui.views.time_axis import paint_time_axis

__all__ = ["SessionTracks"]

_AXIS = 24
_MOST_FLAGS = 300  # of one track
_MOST = 4000  # single things drawn in a lane; beyond that every k-th
_TICK_WIDTH = 96
_MOST_NAMES = 200  # pictures of tracks' names


class SessionTracks(SessionChart):
    """`isolate_chosen` carries an isolate id."""

    isolate_chosen = Signal(int)

    def __init__(self, window: SessionWindow, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(window, themes, parent)
        self.setAccessibleName("Tracks of the isolates")
        self.tracks: Sequence[Track] = ()
        self.chosen: int | None = None
        self.zero_us = 0.0
        self._arrays: list[TrackArrays] = []
        self._lanes: list[Lane] = []
        self._height = 0
        self._revision = 0
        self._picture: tuple[object, QPixmap] | None = None
        self._strips = StripStore()
        self._names: dict[Hashable, QImage] = {}  # of tracks
        self._middles: dict[int, float] = {}  # isolate -> where its arrows end, from the top of all tracks
        self._messages: list[Message] = []
        self._marks: list[int] = []
        self._readout = Readout(themes, self.viewport())
        self.verticalScrollBar().valueChanged.connect(self.redraw)

    def show_tracks(self, tracks: Sequence[Track], zero_us: float) -> None:
        self.tracks, self.zero_us = tracks, zero_us
        self._arrays = [TrackArrays(track) for track in tracks]
        self._lanes, self._height = lanes_of(tracks)
        self._middles = {tracks[lane.track].isolate_id: lane.top + lane.height / 2 for lane in self._lanes}
        self._messages = sorted({one for track in tracks for one in track.messages}, key=lambda one: one.at_us)
        moments = (moment for track in tracks for moment in track.moments)
        self._marks = sorted({moment.at_us for moment in moments if moment.kind == "mark"})
        self._forget_pictures()
        self._fit_bar()
        self.updateGeometry()
        self.redraw()

    def choose(self, isolate_id: int | None) -> None:
        self.chosen = isolate_id
        self._names.clear()
        self._revision += 1
        self.redraw()

    def sizeHint(self) -> QSize:
        return QSize(400, min(340, self._height + _AXIS + 2))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, min(110, self._height + _AXIS + 2))

    # --- painting ---

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.drawPixmap(0, 0, self._drawn())
        area = QRectF(self.viewport().rect())
        self.paint_brush(painter, area.adjusted(GUTTER, 0, 0, 0))
        self.paint_focus(painter)
        painter.end()

    def theme_changed(self) -> None:
        self._forget_pictures()

    def _forget_pictures(self) -> None:
        self._strips.clear()
        self._names.clear()
        self._revision += 1

    def _drawn(self) -> QPixmap:
        size, ratio = self.viewport().size(), self.devicePixelRatioF()
        key = (self.time.view, self.offset, size, ratio, self._revision)
        if self._picture is not None and self._picture[0] == key:
            return self._picture[1]
        theme = self.themes.current
        drawn = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
        drawn.setDevicePixelRatio(ratio)
        painter = QPainter(drawn)
        painter.fillRect(QRectF(0, 0, size.width(), size.height()), theme.panel)
        painter.setClipRect(QRectF(0, _AXIS, size.width(), size.height() - _AXIS))
        lanes = self._in_view()
        self._strips.begin((self._step_us(ratio), ratio, self._revision))
        for lane in lanes:
            if lane.kind is not None:
                self._paint_strip(painter, lane, lane.kind, theme, ratio)
            if lane.first:
                self._paint_moments(painter, self.tracks[lane.track], self._rect(lane), theme)
        self._strips.end()
        self._paint_messages(painter, theme)
        self._paint_gutter(painter, lanes, theme, ratio)
        painter.setClipping(False)
        self._paint_axis(painter, theme)
        painter.end()
        self._picture = (key, drawn)
        return drawn

    def _in_view(self) -> list[Lane]:
        first, page = self.offset, self.viewport().height() - _AXIS
        begin = bisect_right(self._lanes, first, key=lambda lane: lane.top + lane.height)
        return self._lanes[begin : bisect_left(self._lanes, first + page, key=lambda lane: lane.top)]

    def _top(self, lane: Lane) -> float:
        return lane.top - self.offset + _AXIS

    def _rect(self, lane: Lane) -> QRectF:
        return QRectF(GUTTER, self._top(lane), self.plot_width, lane.height)

    def _paint_gutter(self, painter: QPainter, lanes: Sequence[Lane], theme: Theme, ratio: float) -> None:
        """The names, which stay while the view moves in time."""
        size = self.viewport().size()
        painter.fillRect(QRectF(0, _AXIS, GUTTER, size.height() - _AXIS), theme.panel)
        for place in dict.fromkeys(lane.track for lane in lanes):
            track = self._lanes_of(place)
            painter.drawImage(QPointF(0, self._top(track[0])), self._track_names(track, theme, ratio))
        painter.setPen(theme.border)
        painter.drawLine(QLineF(GUTTER - 1, _AXIS, GUTTER - 1, size.height()))

    def _lanes_of(self, place: int) -> list[Lane]:
        """Of one track."""
        begin = bisect_left(self._lanes, place, key=lambda lane: lane.track)
        return self._lanes[begin : bisect_right(self._lanes, place, key=lambda lane: lane.track)]

    def _track_names(self, lanes: Sequence[Lane], theme: Theme, ratio: float) -> QImage:
        def paint() -> QImage:
            arrays, top = self._arrays[lanes[0].track], lanes[0].top
            height = lanes[-1].top + lanes[-1].height - top
            drawn = QImage(round((GUTTER - 1) * ratio), round(height * ratio), QImage.Format.Format_RGB32)
            drawn.setDevicePixelRatio(ratio)
            drawn.fill(theme.panel)
            painter = QPainter(drawn)
            painter.setFont(self.font())
            chosen = arrays.track.isolate_id == self.chosen
            for lane in lanes:
                paint_lane_name(painter, lane, arrays, lane.top - top, theme, chosen=chosen)
            painter.end()
            return drawn

        key = (lanes[0].track, ratio, self.font().key())
        if key not in self._names:
            if len(self._names) >= _MOST_NAMES:
                self._names.clear()
            self._names[key] = paint()
        return self._names[key]

    def _step_us(self, ratio: float) -> float:
        """Of one pixel column. Rounded, so that it stays the same float while the view moves."""
        low, high = self.time.view
        return float(f"{(high - low) / max(8, round(self.plot_width * ratio)):.7g}")

    def _paint_strip(self, painter: QPainter, lane: Lane, kind: LaneKind, theme: Theme, ratio: float) -> None:
        arrays, rect, step, zero = self._arrays[lane.track], self._rect(lane), self._step_us(ratio), self.time.whole[0]
        first = round((self.time.view[0] - zero) / step)
        height = max(8, round(rect.height() * ratio))

        def paint(begin: int, end: int) -> QImage:
            stretch = (zero + begin * step, zero + end * step)
            image = lane_image(arrays, kind, stretch, (end - begin, height), theme)
            image.setDevicePixelRatio(ratio)
            return image

        last = first + max(8, round(rect.width() * ratio))
        for piece in self._strips.of((lane.track, kind), first, last, paint):
            begin, end = max(first, piece.first), min(last, piece.last)
            source = QRectF(begin - piece.first + 1, 0, end - begin, piece.image.height())
            painter.drawImage(QPointF(rect.left() + (begin - first) / ratio, rect.top()), piece.image, source)
        if kind is LaneKind.RUNS:
            paint_run_names(painter, arrays, self.time.view, rect, theme)

    def _paint_moments(self, painter: QPainter, track: Track, rect: QRectF, theme: Theme) -> None:
        low, high = self.time.view
        first = bisect_left(track.moments, low, key=lambda one: one.at_us)
        shown = track.moments[first : bisect_right(track.moments, high, key=lambda one: one.at_us)]
        for moment in shown[:: max(1, len(shown) // _MOST_FLAGS)]:
            if moment.kind == "mark":
                continue
            x, colour = round(self.x_of(moment.at_us)), theme.warn
            if moment.kind == "script mark":
                colour = theme.accent
            elif moment.kind in ("limit", "crash"):
                colour = theme.error
            painter.setPen(QPen(colour, 1, Qt.PenStyle.DotLine))
            painter.drawLine(QLineF(x, rect.top(), x, rect.bottom() - 2))
            flag = [QPointF(x, rect.top()), QPointF(x + 7, rect.top() + 4), QPointF(x, rect.top() + 8)]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawPolygon(QPolygonF(flag))
            painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_messages(self, painter: QPainter, theme: Theme) -> None:
        """Arrows from the sender's lane to the receiver's."""
        low, high = self.time.view
        first = bisect_left(self._messages, low, key=lambda one: one.at_us)
        sent = self._messages[first : bisect_right(self._messages, high, key=lambda one: one.at_us)]
        if not sent:
            return
        middles = {isolate_id: y - self.offset + _AXIS for isolate_id, y in self._middles.items()}
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.text, 1))
        painter.setBrush(theme.text)
        for one in sent[:: max(1, len(sent) // _MOST)]:
            start, end = middles.get(one.from_isolate_id), middles.get(one.to_isolate_id)
            if start is None and end is None:
                continue
            x = self.x_of(one.at_us)
            y0, y1 = (float(_AXIS) if y is None else y for y in (start, end))
            tip = 5 if y1 > y0 else -5
            painter.drawLine(QLineF(x, y0, x, y1))
            painter.drawPolygon(QPolygonF([QPointF(x, y1), QPointF(x - 3, y1 - tip), QPointF(x + 3, y1 - tip)]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _paint_axis(self, painter: QPainter, theme: Theme) -> None:
        area = QRectF(GUTTER, 1, self.plot_width, _AXIS - 2)
        painter.setFont(self.font())
        ticks = ticks_since(self.zero_us, *self.time.view, max(2, self.plot_width // _TICK_WIDTH))
        paint_time_axis(painter, area, ticks, theme)
        painter.setPen(theme.border)
        painter.drawLine(QLineF(0, _AXIS - 1, self.viewport().width(), _AXIS - 1))
        for at_us in self._marks:
            x = round(self.x_of(at_us))
            if x >= GUTTER:
                painter.setPen(QPen(theme.accent, 1, Qt.PenStyle.DashLine))
                painter.drawLine(QLineF(x, 2, x, self.viewport().height()))

    # --- size and gestures ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_bar()

    def _fit_bar(self) -> None:
        bar, page = self.verticalScrollBar(), self.viewport().height() - _AXIS
        bar.setRange(0, max(0, self._height - page))
        bar.setPageStep(max(1, page))
        bar.setSingleStep(24)

    def _lane_at(self, at: QPointF) -> Lane | None:
        return next((one for one in self._lanes if 0 <= at.y() - self._top(one) < one.height), None)

    def clicked(self, at: QPointF) -> None:
        lane = self._lane_at(at) if at.y() > _AXIS else None
        if lane is not None:
            self.isolate_chosen.emit(self.tracks[lane.track].isolate_id)

    def told(self) -> Sequence[str]:
        return () if self._readout.isHidden() else self._readout.lines

    def pointed(self, at: QPointF | None) -> None:
        lines = self._lines_at(at) if at is not None and at.x() >= GUTTER else ()
        if lines and at is not None:
            self._readout.show_lines(lines, QPoint(int(at.x()), int(at.y())), self.viewport().rect())
        else:
            self._readout.hide()

    def _lines_at(self, at: QPointF) -> tuple[str, ...]:
        lane = self._lane_at(at)
        if lane is None or at.y() <= _AXIS:
            return ()
        track, at_us = self.tracks[lane.track], self.us_of(at.x())
        near = (self.us_of(at.x() + 3) - at_us) or 1.0
        since = since_text(at_us - self.zero_us, near)
        return (f"{visible(track.name, 40)}, {since}", *self._figures(self._arrays[lane.track], lane.kind, at_us, near))

    def _figures(self, arrays: TrackArrays, kind: LaneKind | None, at_us: float, near: float) -> Iterator[str]:
        track = arrays.track
        for moment in track.moments:
            if abs(moment.at_us - at_us) <= near:
                yield f"{moment.kind}: {visible(moment.words, 80)}"
        if kind is LaneKind.HEAP:
            place = int(np.searchsorted(arrays.sampled_us, at_us, "right")) - 1
            if place >= 0:
                one = track.samples[place]
                for words, name in (
                    ("used", "used_bytes"),
                    ("committed", "physical_bytes"),
                    ("off-heap", "external_bytes"),
                ):
                    yield f"{words} {format_bytes(int(one[name]))}"
        elif kind is LaneKind.COLLECTIONS:
            for one in track.collections[seen(arrays.pause_ends_us, at_us - near, at_us + near + 2e6)][:3]:
                if float(one["at_us"]) - float(one["pause_us"]) <= at_us + near:
                    name = GC_WORDS[min(int(one["kind"]), len(GC_WORDS) - 1)]
                    yield f"{name}, {format_us(int(one['pause_us']))}"
        elif kind is LaneKind.RUNS:
            for run in track.runs:
                if run.began_us - near <= at_us and (run.ended_us is None or at_us <= run.ended_us + near):
                    took = format_us(run.ended_us - run.began_us) if run.ended_us is not None else "not ended"
                    yield f"{visible(run.label, 60)}: {run.outcome}, {took}"
        elif kind is LaneKind.CONSOLE:
            where = seen(track.console.at_us, at_us - near, at_us + near)
            for line in range(where.start, min(where.stop, where.start + 3)):
                yield visible(track.console.words(line), 80)
