"""How the program looks: its style sheet and icon, when it starts and whenever theme or font change."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from ui.icons import icon
from ui.style import dress
from ui.theme import Theme, Themes

__all__ = ["Looks"]

_ICON = (16, 24, 32, 48, 64)


class Looks(QObject):
    """Dresses the application at once. Owner: the window's assembly."""

    def __init__(self, application: QApplication, themes: Themes, parent: QObject) -> None:
        super().__init__(parent)
        self._application = application
        self._themes = themes
        self._font_key = application.font().key()
        themes.changed.connect(self._dress)
        self._dress(themes.current)

    def font_may_have_changed(self) -> None:
        """Under a style sheet Qt hands a new font of the application to windows alone."""
        if (key := self._application.font().key()) != self._font_key:
            self._font_key = key
            dress(self._application, self._themes.current)

    def _dress(self, theme: Theme) -> None:
        dress(self._application, theme)
        self._application.setWindowIcon(icon("application", theme.accent, theme.faint, sizes=_ICON))
