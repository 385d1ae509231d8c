"""A person at the window: keys, the mouse, drops, a look at what is shown; and a watch on how long it stood still."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ui.assembly import Assembly
from ui.features.palette import PaletteFeature
from ui.models.records import IsolateRecord

__all__ = ["Person"]

NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


class Person:
    def __init__(self, window: Assembly, pictures: Path, files: Path) -> None:
        self.all = window
        self.files = files
        self._pictures = pictures
        self._day = ""
        self._step = 0
        self._beat = QTimer()
        self._beat.setInterval(5)
        self._beat.timeout.connect(self._look_at_the_clock)
        self._last = time.monotonic()
        self.longest_ms = 0.0  # that the window stood still today, pictures not counted

    # --- days and pictures ---

    def begin(self, day: str) -> None:
        self._day, self._step = day, 0
        self.longest_ms, self._last = 0.0, time.monotonic()
        self._beat.start()

    def end(self) -> None:
        self._beat.stop()

    async def shoot(self, what: str, window: QWidget | None = None) -> None:
        """A picture of this step, light and dark: of `window`, else of the dialog that is open, else of the window."""
        self._step += 1
        self._beat.stop()
        top = window or QApplication.activeModalWidget() or self.all.window
        for theme in ("light", "dark"):
            self.all.themes.choose(theme)
            await asyncio.sleep(0.3)
            top.grab().save(str(self._pictures / f"{self._day}-{self._step}-{what}-{theme}.png"))
        print(f"  {self._step}. {what}", flush=True)
        self._last = time.monotonic()
        self._beat.start()

    def _look_at_the_clock(self) -> None:
        now = time.monotonic()
        self.longest_ms = max(self.longest_ms, (now - self._last) * 1000 - self._beat.interval())
        self._last = now

    # --- waiting ---

    async def until(self, holds: Callable[[], object], seconds: float = 90) -> None:
        """TimeoutError when it does not come true."""
        for _ in range(int(seconds * 20)):
            try:
                if holds():
                    return
            except (KeyError, StopIteration, IndexError):
                pass  # what is asked for has not come yet
            await asyncio.sleep(0.05)
        raise TimeoutError(f"{self._day}, after step {self._step}: what was waited for did not come")

    def isolate(self, name: str) -> IsolateRecord:
        return next(one for one in self.all.state.isolates.values() if one.name == name)

    def outcome(self, name: str) -> str:
        report = self.isolate(name).runs[-1].report
        return str(report.outcome) if report is not None else ""

    def tab(self) -> str:
        tabs = self.all.views.centre.tabs
        return tabs.tabText(tabs.currentIndex())

    # --- hands ---

    async def do(self, name: str) -> None:
        """Find an action by its name in the palette, and do it, by keys."""
        self.all.actions["palette"].trigger()  # Ctrl+Shift+P: a screen without a window manager has no shortcuts
        palette = self.all.feature(PaletteFeature).view
        assert palette is not None
        QTest.keyClicks(palette.line, name)
        await asyncio.sleep(0.05)
        QTest.keyClick(palette.line, Qt.Key.Key_Return)
        await asyncio.sleep(0.1)

    async def type(self, text: str) -> None:
        """Into the console, with Enter."""
        field = self.all.views.console.input
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)
        await asyncio.sleep(0.05)

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        QTest.mouseClick(widget, LEFT, NONE, at or widget.rect().center())

    def select(self, name: str) -> None:
        """Click on the row of an isolate."""
        tree = self.all.views.tree
        index = tree.model_of_rows.find("isolate", self.isolate(name).isolate_id)
        tree.scrollTo(index)
        self.click(tree.viewport(), tree.visualRect(index).center())

    def drop(self, path: Path, on: str = "") -> None:
        """On the row of an isolate, else on empty space."""
        tree, window = self.all.views.tree, self.all.window
        place = QPoint(30, tree.viewport().height() - 10)
        if on:
            place = tree.visualRect(tree.model_of_rows.find("isolate", self.isolate(on).isolate_id)).center()
        at = tree.viewport().mapTo(window, place)
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        copy = Qt.DropAction.CopyAction
        QApplication.sendEvent(window, QDragEnterEvent(at, copy, data, LEFT, NONE))
        QApplication.sendEvent(window, QDragMoveEvent(at, copy, data, LEFT, NONE))
        QApplication.sendEvent(window, QDropEvent(QPointF(at), copy, data, LEFT, NONE))

    def write(self, name: str, source: str) -> Path:
        """A script of `scripts/` under a name of the engineer's."""
        path = self.files / name
        path.write_text((Path(__file__).parent / "scripts" / source).read_text(encoding="utf-8"), encoding="utf-8")
        return path
