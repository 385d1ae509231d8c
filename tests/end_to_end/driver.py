"""Drives the window as a user does: actions, keys, drops; and reads what it shows."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QModelIndex, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.pool import PoolDoor
from ui.assembly import Assembly
from ui.event_queue import EventQueue
from ui.models.records import IsolateRecord
from ui.opening import open_window
from ui.settings import Settings
from ui.window_core import WindowCore

ALL = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction | Qt.DropAction.LinkAction


@dataclass(frozen=True, slots=True)
class Dropped:
    accepted: bool
    action: Qt.DropAction  # what the source is told
    said: str  # the line that was shown before


class Driver:
    def __init__(
        self,
        application: Any,
        qtbot: QtBot,
        loop: asyncio.AbstractEventLoop,
        folder: Path,
        *,
        engine: str = "auto",
        files: Sequence[Path] = (),
    ) -> None:
        self.qtbot = qtbot
        self.folder = folder
        queue = EventQueue()
        self.door = PoolDoor(engine=engine)
        opened = self.door.open(queue.put, warm_up=True)
        opening = open_window(application, Settings(folder / "settings.json"))
        self.all = Assembly(application, WindowCore(opening, self.door, queue, loop))
        self.window = self.all.window
        self.views = self.all.views
        self.window.resize(1280, 800)
        first = None if files else self.door.submit(self._first(opened))
        self.all.start(opened, first, files)

    async def _first(self, opened: Any) -> Any:
        await asyncio.wrap_future(opened)
        return await self.door.pool.create_isolate(name="isolate 1")

    def close(self) -> None:
        """Close the window as a user does, then the pool, as `ui.app` does."""
        ended: list[bool] = []
        self.all.ended.connect(lambda: ended.append(True))
        self.window.close()
        self.until(lambda: bool(ended))
        self.door.close()
        self.window.deleteLater()
        self.all.deleteLater()
        QApplication.processEvents()
        # Widgets in cycles end here: a collection in a thread of a later test would end their timers there.
        del self.window, self.views, self.all
        gc.collect()

    # --- waiting and finding ---

    def until(self, holds: Callable[[], Any], timeout_ms: int = 30_000) -> None:
        def held() -> bool:
            try:
                return bool(holds())
            except (KeyError, StopIteration, IndexError):
                return False  # what is asked for has not come yet

        self.qtbot.waitUntil(held, timeout=timeout_ms)

    def found(self, fits: Callable[[IsolateRecord], bool]) -> IsolateRecord:
        """Wait for the first isolate that fits."""
        self.until(lambda: any(fits(one) for one in self.all.state.isolates.values()), 30_000)
        return next(one for one in self.all.state.isolates.values() if fits(one))

    def isolate(self, name: str) -> IsolateRecord:
        return next(one for one in self.all.state.isolates.values() if one.name == name)

    def select(self, name: str) -> IsolateRecord:
        record = self.isolate(name)
        self.all.selection.set(isolate_id=record.isolate_id)
        return record

    def console(self) -> list[str]:
        model = self.all.console
        return [str(model.index(row).data()) for row in range(model.rowCount())]

    def outcome(self, name: str, run: int = -1) -> str:
        report = self.isolate(name).runs[run].report
        return str(report.outcome) if report is not None else ""

    def problems(self) -> str:
        return self.all.problems.text()

    # --- doing ---

    def act(self, key: str) -> None:
        self.all.actions[key].trigger()

    def type(self, text: str) -> None:
        field = self.views.console.input
        field.setText(text)
        self.qtbot.keyClick(field, Qt.Key.Key_Return)

    def file(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def place_of(self, *key: Any) -> QPoint:
        """The middle of a tree row, in the window."""
        tree = self.views.tree
        index: QModelIndex = tree.model_of_rows.find(*key)
        assert index.isValid(), key
        return tree.viewport().mapTo(self.window, tree.visualRect(index).center())

    def empty_place(self) -> QPoint:
        tree = self.views.tree
        return tree.viewport().mapTo(self.window, QPoint(30, tree.viewport().height() - 10))

    def drag(
        self,
        data: QMimeData | Sequence[Path],
        place: QPoint,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        actions: Qt.DropAction = ALL,
    ) -> Dropped:
        """Drag to a place and drop there, as Qt delivers it; returns the drop and the line that was shown before
        it.
        """
        if not isinstance(data, QMimeData):
            paths, data = data, QMimeData()
            data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        left = Qt.MouseButton.LeftButton
        enter = QDragEnterEvent(place, actions, data, left, modifiers)
        QApplication.sendEvent(self.window, enter)
        move = QDragMoveEvent(place, actions, data, left, modifiers)
        QApplication.sendEvent(self.window, move)
        said = self.views.drops.overlay.sentence
        drop = QDropEvent(QPointF(place), actions, data, left, modifiers)
        QApplication.sendEvent(self.window, drop)
        return Dropped(drop.isAccepted(), drop.dropAction(), said)
