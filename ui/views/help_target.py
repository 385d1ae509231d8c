"""What a person points at when F1 asks "What is this?": the name on screen, and the view it stands in."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QToolButton, QWidget

__all__ = ["Target", "at_focus", "at_mouse", "of"]

_NAME = "helpName"  # a widget's property: the name of what it shows
_WORDS = "helpWords"  # what it says of itself, where nothing else is written


class Target(Struct, frozen=True):
    """`names` from the nearest to the widest; `words` for when none of them is known."""

    view: str
    names: tuple[str, ...]
    words: str = ""


def at_mouse(window: QWidget) -> Target | None:
    """What lies under the mouse; None outside of the window."""
    widget = QApplication.widgetAt(QCursor.pos())
    if widget is None or widget.window() is not window:
        return None
    return of(widget, widget.mapFromGlobal(QCursor.pos()))


def at_focus(window: QWidget) -> Target | None:
    """What the keyboard is at: of a table or tree its current cell."""
    widget = window.focusWidget()
    if widget is None:
        return None
    if isinstance(widget, QAbstractItemView):
        return _of_cell(widget, widget.currentIndex())
    return of(widget, widget.rect().center())


def of(widget: QWidget, place: QPoint) -> Target:
    """`place` in the widget."""
    view = widget.parentWidget()
    if isinstance(view, QHeaderView):
        return _of_header(view, place)
    if isinstance(view, QAbstractItemView):
        return _of_cell(view, view.indexAt(place))
    names: list[str] = []
    words = ""
    for one in _outward(widget):
        named = getattr(one, "help_name", None)  # of a painted widget: by place
        if callable(named):
            names.append(str(named(one.mapFrom(widget.window(), widget.mapTo(widget.window(), place)))))
        names += [str(one.property(_NAME) or ""), one.accessibleName()]
        words = words or str(one.property(_WORDS) or "") or one.accessibleDescription()
        if isinstance(one, QToolButton) and one.defaultAction() is not None:
            names.append(one.defaultAction().text().rstrip("…"))
            words = words or one.defaultAction().toolTip()
    return Target(_view_name(widget), tuple(name for name in names if name), words or widget.toolTip())


def _of_header(header: QHeaderView, place: QPoint) -> Target:
    section = header.logicalIndexAt(place)
    name = str(header.model().headerData(section, header.orientation()) or "") if section >= 0 else ""
    tip = header.model().headerData(section, header.orientation(), Qt.ItemDataRole.ToolTipRole) if section >= 0 else ""
    return Target(_view_name(header), (name,), str(tip or ""))


def _of_cell(view: QAbstractItemView, index: QModelIndex) -> Target:
    if not index.isValid():
        return Target(_view_name(view), (view.accessibleName(),))
    model = view.model()
    state = getattr(view, "state_of", lambda _index: "")(index)
    header = model.headerData(index.column(), Qt.Orientation.Horizontal) or ""
    cell = str(index.data() or "")[:60]
    tip = str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
    names = (state if index.column() == 0 else "", cell, str(header), view.accessibleName())
    return Target(_view_name(view), tuple(name for name in names if name), tip)


def _outward(widget: QWidget) -> Iterator[QWidget]:
    one: QWidget | None = widget
    while one is not None:
        yield one
        one = None if one.isWindow() else one.parentWidget()


def _view_name(widget: QWidget) -> str:
    return next((one.accessibleName() for one in _outward(widget) if one.accessibleName()), "")
