"""A small window to drag a file from, as a file manager would: `python packaging/drag_source.py FILE`."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel

__all__ = ["DragSource"]


class DragSource(QLabel):
    def __init__(self, path: Path) -> None:
        super().__init__(path.name)
        self._path = path
        self._dragging = False
        self.setWindowTitle("drag source")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.resize(140, 140)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            return
        self._dragging = True
        drag = QDrag(self)
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self._path))])
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction)
        self._dragging = False


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    source = DragSource(Path(sys.argv[1]).absolute())
    source.show()
    application.exec()
