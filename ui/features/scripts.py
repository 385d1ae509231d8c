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

_EVERY_US = 200_000
_WIDTHS = (28, 14, 8, 9, 6, 11, 11, 9)  # characters


class ScriptsFeature(Feature):
    """Made with the window: it must hear of every script, to show those of an isolate that is selected later."""

    keys = ("scripts",)

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._drawn_us = 0
        self.model = ScriptsModel(self)
        empty = "No script was parsed in the selected isolate."
        self.view = Table(self.model, bench.themes, name="Scripts", empty=empty, widths=_WIDTHS)
        self.view.activated.connect(self._open)
        bench.views.bottom.addTab(self.view, "Scripts")
        bench.views.bottom.currentChanged.connect(lambda _index: bench.clock.ask())
        bench.clock.tick.connect(self._tick)

    def grant(self, key: str) -> None:
        self.bench.views.bottom.setCurrentWidget(self.view)
        self.view.setFocus()

    def take(self, events: Sequence[Event], changes: Changes) -> None:
        self.model.apply(events)
        if self.model.stale and self.view.isVisible():
            self.bench.clock.ask(self._drawn_us + _EVERY_US)

    def selection_changed(self) -> None:
        self.model.show(self.bench.selection.isolate_id or 0)
        self.bench.clock.ask()

    def _open(self, index: QModelIndex) -> None:
        parsed = self.model.rows[index.row()].parsed
        self.bench.views.tree.script_opened.emit(parsed.isolate_id, parsed.script_id)

    def _tick(self, at_us: int) -> None:
        if not self.view.isVisible():
            return
        if at_us < self._drawn_us + _EVERY_US:
            self.bench.clock.ask(self._drawn_us + _EVERY_US)
            return
        self._drawn_us = at_us
        self.model.flush()
        tabs = self.bench.views.bottom
        place = tabs.indexOf(self.view)
        lost = f", {self.model.lost:,} older ones gone" if self.model.lost else ""
        title = f"Scripts ({self.model.rowCount():,}{lost})"
        if tabs.tabText(place) != title:  # Qt lays all tabs out anew, whatever is set
            tabs.setTabText(place, title)
        for isolate_id in self.model.known:
            if isolate_id not in self.bench.state.isolates:  # its row was cleared
                self.model.forget(isolate_id)
