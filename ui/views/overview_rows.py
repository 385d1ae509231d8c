"""The rows of the overview: one isolate each, painted on one widget, with a cursor through all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from inspector.text import visible
from inspector.units import format_bytes
from ui.models.readings import Track
from ui.models.series import SeriesStore
from ui.theme import Theme, host_colour
from ui.views.overview_arrows import paint_arrows
from ui.views.overview_marks import MARK_PX, selected_ground
from ui.views.overview_plates import PAD, Look, OverviewPlates
from ui.views.time_axis import paint_time_axis, ticks_ago

if TYPE_CHECKING:
    from ui.views.overview_picture import OverviewPicture

__all__ = ["VALUES_EVERY_US", "OverviewRows"]

ROW_PX, COMPACT_PX = 26, 6
VALUES_EVERY_US = 200_000
_CHIP, _VALUE, _STATE, _PAD = MARK_PX, 74, 22, PAD
_NO_VALUE = format_bytes(None)
_PIXELS_A_TICK = 90
_NOTE_SHARE = 0.4  # of the chart's width: the last data stay in sight; the whole reason is told on hovering
_VERTICAL = Qt.AlignmentFlag.AlignVCenter


class OverviewRows(QAbstractScrollArea):
    """Shows `tracks`; the owner tells it when to draw. Signals name a row by its isolate's id."""

    clicked = Signal(int)
    activated = Signal(int)
    pointed = Signal(object, object)  # isolate_id | None, at_us | None

    def __init__(self, store: SeriesStore, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store, self._theme = store, theme
        self._picture: OverviewPicture | None = None
        self._plates: OverviewPlates | None = None
        self._values: dict[int, str] = {}  # of the rows that were painted since `values_us`
        self.values_us = 0
        self.tracks: list[Track] = []
        self.selected: int | None = None
        self.span_us = 60_000_000
        self.common, self.compact = False, False
        self.now_us = 0
        self._cursor_x: float | None = None  # share of the chart's width
        self._row_texts: dict[tuple[str, int], str] = {}
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    # --- what is where ----------------------------------------------------------------------------------------------

    @property
    def row_px(self) -> int:
        if not self.compact:
            return max(ROW_PX, self.fontMetrics().height() + 8)
        room = self.viewport().height() - self._axis_px()
        return min(max(room // max(1, len(self.tracks)), COMPACT_PX), ROW_PX // 2)

    def chart(self) -> QRect:
        """Where the heaps are, in the viewport, above the time axis."""
        left = _PAD + _CHIP + _PAD + self._name_width() + _PAD
        width = self.viewport().width() - left - self._value_px() - _STATE - _PAD
        return QRect(left, 0, max(40, width), max(0, self.viewport().height() - self._axis_px()))

    def _value_px(self) -> int:
        return max(_VALUE, self.fontMetrics().horizontalAdvance("999.9 MiB") + 2 * _PAD)

    def lay_out(self) -> None:
        """After a change of rows, size or row height."""
        bar, height = self.verticalScrollBar(), self.chart().height()
        bar.setRange(0, max(0, len(self.tracks) * self.row_px - height))
        bar.setPageStep(height)
        bar.setSingleStep(self.row_px)

    def row_at(self, y: float) -> int | None:
        """The index of the row at a height of the viewport."""
        row = int((y + self.verticalScrollBar().value()) // self.row_px)
        return row if 0 <= row < len(self.tracks) and y < self.chart().height() else None

    def show_row(self, index: int) -> None:
        bar, height = self.verticalScrollBar(), self.chart().height()
        top = index * self.row_px
        bar.setValue(min(max(bar.value(), top + self.row_px - height), top))

    def put_cursor(self, at_us: int | None) -> None:
        self._cursor_x = None if at_us is None else 1 - (self.now_us - at_us) / self.span_us
        self.viewport().update()

    def at_us(self, x: float) -> int | None:
        """The instant at a place of the viewport; None outside the chart."""
        share = (x - self.chart().left()) / self.chart().width()
        return int(self.now_us - (1 - share) * self.span_us) if 0 <= share <= 1 else None

    @property
    def common_top(self) -> float:
        """What fills a row's height on the common scale, in bytes; 0 when each row has its own."""
        return self._picture.common_top if self._picture is not None and self.common else 0.0

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.viewport().update()

    # --- painting ---------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self._theme.panel)
        chart = self.chart()
        offset = self.verticalScrollBar().value()
        row_px = self.row_px
        first = offset // row_px
        last = min(len(self.tracks), -(-(offset + chart.height()) // row_px))
        painter.setClipRect(0, 0, self.viewport().width(), chart.height())
        top, width = first * row_px - offset, self.viewport().width()
        self._paint_heaps(painter, self.tracks[first:last], chart, top, row_px)
        plates = None if self.compact else self._plates_now(chart)
        for i, track in enumerate(self.tracks[first:last]):
            self._paint_row(painter, track, QRect(0, top + i * row_px, width, row_px), chart, plates)
        if not self.compact:
            self._paint_arrows(painter, chart)
        self._paint_cursor(painter, chart)
        painter.setClipping(False)
        axis = QRectF(chart.left(), chart.bottom() + 1, chart.width(), self._axis_px())
        paint_time_axis(painter, axis, ticks_ago(self.span_us, chart.width() // _PIXELS_A_TICK), self._theme)

    def _paint_heaps(self, painter: QPainter, tracks: list[Track], chart: QRect, top: int, row_px: int) -> None:
        if not self._store.enabled or not tracks:
            return
        if self._picture is None:
            from ui.views.overview_picture import OverviewPicture

            self._picture = OverviewPicture(self._store)
        ratio = self.devicePixelRatioF()
        self._picture.show(self.span_us, round(chart.width() * ratio))
        image = self._picture.image(
            tracks, self.selected, self.now_us, row_px=round(row_px * ratio), common=self.common, theme=self._theme
        )
        if image is not None and ratio == 1:
            painter.drawImage(chart.left(), top, image)
        elif image is not None:
            painter.drawImage(QRectF(chart.left(), top, chart.width(), len(tracks) * row_px), image)

    def _paint_row(
        self, painter: QPainter, track: Track, area: QRect, chart: QRect, plates: OverviewPlates | None
    ) -> None:
        selected = track.isolate_id == self.selected
        if plates is None:
            colour = self._theme.accent if selected else host_colour(track.host_id)
            painter.fillRect(_PAD, area.top(), _CHIP, area.height() - 1, colour)
            return
        painter.drawPixmap(area.topLeft(), plates.left(track, selected=selected))
        value = self._values.get(track.isolate_id) or self._read_value(track)
        painter.drawPixmap(QPoint(chart.right() + 1, area.top()), plates.right(track, value, selected=selected))
        ended = track.ended_us is not None
        if ended or value == _NO_VALUE:
            note = f"{track.state}: {visible(track.end_reason)}" if ended else "no samples yet"
            text = self._elided(note, int(chart.width() * _NOTE_SHARE))
            self._paint_note(painter, text, area, chart, selected)
        painter.setPen(self._theme.grid)
        painter.drawLine(chart.left(), area.bottom(), chart.right(), area.bottom())

    def _plates_now(self, chart: QRect) -> OverviewPlates:
        right_px, value_px = self.viewport().width() - chart.right() - 1, self._value_px()
        ratio, font = self.devicePixelRatioF(), self.font()
        look = Look(self._theme.name, ratio, font.key(), self.row_px, chart.left(), right_px, value_px)
        if self._plates is None or self._plates.look != look:
            self._plates = OverviewPlates(look, self._theme, font)
        return self._plates

    def read_values(self, now_us: int) -> bool:
        """Have the newest values painted; False: not yet, digits that change more often can't be read."""
        if now_us - self.values_us < VALUES_EVERY_US:
            return False
        self.values_us = now_us
        self._values.clear()
        return True

    def _read_value(self, track: Track) -> str:
        value = self._values[track.isolate_id] = format_bytes(self._store.used(track.isolate_id))
        return value

    def _paint_note(self, painter: QPainter, note: str, area: QRect, chart: QRect, selected: bool) -> None:
        width = painter.fontMetrics().horizontalAdvance(note)
        plate = QRect(chart.left(), area.top(), width + 12, area.height() - 1)
        painter.fillRect(plate, selected_ground(self._theme) if selected else self._theme.panel)
        painter.setPen(self._theme.muted)
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, note)

    def _paint_cursor(self, painter: QPainter, chart: QRect) -> None:
        if self._cursor_x is not None and 0 <= self._cursor_x <= 1:
            x = chart.left() + self._cursor_x * (chart.width() - 1)
            painter.setPen(self._theme.muted)
            painter.drawLine(QLineF(x, 0, x, chart.height()))

    def _paint_arrows(self, painter: QPainter, chart: QRect) -> None:
        began_us = self.now_us - self.span_us
        arrows = list(self._store.arrows.since(began_us))
        if not arrows:
            return
        rows = {track.isolate_id: row for row, track in enumerate(self.tracks)}
        offset, row_px = self.verticalScrollBar().value(), self.row_px

        def x_of(at_us: int) -> float:
            return chart.left() + min(1.0, (at_us - began_us) / self.span_us) * (chart.width() - 1)

        def middle_of(isolate_id: int) -> float | None:
            row = rows.get(isolate_id)
            return None if row is None else (row + 0.5) * row_px - offset

        paint_arrows(painter, arrows, x_of, middle_of, self._theme)

    def _elided(self, text: str, width: int) -> str:
        key = (text, width)
        if key not in self._row_texts:
            if len(self._row_texts) > 4_000:
                self._row_texts.clear()
            metrics = QFontMetrics(self.font())
            self._row_texts[key] = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        return self._row_texts[key]

    def _name_width(self) -> int:
        return 0 if self.compact else min(200, self.viewport().width() // 5)

    def _axis_px(self) -> int:
        return self.fontMetrics().height() + 8

    # --- events -----------------------------------------------------------------------------------------------------

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()  # the time axis stays where it is

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lay_out()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position().y())
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(self.tracks[row].isolate_id)
        event.ignore()  # the overview takes the focus

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position().y())
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self.activated.emit(self.tracks[row].isolate_id)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row, at_us = self.row_at(event.position().y()), self.at_us(event.position().x())
        self.pointed.emit(None if row is None else self.tracks[row].isolate_id, at_us)

    def leaveEvent(self, event: object) -> None:
        self.pointed.emit(None, None)
