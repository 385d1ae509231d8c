"""Colours of the window, light and dark, and who decides which one is on: the system, or the user by hand.

Every widget and every plot takes its colours from a `Theme`; nothing else in `ui` writes down a colour.
Host colours are the Okabe-Ito set (https://jfly.uni-koeln.de/color/), which the colour-blind can tell apart; a
letter stands beside each one all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QGuiApplication

if TYPE_CHECKING:
    from PySide6.QtCore import Qt

__all__ = ["DARK", "LIGHT", "Theme", "Themes", "flame_colours", "host_colour"]


class Theme(Struct, frozen=True):
    """One set of colours. `faint` is for what is disabled or decorative; text that matters is `text` or `muted`."""

    name: str  # "light" or "dark"
    window: QColor
    panel: QColor
    raised: QColor
    text: QColor
    muted: QColor
    faint: QColor
    grid: QColor
    border: QColor
    accent: QColor
    used: QColor
    committed: QColor
    external: QColor
    limit: QColor
    gc_minor: QColor
    gc_major: QColor
    ok: QColor
    warn: QColor
    error: QColor
    held: QColor


def _theme(name: str, **colours: str) -> Theme:
    return Theme(name, **{key: QColor(colours[key]) for key in Theme.__struct_fields__ if key != "name"})


LIGHT = _theme(
    "light",
    window="#f4f5f7",
    panel="#ffffff",
    raised="#e9ecf0",
    text="#1b2026",
    muted="#59626d",
    faint="#8a939e",
    grid="#e8ebef",
    border="#d8dce2",
    accent="#2563eb",
    used="#2563eb",
    committed="#8593a6",
    external="#c2680a",
    limit="#d02f2f",
    gc_minor="#0d8a7f",
    gc_major="#8b3fd1",
    ok="#157a3c",
    warn="#a65a00",
    error="#c62828",
    held="#b4bdc8",
)

DARK = _theme(
    "dark",
    window="#15171b",
    panel="#1b1e23",
    raised="#282c33",
    text="#e3e6ea",
    muted="#9ca5b1",
    faint="#6c7581",
    grid="#272b31",
    border="#30353d",
    accent="#5c9dff",
    used="#5c9dff",
    committed="#6f7d90",
    external="#f0a94a",
    limit="#f47171",
    gc_minor="#33cbb8",
    gc_major="#c48bfa",
    ok="#4fcf7f",
    warn="#f2b84b",
    error="#f47171",
    held="#4c5563",
)

_HOST_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b0a800", "#7f7f7f")


_HUES = 24


def flame_colours(theme: Theme) -> list[QColor]:
    """Grounds for the blocks of a flame chart; `theme.text` can be read on each of them."""
    lightness = 0.80 if theme.name == "light" else 0.25
    return [QColor.fromHslF(i / _HUES, 0.62 if theme.name == "light" else 0.42, lightness) for i in range(_HUES)]


def host_colour(host_id: int) -> QColor:
    """The colour of a host process; eight of them repeat, its letter does not."""
    return QColor(_HOST_COLOURS[(host_id - 1) % len(_HOST_COLOURS)])


class Themes(QObject):
    """Holds the theme that is on; `changed` carries the new `Theme`."""

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._by_hand: str | None = None
        # Price: the first look at the namespace `Qt` makes its 94 enums, 20 ms that the first paint need not wait for.
        dark = QGuiApplication.palette().window().color().lightness() < 128
        self.current: Theme = DARK if dark else LIGHT
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.styleHints().colorSchemeChanged.connect(self._system_changed)

    @property
    def by_hand(self) -> str | None:
        """ "light", "dark", or None while the system decides."""
        return self._by_hand

    def follow_system(self) -> None:
        if self._by_hand is not None:
            self._by_hand = None
            self._put(_theme_of(QGuiApplication.styleHints().colorScheme()))

    def set_by_hand(self, name: Literal["light", "dark"]) -> None:
        self._by_hand = name
        self._put(DARK if name == "dark" else LIGHT)

    def choose(self, name: str) -> None:
        """ "light", "dark"; anything else follows the system."""
        if name == "light":
            self.set_by_hand("light")
        elif name == "dark":
            self.set_by_hand("dark")
        else:
            self.follow_system()

    def _system_changed(self, scheme: Qt.ColorScheme) -> None:
        if self._by_hand is None:
            self._put(_theme_of(scheme))

    def _put(self, theme: Theme) -> None:
        if theme is not self.current:
            self.current = theme
            self.changed.emit(theme)


def _theme_of(scheme: Qt.ColorScheme) -> Theme:
    """A system that says nothing is light."""
    from PySide6.QtCore import Qt

    return DARK if scheme == Qt.ColorScheme.Dark else LIGHT
