"""The list of recordings: open one, export it, give a copy away, delete it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from ui.models.recordings import RecordingsModel
from ui.style import SPACE
from ui.theme import Themes
from ui.views.elided_label import ElidedLabel
from ui.views.tables import Table

__all__ = ["RecordingsView"]


class RecordingsView(QWidget):
    """The signals carry a `RecordingFile`; `export_menu_requested` also the menu to fill."""

    open_requested = Signal(object)
    export_menu_requested = Signal(object, object)
    share_requested = Signal(object)
    delete_requested = Signal(object)
    refresh_requested = Signal()

    def __init__(self, model: RecordingsModel, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._sure_of: object = None  # whose deletion was asked for once
        self.table = Table(
            model,
            themes,
            name="Recordings",
            empty="No recordings yet. Ctrl+E starts one.",
            widths=(23, 9, 9, 36, 10),
        )
        self.table.setSelectionMode(Table.SelectionMode.SingleSelection)
        self.folder = ElidedLabel()
        self.folder.setProperty("tone", "muted")
        self.open = QPushButton("Open")
        self.export = QPushButton("Export")
        self.export.setMenu(QMenu(self))
        self.share = QPushButton("Share…")
        self.share.setToolTip("Save a copy that leaves out sources, console and values")
        self.share.setAccessibleName("Save a copy for sharing")
        self.delete = QPushButton("Delete")
        self._lay_out()
        self.open.clicked.connect(lambda: self._emit(self.open_requested))
        self.share.clicked.connect(lambda: self._emit(self.share_requested))
        self.delete.clicked.connect(self._delete)
        self.export.menu().aboutToShow.connect(self._fill_export)
        self.table.activated.connect(lambda _index: self._emit(self.open_requested))
        self.table.selectionModel().currentRowChanged.connect(self._chosen)
        model.modelReset.connect(self._chosen)
        self._chosen()

    @property
    def current(self) -> object:
        """The chosen `RecordingFile`; None when there is none."""
        row = self.table.currentIndex().row()
        return self._model.files[row] if 0 <= row < len(self._model.files) else None

    def choose(self, row: int) -> None:
        self.table.selectRow(row)
        self.table.setCurrentIndex(self._model.index(row, 0))

    def _lay_out(self) -> None:
        bar = QFrame()
        bar.setObjectName("bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(SPACE + 4, 6, SPACE + 4, 6)
        for button in (self.open, self.export, self.share, self.delete):
            row.addWidget(button)
        row.addWidget(self.folder, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self.table, 1)

    def _chosen(self, _now: QModelIndex | None = None, _before: QModelIndex | None = None) -> None:
        one = self.current
        can_open = one is not None and not getattr(one, "trouble", "")
        still = one is not None and not getattr(one, "is_live", False)
        self.open.setEnabled(can_open)
        self.export.setEnabled(can_open)
        self.share.setEnabled(can_open)
        self.delete.setEnabled(still)
        self._sure_of = None
        self.delete.setText("Delete")

    def _delete(self) -> None:
        """Asked twice in the button itself: nothing modal."""
        if self._sure_of is not self.current:
            self._sure_of = self.current
            self.delete.setText("Delete for good?")
            return
        self._emit(self.delete_requested)

    def _fill_export(self) -> None:
        self.export.menu().clear()
        if self.current is not None:
            self.export_menu_requested.emit(self.current, self.export.menu())

    def _emit(self, signal: object) -> None:
        if self.current is not None:
            signal.emit(self.current)  # type: ignore[attr-defined]
