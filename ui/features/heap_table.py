"""The heap graph of the selected isolate as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.text import visible
from ui.features.feature import Feature, Workbench

if TYPE_CHECKING:
    from ui.views.heap_table import HeapTableDialog

__all__ = ["HeapTable"]


class HeapTable(Feature):
    keys = ("heap-table",)

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.dialog: HeapTableDialog | None = None  # the newest

    def grant(self, key: str) -> None:
        from ui.models.heap_table import HeapTableModel
        from ui.views.heap_table import HeapTableDialog

        bench, isolate_id = self.bench, self.bench.selection.isolate_id
        record = bench.state.isolates.get(isolate_id or 0)
        if record is None or isolate_id is None:
            return
        model = HeapTableModel()
        name = visible(record.name, 60)
        dialog = HeapTableDialog(name, model, lambda: model.fill(bench.store, isolate_id), bench.themes, bench.window)
        model.setParent(dialog)
        dialog.finished.connect(self._closed)
        self.dialog = dialog
        dialog.open()

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
