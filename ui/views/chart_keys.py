"""A chart walked by the arrow keys: a place moves over it, the figures there are shown and read aloud."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.views.announcing import announce

__all__ = ["ChartKeys"]

_STEPS = 50  # from one side to the other
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class ChartKeys(QObject):
    """Hears the keys of `chart`. Arrows with `modifier` alone walk; the others stay the chart's own."""

    def __init__(
        self,
        chart: QWidget,
        tell: Callable[[QPoint], Sequence[str]],
        *,
        row: Callable[[], int],
        left: int = 0,
        modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """`tell` shows what is known of a place and returns it, in lines; `row`: how high a step down is; `left`:
        where the drawing begins.
        """
        super().__init__(chart)
        self._chart, self._tell, self._row, self._left, self._modifier = chart, tell, row, left, modifier
        self.place = QPoint(-1, -1)
        chart.installEventFilter(self)

    def eventFilter(self, _chart: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        step = _ARROWS.get(Qt.Key(event.key()))
        if step is None or modifiers != self._modifier:
            return False
        self._walk(*step)
        return True

    def _walk(self, across: int, down: int) -> None:
        width, height = self._chart.width(), self._chart.height()
        row = max(1, self._row())
        if self.place.x() < 0:
            self.place = QPoint((self._left + width) // 2, row // 2)
        else:
            x = self.place.x() + across * max(1, (width - self._left) // _STEPS)
            y = self.place.y() + down * row
            self.place = QPoint(min(max(x, self._left), width - 1), min(max(y, row // 2), height - 1))
        announce(self._chart, ", ".join(self._tell(self.place)) or "nothing here")
