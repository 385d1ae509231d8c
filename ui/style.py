"""The look: Fusion with a palette and a small style sheet, both made from a `Theme`. Spacing is 8 pixels, or half
of it.
"""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QLabel

import resources
from ui.theme import Theme

__all__ = ["SPACE", "colour", "dress", "fixed_font", "mixed", "palette_of", "say", "style_sheet", "thin_bar"]

SPACE = 8

_SHEET = """
QMainWindow, QDialog {{ background: {window}; }}
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {border}; padding: 4px 6px; }}
QMenuBar {{ background: {window}; border: none; padding: 2px 4px; }}
QMenuBar::item {{ padding: 4px 8px; border-radius: 4px; background: transparent; }}
QMenuBar::item:selected {{ background: {raised}; }}
QMenu {{ background: {panel}; border: 1px solid {border}; padding: 4px; }}
QMenu::item {{ padding: 5px 24px 5px 10px; border-radius: 4px; }}
QMenu::item:selected {{ background: {hover}; color: {text}; }}
QMenu::item:disabled {{ color: {faint}; }}
QMenu::icon {{ padding-left: 8px; }}
QMenu::separator {{ height: 1px; background: {border}; margin: 4px 8px; }}
QToolBar {{ background: {window}; border: none; border-bottom: 1px solid {border}; padding: 4px 8px; spacing: 2px; }}
QToolBar::separator {{ background: {border}; width: 1px; margin: 5px 6px; }}
QToolButton {{ border: none; border-radius: 5px; padding: 4px 7px; color: {text}; background: transparent; }}
QToolButton:hover {{ background: {raised}; }}
QToolButton:pressed, QToolButton:checked {{ background: {hover}; }}
QToolButton:disabled {{ color: {faint}; }}
QToolButton:focus {{ border: 1px solid {accent}; padding: 3px 6px; }}
QToolButton::menu-indicator {{ image: none; }}
QPushButton {{ border: 1px solid {border}; border-radius: 5px; padding: 5px 12px; background: {panel}; color: {text}; }}
QPushButton:hover {{ background: {raised}; }}
QPushButton:focus {{ border-color: {accent}; }}
QPushButton:default {{ background: {accent}; border-color: {accent}; color: {on_accent}; }}
QPushButton:default:hover {{ background: {accent_hover}; }}
QPushButton:disabled {{ color: {faint}; background: {window}; border-color: {border}; }}
QLineEdit, QComboBox, QPlainTextEdit {{
  background: {panel}; color: {text}; border: 1px solid {border}; border-radius: 5px; padding: 4px 8px;
  selection-background-color: {accent}; selection-color: {on_accent};
}}
QSpinBox {{
  background: {panel}; color: {text}; border: 1px solid {border}; border-radius: 5px; padding: 4px 4px 4px 8px;
  selection-background-color: {accent}; selection-color: {on_accent};
}}
QSpinBox:disabled {{ color: {faint}; background: {window}; }}
QSpinBox::up-button, QSpinBox::down-button {{ border: none; background: transparent; width: 18px; }}
QSpinBox::up-button:hover, QSpinBox::down-button:hover {{ background: {raised}; }}
QSpinBox::up-arrow {{ image: url("{up}"); width: 9px; height: 9px; }}
QSpinBox::down-arrow {{ image: url("{down}"); width: 9px; height: 9px; }}
QComboBox QAbstractItemView {{ border: 1px solid {border}; }}
QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus, QSpinBox:focus {{ border-color: {accent}; }}
QComboBox::drop-down {{ border: none; width: 24px; }}
QComboBox::down-arrow {{ image: url("{chevron}"); width: 12px; height: 12px; }}
QLineEdit[wrong="true"] {{ border-color: {error}; }}
QLineEdit:disabled {{ color: {faint}; background: {window}; }}
QPlainTextEdit#consoleInput {{ border: none; border-radius: 0; background: {panel}; padding: 3px 4px; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {border}; background: {panel}; top: -1px; }}
QTabBar {{ background: {window}; }}
QTabBar::tab {{
  background: transparent; color: {muted}; padding: 7px 12px 6px 12px; border: none;
  border-bottom: 2px solid transparent;
}}
QTabBar::tab:hover {{ color: {text}; }}
QTabBar::tab:selected {{ color: {text}; border-bottom: 2px solid {accent}; }}
QTabBar::tab:focus {{ color: {accent}; }}
QTabBar::scroller {{ width: 40px; }}
QTabBar QToolButton {{ padding: 0; border-radius: 0; background: {window}; }}
QTabBar QToolButton:hover {{ background: {raised}; }}
QTabBar QToolButton::left-arrow {{ image: url("{left}"); width: 10px; height: 10px; }}
QTabBar QToolButton::right-arrow {{ image: url("{right}"); width: 10px; height: 10px; }}
QAbstractItemView {{
  background: {panel}; color: {text}; border: none; outline: none;
  selection-background-color: {chosen}; selection-color: {text};
}}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QTreeView::item {{ border: none; }}
QHeaderView {{ background: {panel}; border: none; }}
QHeaderView::section {{
  background: {panel}; color: {muted}; border: none; border-bottom: 1px solid {border}; padding: 5px 8px;
}}
QScrollArea {{ background: transparent; border: none; }}
QSplitter::handle {{ background: {border}; }}
QSplitter::handle:hover {{ background: {accent}; }}
QStatusBar {{ background: {window}; border-top: 1px solid {border}; color: {muted}; }}
QStatusBar::item {{ border: none; }}
QStatusBar QLabel {{ padding: 3px 8px; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {handle}; border-radius: 4px; margin: 1px; min-height: 24px; min-width: 24px; }}
QScrollBar::handle:hover {{ background: {faint}; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
  background: none; border: none; width: 0; height: 0;
}}
QTableView::item {{ padding: 0 4px; }}
QRadioButton::indicator {{
  width: 12px; height: 12px; border: 1px solid {muted}; border-radius: 7px; background: {panel};
}}
QRadioButton::indicator:checked {{ border: 4px solid {accent}; width: 6px; height: 6px; }}
QRadioButton::indicator:focus {{ border-color: {accent}; }}
QCheckBox::indicator, QAbstractItemView::indicator {{
  width: 12px; height: 12px; border: 1px solid {muted}; border-radius: 3px; background: {panel};
}}
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {{
  border-color: {accent}; background: {accent}; image: url("{check}");
}}
QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate {{
  border-color: {accent}; background: {accent}; image: url("{part}");
}}
QCheckBox::indicator:focus {{ border-color: {accent}; }}
QCheckBox::indicator:disabled, QAbstractItemView::indicator:disabled {{ border-color: {faint}; background: {window}; }}
QProgressBar {{ border: none; border-radius: 3px; background: {border}; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 3px; }}
QCheckBox, QRadioButton {{ spacing: 6px; color: {text}; }}
QFrame#bar {{ background: {panel}; border: none; border-bottom: 1px solid {border}; }}
QFrame#card {{ background: {panel}; border: 1px solid {border}; border-radius: 8px; }}
QFrame#panel {{ background: {panel}; border: none; }}
QLabel[tone="muted"] {{ color: {muted}; }}
QLabel[tone="faint"] {{ color: {faint}; }}
QLabel[tone="error"] {{ color: {error}; }}
QLabel[tone="ok"] {{ color: {ok}; }}
QLabel[tone="warn"] {{ color: {warn}; }}
"""


def mixed(colour: QColor, other: QColor, share: float) -> QColor:
    """`share` of `colour` over `other`."""
    rest = 1 - share
    return QColor(
        round(colour.red() * share + other.red() * rest),
        round(colour.green() * share + other.green() * rest),
        round(colour.blue() * share + other.blue() * rest),
    )


_PICTURES = {
    "up": "arrow-up",
    "down": "arrow-down",
    "left": "arrow-left",
    "right": "arrow-right",
    "check": "check",
    "part": "check-part",
}  # in the sheet: the file in resources/icons, one for each theme


def _picture(name: str) -> str:
    return resources.path(f"icons/{name}.svg").as_posix()


def style_sheet(theme: Theme) -> str:
    names = ("window", "panel", "raised", "text", "muted", "faint", "border", "accent", "ok", "warn", "error")
    colours = {name: getattr(theme, name).name() for name in names}
    return _SHEET.format(
        **colours,
        chevron=_picture("chevron"),
        on_accent="#ffffff" if theme.name == "light" else "#0c1320",
        accent_hover=mixed(theme.accent, theme.text, 0.85).name(),
        hover=mixed(theme.accent, theme.panel, 0.16).name(),
        chosen=mixed(theme.accent, theme.panel, 0.2).name(),
        **{name: _picture(f"{file}-{theme.name}") for name, file in _PICTURES.items()},
        handle=mixed(theme.faint, theme.panel, 0.5).name(),
    )


def palette_of(theme: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for name, colour in (
        (role.Window, theme.window),
        (role.WindowText, theme.text),
        (role.Base, theme.panel),
        (role.AlternateBase, theme.window),
        (role.Text, theme.text),
        (role.Button, theme.panel),
        (role.ButtonText, theme.text),
        (role.ToolTipBase, theme.raised),
        (role.ToolTipText, theme.text),
        (role.PlaceholderText, theme.faint),
        (role.Highlight, theme.accent),
        (role.HighlightedText, QColor("#ffffff") if theme.name == "light" else QColor("#0c1320")),
        (role.Link, theme.accent),
        (role.Mid, theme.border),
        (role.Midlight, theme.raised),
        (role.Dark, theme.border),
        (role.Light, theme.panel),
        (role.Shadow, theme.border),
        (role.Accent, theme.accent),
    ):
        palette.setColor(name, colour)
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, theme.faint)
    return palette


def colour(application: QApplication, theme: Theme) -> None:
    """The colours alone: all that an empty window shows of a theme."""
    application.setPalette(palette_of(theme))


def dress(application: QApplication, theme: Theme) -> None:
    """Put a theme on every widget of the application.

    Price: 20 ms for a full window; 75 ms more if its parts are put together afterwards, since Qt applies a style sheet
    anew to a widget and all within it each time it gets a parent.
    """
    colour(application, theme)
    application.setStyleSheet(style_sheet(theme))


def thin_bar(theme: Theme) -> str:
    """The sheet of a progress bar that is a line of the accent's colour."""
    return (
        "QProgressBar { border: none; background: transparent; }"
        f"QProgressBar::chunk {{ background: {theme.accent.name()}; border-radius: 1px; }}"
    )


def say(label: QLabel, words: str, tone: str) -> None:
    """Words in a tone of the sheet's ("muted", "warn", "error", ...). Qt reads a property when it polishes."""
    label.setText(words)
    if label.property("tone") != tone:
        label.setProperty("tone", tone)
        label.style().polish(label)


def fixed_font(points_less: float = 0.0) -> QFont:
    """The system's fixed-width font, as large as the application's font minus `points_less`."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    size = QApplication.font().pointSizeF()
    if size > 0:
        font.setPointSizeF(size - points_less)
    return font
