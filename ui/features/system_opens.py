"""Files that the system asks the program to open: on macOS a double-click or a drop on its icon comes as an event."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QFileOpenEvent

from ui.drop import Where, plan_for
from ui.features.feature import Feature, Workbench

__all__ = ["SystemOpens"]


class SystemOpens(Feature):
    """Each file gets an isolate, as on the command line. What comes before the pool is open waits for it."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._started = False
        self._waiting: list[Path] = []
        application = QCoreApplication.instance()
        if application is not None and sys.platform == "darwin":  # each event of the program passes a filter
            application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and event.file():
            self._open(Path(event.file()))
            return True
        return False

    def started(self) -> None:
        self._started = True
        waiting, self._waiting = self._waiting, []
        for path in waiting:
            self._open(path)

    def closing(self) -> None:
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def _open(self, path: Path) -> None:
        if self._started:
            self.bench.wishes.carry_out(plan_for(Where.NEW_EACH, (path,), self.bench.state))
        else:
            self._waiting.append(path)
