"""Fonts of a widget's own, and what is measured by a font, kept right while the application's font changes.

Under a style sheet Qt hands a new font of the application to windows alone. The window then puts its sheet on anew, by
which every widget hears of its style, and most of their font.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

__all__ = ["keep_font", "larger", "when_font"]

_HEARD = (QEvent.Type.FontChange, QEvent.Type.StyleChange)


def keep_font(widget: QWidget, make: Callable[[], QFont]) -> None:
    """Give `widget` the font that `make` makes, now and whenever the application's font differs."""

    def put() -> None:
        font = make()
        widget.setFont(font)
        if isinstance(widget, QAbstractScrollArea):  # under a style sheet it keeps the font that it had
            widget.viewport().setFont(font)

    _Care(widget, QApplication.font, put)


def when_font(widget: QWidget, fit: Callable[[], object]) -> None:
    """Call `fit` now, and whenever the font of `widget` differs."""
    _Care(widget, widget.font, fit)


def larger(by: float) -> QFont:
    """A title: the application's font, larger and bolder."""
    font = QApplication.font()
    font.setPointSizeF(font.pointSizeF() * by)
    font.setWeight(QFont.Weight.DemiBold)
    return font


class _Care(QObject):
    """It waits until Qt is done: a font that is set while a style sheet is put on is taken away again."""

    def __init__(self, widget: QWidget, font: Callable[[], QFont], fit: Callable[[], object]) -> None:
        super().__init__(widget)
        self._font, self._fit = font, fit
        self._key = font().key()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        fit()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _HEARD:
            self._timer.start(0)
        return False

    def _look(self) -> None:
        if (key := self._font().key()) != self._key:
            self._key = key
            self._fit()
