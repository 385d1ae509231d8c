"""A small box of lines beside a cursor: the figures of one instant."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLabel, QWidget

from ui.theme import Theme, Themes

__all__ = ["Readout"]

_BESIDE = 10


class Readout(QLabel):
    """Sits to the right of the point it is given, or to its left where there is no room; never takes the mouse."""

    def __init__(self, themes: Themes, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: tuple[str, ...] = ()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Figures at the cursor")
        self.hide()
        self._theme_changed(themes.current)
        themes.changed.connect(self._theme_changed)

    def show_lines(self, lines: Sequence[str], beside: QPoint, inside: QRect) -> None:
        """`beside`: the top of the cursor's line; the box stays within `inside`. Both in the parent's coordinates."""
        if tuple(lines) != self.lines:
            self.lines = tuple(lines)
            self.setText("\n".join(lines))
            self.adjustSize()
        left = beside.x() + _BESIDE
        if left + self.width() > inside.right():
            left = beside.x() - _BESIDE - self.width()
        top = min(beside.y() + _BESIDE, inside.bottom() - self.height())
        self.move(max(inside.left(), left), max(inside.top(), top))
        self.show()

    def _theme_changed(self, theme: Theme) -> None:
        self.setStyleSheet(
            f"color: {theme.text.name()}; background: {theme.raised.name()}; border: 1px solid {theme.border.name()};"
            " border-radius: 3px; padding: 4px 6px;"
        )
