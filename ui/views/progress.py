"""A progress bar that is told how far something is; it moves by itself only where motion is wanted."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QProgressBar

__all__ = ["set_calm", "show_progress"]

_CALM = "reducedMotion"  # a property of the application


def set_calm(calm: bool) -> None:
    """Reduced motion, for every bar of the program."""
    application = QApplication.instance()
    if application is not None:
        application.setProperty(_CALM, calm)


def show_progress(bar: QProgressBar, done: int, of: int) -> None:
    """`of` 0: how much there is to do is not known; then it moves on and on, or stands half full where that is calm."""
    application = QApplication.instance()
    if not of and application is not None and application.property(_CALM):
        done, of = 1, 2
    bar.setRange(0, of)
    bar.setValue(min(done, of))
