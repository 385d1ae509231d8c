"""The first window: settings, colours and an empty window, with as little imported as that takes."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtWidgets import QApplication

from ui.settings import Settings
from ui.style import colour
from ui.theme import Themes
from ui.views.main_window import MainWindow

__all__ = ["Opening", "open_window"]


class Opening(Struct, frozen=True):
    settings: Settings
    themes: Themes
    window: MainWindow


def open_window(application: QApplication, settings: Settings) -> Opening:
    """Show a window in the colours and at the place of the last one."""
    themes = Themes(application)
    themes.choose(settings.text("theme"))
    colour(application, themes.current)  # the style sheet comes with the contents
    window = MainWindow()
    window.recall(settings)
    window.show()
    return Opening(settings, themes, window)
