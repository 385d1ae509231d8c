"""The list of problems: copied, cleared, and a row leads to its isolate."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from ui.features.feature import Feature, Workbench
from ui.views.contents import PROBLEMS

__all__ = ["Problems"]


class Problems(Feature):
    """No background task opens a dialog: what goes wrong stands here, and in the status bar for a moment."""

    keys = ("problems", "copy-problems", "clear-problems")

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        table = bench.views.problems
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._menu)

    def grant(self, key: str) -> None:
        bench = self.bench
        if key == "problems":
            bench.views.bottom.setCurrentIndex(PROBLEMS)
            bench.views.problems.setFocus()
        elif key == "copy-problems":
            QGuiApplication.clipboard().setText(bench.problems.text())
            bench.views.status.tell(f"Copied {bench.problems.rowCount()} problems.")
        else:
            bench.problems.clear()

    def _menu(self, place: QPoint) -> QMenu:
        table, bench = self.bench.views.problems, self.bench
        menu = QMenu(table)
        row = table.indexAt(place).row()
        if row >= 0:
            menu.addAction("Copy").triggered.connect(table.copy)
            isolate_id = bench.problems.problem(row).isolate_id
            if isolate_id is not None and isolate_id in bench.state.isolates:
                menu.addAction("Go to the Isolate").triggered.connect(
                    lambda: bench.selection.set(isolate_id=isolate_id)
                )
            menu.addSeparator()
        menu.addAction(bench.actions["copy-problems"])
        menu.addAction(bench.actions["clear-problems"])
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(table.viewport().mapToGlobal(place))
        return menu
