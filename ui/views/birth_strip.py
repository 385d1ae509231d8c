"""How an isolate was born: its stages in milliseconds as parts of one bar, each named beneath with its figure."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.events import Birth
from inspector.units import format_bytes, format_ms
from ui.theme import Theme, Themes

__all__ = ["BirthStrip", "Stage", "stages_of"]

_BAR = 14
_GAP = 6
_SWATCH = 8
_WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
_NARROWEST = 3.0  # pixels of a stage in the bar, however short it was


class Stage(Struct, frozen=True):
    """One part of the bar, `ms` long."""

    name: str
    ms: float
    shade: str  # a field of Theme


def stages_of(birth: Birth, compile_ms: float | None, first_run_ms: float | None) -> list[Stage]:
    """The stages that happened and are known, in order."""
    named = (
        ("host start", birth.host_start_ms, "held"),
        ("isolate", birth.isolate_ms, "used"),
        ("inspector", birth.inspector_ms, "muted"),
        ("context", birth.context_ms, "gc_minor"),
        ("prelude", birth.prelude_ms, "gc_major"),
        ("compile", compile_ms, "external"),
        ("first run", first_run_ms, "ok"),
    )
    return [Stage(name, ms, shade) for name, ms, shade in named if ms is not None]


class BirthStrip(QWidget):
    """Shows nothing until `show_birth`. The names wrap; the whole story is its accessible description and tooltip."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme = themes.current
        self._stages: list[Stage] = []
        self._added_bytes: int | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Birth of the isolate")
        themes.changed.connect(self._theme_changed)

    def show_birth(
        self, birth: Birth | None, compile_ms: float | None = None, first_run_ms: float | None = None
    ) -> None:
        """None: nothing is known. `compile_ms` and `first_run_ms` come with the first run."""
        self._stages = [] if birth is None else stages_of(birth, compile_ms, first_run_ms)
        self._added_bytes = None if birth is None else birth.added_bytes
        self.setAccessibleDescription(self.text())
        self.setToolTip(self.text())
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The same as one line of text."""
        if not self._stages:
            return "Not known yet."
        parts = [f"{stage.name} {format_ms(stage.ms)}" for stage in self._stages]
        return f"{', '.join(parts)}; {self._sum_text()}"

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(320))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        line = self.fontMetrics().height() + 2
        places = self._places(width)
        rows = places[-1][0] + 1 if places else 0
        return _BAR + _GAP + line * rows + self._sum_height(width)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self._stages:
            painter.setPen(self._theme.muted)
            painter.drawText(self.rect(), _WRAPPED, self.text())
            return
        self._paint_bar(painter)
        self._paint_names(painter)

    def _paint_bar(self, painter: QPainter) -> None:
        total = sum(stage.ms for stage in self._stages) or 1.0
        spare = self.width() - _NARROWEST * len(self._stages)
        x = 0.0
        for stage in self._stages:
            width = _NARROWEST + spare * stage.ms / total
            painter.fillRect(QRectF(x, 0, width - 1, _BAR), self._colour(stage))
            x += width

    def _paint_names(self, painter: QPainter) -> None:
        line = self.fontMetrics().height() + 2
        top = _BAR + _GAP
        last = 0
        for (row, x), stage in zip(self._places(self.width()), self._stages, strict=True):
            y, last = top + row * line, row
            painter.fillRect(QRect(x, y + (line - _SWATCH) // 2, _SWATCH, _SWATCH), self._colour(stage))
            painter.setPen(self._theme.text)
            painter.drawText(x + _SWATCH + 4, y + self.fontMetrics().ascent() + 1, _label(stage))
        painter.setPen(self._theme.muted)
        room = QRect(0, top + (last + 1) * line + 1, self.width(), self.height())
        painter.drawText(room, _WRAPPED, self._sum_text())

    def _places(self, width: int) -> list[tuple[int, int]]:
        """(row, x) of each stage's name: in columns of one width."""
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(_label(stage)) for stage in self._stages), default=0)
        column = _SWATCH + 4 + widest + 12
        across = max(1, (width + 12) // column)
        return [(place // across, place % across * column) for place in range(len(self._stages))]

    def _sum_height(self, width: int) -> int:
        words = self._sum_text() if self._stages else self.text()
        return self.fontMetrics().boundingRect(QRect(0, 0, max(1, width), 10_000), _WRAPPED, words).height() + 3

    def _sum_text(self) -> str:
        added = "" if self._added_bytes is None else f", {format_bytes(self._added_bytes)} of memory added"
        return f"{format_ms(sum(stage.ms for stage in self._stages))} in all{added}"

    def _colour(self, stage: Stage) -> QColor:
        colour: QColor = getattr(self._theme, stage.shade)
        return colour

    def _theme_changed(self, theme: Theme) -> None:
        self._theme = theme
        self.update()


def _label(stage: Stage) -> str:
    return f"{stage.name} {format_ms(stage.ms)}"
