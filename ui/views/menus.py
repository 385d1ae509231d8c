"""The menu bar, the toolbar and the context menu, from the actions by key.

What debugs has a menu inside of the isolate's: all of it in one did not fit a screen of 768 points.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QMainWindow, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from ui.actions import Actions
from ui.examples import EXAMPLES, Example
from ui.icons import icon
from ui.theme import Theme, Themes
from ui.views.font_care import when_font

__all__ = ["build_context_menu", "build_menus", "build_toolbar", "fill_examples"]

Entry = str | tuple[str, tuple[str, ...]]
"""The key of an action, "-", or a menu of its own: its title and its keys."""

_DEBUG = (
    "step-over", "step-into", "step-out", "-",
    "toggle-breakpoint", "edit-breakpoint", "remove-breakpoints", "pause-on-exceptions", "-",
    "count-hits", "-",
    "allow-debuggers", "copy-devtools-url", "copy-launch-configuration",
)  # fmt: skip
_ISOLATE: tuple[Entry, ...] = (
    "run-file", "run-again", "run-again-here", "watch", "stop", "-", "collect", "pause", "resume",
    ("Debug", _DEBUG), "-",
    "new-context", "release-context", "measure-contexts", "scripts", "-",
    "send-value", "open-channel", "close-door", "-",
    "repeat", "contain", "coldstart", "-",
    "duplicate", "dispose", "clear-ended", "allow-starts",
)  # fmt: skip
_MENUS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        "&File",
        (
            "new-isolate",
            "-",
            "open",
            "open-each",
            "open-one",
            "open-alone",
            "open-every",
            "paste",
            "-",
            "allow-imports",
            "-",
            "open-definition",
            "save-definition",
            "-",
            "save-console",
            "copy-console",
            "clear-console",
            "-",
            "settings",
            "-",
            "quit",
        ),
    ),
    ("&Isolate", _ISOLATE),
    (
        "&Record",
        (
            "record",
            "record-options",
            "run-and-record",
            "-",
            "mark",
            "save-last-minute",
            "-",
            "open-black-box",
            "recordings",
        ),
    ),
    (
        "&View",
        (
            "palette",
            "-",
            "group",
            "focus-console",
            "sources",
            "messages",
            "problems",
            "heap-table",
            "-",
            "panel-isolates",
            "panel-facts",
            "panel-bottom",
            "-",
            "layout-monitor",
            "layout-debug",
            "layout-record",
            "layout-compare",
            "save-layout",
            "reset-layout",
            "-",
            "theme-system",
            "theme-light",
            "theme-dark",
        ),
    ),
    ("&Help", ("what-is-this", "glossary", "shortcuts", "-", "copy-diagnostics", "about")),
)
_TOOLBAR = (
    "new-isolate",
    "open",
    "-",
    "run-again",
    "stop",
    "-",
    "collect",
    "pause",
    "resume",
    "-",
    "record",
    "-",
    "dispose",
)
_ICON = 16  # points
_WITH_WORDS = ("new-isolate", "open", "run-again", "stop", "record")


def _add(menu: QMenu, actions: Actions, entries: Sequence[Entry]) -> None:
    for key in entries:
        if isinstance(key, tuple):
            inner = menu.addMenu(key[0])
            inner.setToolTipsVisible(True)
            _add(inner, actions, key[1])
        elif key == "-":
            menu.addSeparator()
        else:
            menu.addAction(actions[key])


def fill_examples(menu: QMenu, run: Callable[[Example], None]) -> QMenu:
    menu.setToolTipsVisible(True)
    for example in EXAMPLES:
        entry = menu.addAction(example.title)
        entry.setToolTip(example.words)
        entry.triggered.connect(lambda _checked=False, chosen=example: run(chosen))
    return menu


def build_menus(window: QMainWindow, actions: Actions, run_example: Callable[[Example], None]) -> None:
    for title, keys in _MENUS:
        menu = window.menuBar().addMenu(title)
        menu.setToolTipsVisible(True)
        _add(menu, actions, keys)
        if title == "&File":
            menu.insertMenu(actions["save-console"], fill_examples(QMenu("Examples", menu), run_example))
            menu.insertSeparator(actions["save-console"])


def build_toolbar(
    window: QMainWindow, actions: Actions, themes: Themes, run_example: Callable[[Example], None]
) -> QToolBar:
    bar = QToolBar("Toolbar", window)
    bar.setObjectName("toolbar")
    bar.setMovable(False)
    bar.setFloatable(False)

    def measure() -> None:
        size = max(_ICON, bar.fontMetrics().ascent() + 2)  # as high as the words beside it
        bar.setIconSize(QSize(size, size))

    when_font(bar, measure)
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    for key in _TOOLBAR:
        if key == "-":
            bar.addSeparator()
            continue
        action = actions[key]
        bar.addAction(action)
        button = bar.widgetForAction(action)
        if isinstance(button, QToolButton):
            button.setAccessibleName(actions.specs[key].text.rstrip("…"))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            if key in _WITH_WORDS:
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    _add_examples(bar, themes, run_example)
    window.addToolBar(bar)
    return bar


def _add_examples(bar: QToolBar, themes: Themes, run_example: Callable[[Example], None]) -> None:
    space = QWidget(bar)
    space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    bar.addWidget(space)
    bar.addWidget(_ExamplesButton(bar, themes, run_example))


class _ExamplesButton(QToolButton):
    def __init__(self, bar: QToolBar, themes: Themes, run_example: Callable[[Example], None]) -> None:
        super().__init__(bar)
        self.setText("Examples")
        self.setAccessibleName("Examples")
        self.setToolTip("Run a bundled example")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setMenu(fill_examples(QMenu(self), run_example))
        self._show_theme(themes.current)
        themes.changed.connect(self._show_theme)  # no lambda: a method's connection ends with its widget

    def _show_theme(self, theme: Theme) -> None:
        self.setIcon(icon("examples", theme.text, theme.faint))


def build_context_menu(parent: QWidget, actions: Actions) -> QMenu:
    """The menu of the tree's rows."""
    menu = QMenu(parent)
    menu.setToolTipsVisible(True)
    _add(menu, actions, (*_ISOLATE, "-", "group", "new-isolate"))
    return menu
