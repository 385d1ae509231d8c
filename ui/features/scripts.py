"""The table of the scripts that V8 parsed in the selected isolate; a double-click shows the source of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex

from inspector.events import Event
from ui.features.feature import Feature, Workbench
from ui.models.scripts import ScriptsModel
from ui.views.tables import Table

if TYPE_CHECKING:
    from ui.models.pool_state import Changes

__all__ = ["ScriptsFeature"]

_EVERY = 6  # ticks of the clock: five times a second
_WIDTHS = (28, 14, 8, 9, 6, 11, 11, 9)  # characters


class ScriptsFeature(Feature):
    """Made with the window: it must hear of every script, to show those of an isolate that is selected later."""

    keys = ("scripts",)

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._ticks = 0
        self.model = ScriptsModel(self)
        empty = "No script was parsed in the selected isolate."
        self.view = Table(self.model, bench.themes, name="Scripts", empty=empty, widths=_WIDTHS)
        self.view.activated.connect(self._open)
        bench.views.bottom.addTab(self.view, "Scripts")
        bench.clock.tick.connect(self._tick)

    def grant(self, key: str) -> None:
        self.bench.views.bottom.setCurrentWidget(self.view)
        self.view.setFocus()

    def take(self, events: Sequence[Event], changes: Changes) -> None:
        self.model.apply(events)

    def selection_changed(self) -> None:
        self.model.show(self.bench.selection.isolate_id or 0)

    def _open(self, index: QModelIndex) -> None:
        parsed = self.model.rows[index.row()].parsed
        self.bench.views.tree.script_opened.emit(parsed.isolate_id, parsed.script_id)

    def _tick(self, _at_us: int) -> None:
        self._ticks += 1
        if self._ticks % _EVERY or not self.view.isVisible():
            return
        self.model.flush()
        place = self.bench.views.bottom.indexOf(self.view)
        lost = f", {self.model.lost:,} older ones gone" if self.model.lost else ""
        self.bench.views.bottom.setTabText(place, f"Scripts ({self.model.rowCount():,}{lost})")
        for isolate_id in self.model.known:
            if isolate_id not in self.bench.state.isolates:  # its row was cleared
                self.model.forget(isolate_id)
