"""The text of one script, painted: only the lines in sight are looked at, so 200,000 of them cost what 50 do.

Not a QPlainTextEdit: filling one with typescript.js stalls the window for seconds. Line numbers stand in the gutter,
with breakpoints before them; figures of lines (self time, hits) in columns at the right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from ui.models.line_mark import LineMark
from ui.models.source_text import SourceText, Spot
from ui.models.tip import plain_tip
from ui.style import fixed_font, mixed
from ui.theme import Theme, Themes
from ui.views.font_care import keep_font, when_font
from ui.views.javascript import code_colours
from ui.views.source_marks import paint_mark

__all__ = ["SourceArea"]

_FIGURES = 76  # points at the right for each column of figures of lines


class SourceArea(QAbstractScrollArea):
    """Lines count from 1 in signals and arguments, as people count them."""

    line_clicked = Signal(int)  # in the gutter
    line_menu_requested = Signal(int, QPoint)  # there, by the other button or Ctrl; where on the screen
    current_changed = Signal(int)

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._text = SourceText("")
        keep_font(self, fixed_font)
        self._current = 1
        self._anchor: tuple[int, int] | None = None  # line from 0, column, of a selection by mouse or keys
        self._end: tuple[int, int] | None = None
        self._found: Sequence[Spot] = ()
        self._found_at = -1
        self._paused = 0
        self._breakpoints: Mapping[int, LineMark] = {}
        self._figures: dict[str, Mapping[int, str]] = {}  # by what they count, in the order in which they came
        self._colours = lru_cache(2_000)(self._spans)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Source")
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        when_font(self, self._measure)
        themes.changed.connect(self._dress)

    # --- what is shown ---

    def put(self, text: SourceText) -> None:
        self._text = text
        self._colours.cache_clear()
        self._anchor = self._end = None
        self._found, self._found_at, self._paused = (), -1, 0
        self._breakpoints, self._figures = {}, {}
        self._current = 1
        self._fit()
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)
        self.viewport().update()

    @property
    def text(self) -> SourceText:
        return self._text

    @property
    def current_line(self) -> int:
        return self._current

    def go_to(self, line: int, column: int = 0) -> None:
        """Bring a line into the middle of the view and mark it; lines and columns outside are brought inside."""
        self._current = max(1, min(line, len(self._text)))
        self._anchor = self._end = None
        self._reveal(self._current - 1, self._text.column_of(self._current - 1, max(0, column - 1)))
        self._say_current()

    def show_found(self, found: Sequence[Spot], at: int) -> None:
        """Mark what was found; `at`: the one to look at, -1 for none."""
        self._found, self._found_at = found, at
        if 0 <= at < len(found):
            self._current = found[at].line + 1
            self._reveal(found[at].line, found[at].first)
            self._say_current()
        self.viewport().update()

    def show_paused(self, line: int) -> None:
        """Mark where the isolate stands, and go there when it is a new place; 0 for nowhere."""
        if line == self._paused:
            return
        self._paused = line
        if line:
            self.go_to(line)
        self.viewport().update()

    def show_breakpoints(self, lines: Mapping[int, LineMark]) -> None:
        self._breakpoints = lines
        self.viewport().update()

    def show_figures(self, kind: str, figures: Mapping[int, str]) -> None:
        """A few characters for a line each, such as its self time; each `kind` has a column while it has figures."""
        if figures:
            self._figures[kind] = figures
        else:
            self._figures.pop(kind, None)
        self._fit()
        self.viewport().update()

    def selected_text(self) -> str:
        """The text that is selected, as it is drawn."""
        ends = self._selection()
        if ends is None:
            return ""
        (first, left), (last, right) = ends
        lines = [self._text.drawn(number) for number in range(first, last + 1)]
        lines[-1] = lines[-1][:right]
        lines[0] = lines[0][left:]
        return "\n".join(lines)

    def _spans(self, number: int) -> list[tuple[int, int, str]]:
        return self._text.spans(number)

    # --- geometry ---

    @property
    def _gutter(self) -> int:
        return round(self._letter * (len(str(len(self._text))) + 3)) + 12

    def _measure(self) -> None:
        metrics = QFontMetricsF(self.font())
        self._letter = metrics.horizontalAdvance("0")
        self._height = max(1, round(metrics.lineSpacing()) + 2)
        self._descent = round(metrics.ascent()) + 1
        self._fit()

    def _fit(self) -> None:
        page = max(1, self.viewport().height() // self._height)
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        vertical.setPageStep(page)
        vertical.setRange(0, max(0, len(self._text) - page + 1))
        columns = max(1, int((self.viewport().width() - self._gutter - self._right) / self._letter))
        horizontal.setPageStep(columns)
        horizontal.setRange(0, max(0, self._text.widest - columns + 2))

    @property
    def _right(self) -> int:
        return _FIGURES * len(self._figures)

    def _reveal(self, line: int, column: int) -> None:
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        page = vertical.pageStep()
        if not vertical.value() <= line < vertical.value() + page - 1:
            vertical.setValue(line - page // 2)
        if not horizontal.value() <= column < horizontal.value() + horizontal.pageStep() - 8:
            horizontal.setValue(max(0, column - horizontal.pageStep() // 2))
        self.viewport().update()

    def _spot_at(self, point: QPoint) -> tuple[int, int]:
        """Line and column, from 0, nearest to a point."""
        line = self.verticalScrollBar().value() + point.y() // self._height
        column = round((point.x() - self._gutter) / self._letter) + self.horizontalScrollBar().value()
        line = max(0, min(line, len(self._text) - 1))
        return line, max(0, min(column, len(self._text.drawn(line))))

    def _selection(self) -> tuple[tuple[int, int], tuple[int, int]] | None:
        if self._anchor is None or self._end is None or self._anchor == self._end:
            return None
        return min(self._anchor, self._end), max(self._anchor, self._end)

    def _say_current(self) -> None:
        line = self._text.drawn(self._current - 1)[:200]
        self.setAccessibleDescription(f"line {self._current}: {line}")
        self.current_changed.emit(self._current)

    # --- gestures ---

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not len(self._text):
            return
        point = event.position().toPoint()
        line, column = self._spot_at(point)
        other = event.button() == Qt.MouseButton.RightButton
        if point.x() < self._gutter and (other or event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            self.line_menu_requested.emit(line + 1, event.globalPosition().toPoint())
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if point.x() < self._gutter:
            self.line_clicked.emit(line + 1)
            return
        if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier or self._anchor is None:
            self._anchor = (line, column)
        self._end = (line, column)
        self._current = line + 1
        self._say_current()
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if event.buttons() & Qt.MouseButton.LeftButton and self._anchor is not None:
            self._end = self._spot_at(point)
            self.viewport().update()
        in_gutter = point.x() < self._gutter
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if in_gutter else Qt.CursorShape.IBeamCursor)

    def viewportEvent(self, event: QEvent) -> bool:
        """What a mark beside a line stands for."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            mark = self._breakpoints.get(self._spot_at(event.pos())[0] + 1)
            words = mark.words if mark is not None and event.pos().x() < self._gutter else ""
            QToolTip.showText(event.globalPos(), plain_tip(words) if words else "", self.viewport())
            return True
        return super().viewportEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Choose the word."""
        line, column = self._spot_at(event.position().toPoint())
        text = self._text.drawn(line)
        first = last = column
        while first and (text[first - 1].isalnum() or text[first - 1] in "_$"):
            first -= 1
        while last < len(text) and (text[last].isalnum() or text[last] in "_$"):
            last += 1
        self._anchor, self._end = (line, first), (line, last)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -self.verticalScrollBar().pageStep(),
            Qt.Key.Key_PageDown: self.verticalScrollBar().pageStep(),
            Qt.Key.Key_Home: -len(self._text),
            Qt.Key.Key_End: len(self._text),
        }.get(Qt.Key(event.key()))
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.selected_text())
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            last = len(self._text) - 1
            self._anchor, self._end = (0, 0), (last, len(self._text.drawn(last)))
            self.viewport().update()
        elif step is not None:
            self.go_to(self._current + step)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() + (8 if event.key() == Qt.Key.Key_Right else -8))
        elif event.key() == Qt.Key.Key_F9:
            self.line_clicked.emit(self._current)
        else:
            super().keyPressEvent(event)

    # --- painting ---

    def resizeEvent(self, _event: object) -> None:
        self._fit()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._themes.current
        painter = QPainter(self.viewport())
        painter.setFont(self.font())
        painter.fillRect(self.viewport().rect(), theme.panel)
        colours = code_colours(theme)
        first = self.verticalScrollBar().value()
        last = min(len(self._text), first + self.viewport().height() // self._height + 2)
        selection = self._selection()
        for number in range(first, last):
            top = (number - first) * self._height
            self._paint_ground(painter, number, top, theme, selection)
            self._paint_line(painter, number, top, theme, colours)
            self._paint_gutter(painter, number, top, theme)
        painter.end()

    def _paint_ground(
        self,
        painter: QPainter,
        number: int,
        top: int,
        theme: Theme,
        selection: tuple[tuple[int, int], tuple[int, int]] | None,
    ) -> None:
        width = self.viewport().width()
        if number + 1 == self._paused:
            painter.fillRect(0, top, width, self._height, mixed(theme.warn, theme.panel, 0.25))
        elif number + 1 == self._current:
            painter.fillRect(0, top, width, self._height, mixed(theme.accent, theme.panel, 0.08))
        if selection is not None and selection[0][0] <= number <= selection[1][0]:
            left = selection[0][1] if number == selection[0][0] else 0
            right = selection[1][1] if number == selection[1][0] else len(self._text.drawn(number)) + 1
            self._fill(painter, left, right, top, mixed(theme.accent, theme.panel, 0.3))
        for at, spot in enumerate(self._found):
            if spot.line == number:
                share = 0.55 if at == self._found_at else 0.25
                self._fill(painter, spot.first, spot.last, top, mixed(theme.external, theme.panel, share))

    def _fill(self, painter: QPainter, left: int, right: int, top: int, colour: QColor) -> None:
        shift = self.horizontalScrollBar().value()
        x = self._gutter + (max(left, shift) - shift) * self._letter
        end = self._gutter + (right - shift) * self._letter
        if end > x:
            painter.fillRect(QRect(round(x), top, round(end - x), self._height), colour)

    def _paint_line(
        self, painter: QPainter, number: int, top: int, theme: Theme, colours: Mapping[str, QColor]
    ) -> None:
        shift = self.horizontalScrollBar().value()
        columns = int((self.viewport().width() - self._gutter) / self._letter) + 2
        text = self._text.drawn(number)
        if shift >= len(text):
            return
        end = min(len(text), shift + columns)
        baseline, at = top + self._descent, shift

        def draw(last: int, colour: QColor) -> None:
            painter.setPen(colour)
            painter.drawText(QPoint(round(self._gutter + (at - shift) * self._letter), baseline), text[at:last])

        for first, last, kind in self._colours(number):
            if last <= at or first >= end:
                continue
            if first > at:
                draw(first, theme.text)
                at = first
            draw(min(last, end), colours[kind])
            at = min(last, end)
        if at < end:
            draw(end, theme.text)

    def _paint_gutter(self, painter: QPainter, number: int, top: int, theme: Theme) -> None:
        painter.fillRect(0, top, self._gutter - 6, self._height, theme.window)
        line = number + 1
        mark = self._breakpoints.get(line)
        right = QRect(0, top, self._gutter - 12, self._height)
        painter.setPen(theme.text if line == self._current else theme.faint)
        painter.drawText(right, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(line))
        if mark is not None or line == self._paused:
            paint_mark(painter, QPointF(9.5, top + self._height / 2), theme, mark, paused=line == self._paused)
        self._paint_figures(painter, line, top, theme)

    def _paint_figures(self, painter: QPainter, line: int, top: int, theme: Theme) -> None:
        left = self.viewport().width() - self._right - 4
        for figures in self._figures.values():
            if words := figures.get(line):
                painter.setPen(theme.muted)
                box = QRect(left, top, _FIGURES, self._height)
                painter.fillRect(box.adjusted(0, 0, 4, 0), mixed(theme.accent, theme.panel, 0.08))
                painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
            left += _FIGURES

    def _dress(self, _theme: Theme) -> None:
        self.viewport().update()
