"""A close button on one tab of a tab widget whose other tabs stay."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QTabBar, QTabWidget, QToolButton, QWidget

__all__ = ["add_closable_tab"]


def add_closable_tab(tabs: QTabWidget, page: QWidget, title: str, closed: Callable[[QWidget], None]) -> None:
    """Add `page` and show it; its button takes it out, then calls `closed`. Ampersands of `title` are literal."""
    place = tabs.addTab(page, title.replace("&", "&&"))
    button = QToolButton(tabs)
    button.setText("×")
    button.setAutoRaise(True)
    button.setToolTip(f"Close “{title}”")
    button.setAccessibleName(f"Close {title}")

    def close() -> None:
        tabs.removeTab(tabs.indexOf(page))
        closed(page)

    button.clicked.connect(close)
    tabs.tabBar().setTabButton(place, QTabBar.ButtonPosition.RightSide, button)
    tabs.setCurrentIndex(place)
