"""The window: tree at the left, graphs in the middle with console, runs and problems beneath, facts at the right.

It is shown empty first, since the parts it is filled with take longer to import than Qt takes to show it. It lays
parts out and passes gestures on; what they mean is decided elsewhere. Nothing here names `Qt`: making that namespace
takes a fifth of the time until a window is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QHideEvent,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QMainWindow

if TYPE_CHECKING:
    from ui.actions import Actions
    from ui.models.console import ConsoleModel
    from ui.models.pool_state import PoolState
    from ui.models.problems import ProblemsModel
    from ui.models.runs import RunsModel
    from ui.selection import Selection
    from ui.settings import Settings
    from ui.theme import Themes
    from ui.views.contents import Contents
    from ui.views.isolates import IsolatesView
    from ui.views.panes import Panes

__all__ = ["MainWindow", "Parts"]

_SIZE = QSize(1280, 800)
_FRAME = QSize(16, 48)  # what a window manager puts around it, at most: its foot must not lie beneath the screen


class Parts(Struct, frozen=True):
    """What a window shows and speaks through."""

    state: PoolState
    tree: IsolatesView
    console: ConsoleModel
    runs: RunsModel
    problems: ProblemsModel
    selection: Selection
    themes: Themes
    actions: Actions


class MainWindow(QMainWindow):
    painted = Signal()  # for the first time
    example_requested = Signal(object)  # Example
    closing = Signal()
    font_changed = Signal()
    seen_changed = Signal(bool)  # whether there is anyone to paint for

    def __init__(self) -> None:
        super().__init__()
        self._painted = False
        self._panes: Panes | None = None
        self.contents: Contents | None = None
        self.setWindowTitle("Isolate Inspector")
        self.setAcceptDrops(True)

    def sizeHint(self) -> QSize:
        return _SIZE

    def begin(self, tree: IsolatesView, settings: Settings) -> None:
        """Put the tree where it will be; once."""
        from ui.views.panes import Panes

        self._panes = Panes(tree, settings)
        self.setCentralWidget(self._panes.across)

    def fill(self, parts: Parts) -> Contents:
        """Put the rest in; once, after `begin`."""
        from ui.views.contents import Contents

        assert self._panes is not None
        self.contents = Contents(self, parts, self._panes)
        self.contents.fit(self.width())
        return self.contents

    # --- what is remembered ---

    def remember(self, settings: Settings) -> None:
        settings.put_data("geometry", bytes(self.saveGeometry().data()))
        if self.contents is not None:
            self.contents.remember(settings)

    def recall(self, settings: Settings) -> None:
        """Take the place of the last window; what does not fit this screen is left out by Qt."""
        if not self.restoreGeometry(settings.data("geometry")):
            self.resize(_SIZE.boundedTo(self.screen().availableSize() - _FRAME))

    # --- gestures that are the window's own ---

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.contents is not None:
            self.contents.drops.enter(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if self.contents is not None:
            self.contents.drops.move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        if self.contents is not None:
            self.contents.drops.leave()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.contents is not None:
            self.contents.drops.drop(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        self.hide()
        self.closing.emit()

    def focusNextPrevChild(self, forwards: bool) -> bool:
        """Tab and Shift+Tab."""
        now = self.focusWidget()
        if self.contents is None or now is None:
            return super().focusNextPrevChild(forwards)
        from ui.views.tab_order import go_on

        return go_on(self, self.contents.panels, now, forwards=forwards)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.contents is not None:
            self.contents.fit(self.width())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.seen_changed.emit(not self.isMinimized())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self.painted.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.seen_changed.emit(False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.font_changed.emit()
        if self.contents is not None and event.type() == QEvent.Type.WindowStateChange:
            self.seen_changed.emit(not self.isMinimized())
