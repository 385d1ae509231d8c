"""The messages between isolates as a table, with a filter, and what can be done with one: send it again, save all."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui.models.messages import MessagesModel
from ui.style import SPACE
from ui.theme import Themes
from ui.views.tables import Table

__all__ = ["MessagesView"]

_WIDTHS = (9, 16, 16, 9, 14, 8, 8, 8)  # characters


class MessagesView(QWidget):
    """`replay_requested`: a ValueMoved."""

    replay_requested = Signal(object)
    save_requested = Signal()

    def __init__(self, model: MessagesModel, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.filter = QLineEdit()
        self.replay = QPushButton("Send Again")
        self.save = QPushButton("Save…")
        self.table = Table(model, themes, name="Messages", empty="No messages yet.", widths=_WIDTHS)
        self.filter.setPlaceholderText("Filter: isolate, outcome, name")
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName("Filter of the messages")
        self.replay.setToolTip("The same copy to the same place. Copies of the last messages are kept for that.")
        bar = QFrame()
        bar.setObjectName("bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(SPACE, 4, SPACE, 4)
        row.setSpacing(SPACE)
        row.addWidget(self.filter, 1)
        row.addWidget(self.replay)
        row.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self.table, 1)
        self.filter.textChanged.connect(model.narrow)
        self.replay.clicked.connect(self._replay)
        self.save.clicked.connect(self.save_requested)
        self.table.selectionModel().selectionChanged.connect(self._enable)
        for changed in (model.rowsInserted, model.modelReset):
            changed.connect(self._enable)
        self._enable()

    def _enable(self, *_: object) -> None:
        self.save.setEnabled(self._model.rowCount() > 0)
        moved = self._model.message(self.table.currentIndex().row())
        self.replay.setEnabled(moved is not None and moved.copy_id != 0)

    def _replay(self) -> None:
        moved = self._model.message(self.table.currentIndex().row())
        if moved is not None:
            self.replay_requested.emit(moved)
