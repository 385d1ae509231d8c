"""What the window does for itself, without the pool: colours, grouping, clearing what has ended, diagnostics."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from inspector.states import HostState
from ui.actions import Actions
from ui.models.console import ConsoleModel
from ui.models.isolates import IsolatesModel
from ui.models.pool_state import PoolState
from ui.models.series import SeriesStore
from ui.models.tree_nodes import Kind
from ui.selection import Selection
from ui.settings import Settings
from ui.theme import Themes
from ui.views.centre import START
from ui.views.contents import CONSOLE, Contents

__all__ = ["Housekeeping"]


class Housekeeping(QObject):
    """Owner: the GUI thread."""

    def __init__(
        self,
        *,
        state: PoolState,
        store: SeriesStore,
        tree: IsolatesModel,
        console: ConsoleModel,
        selection: Selection,
        themes: Themes,
        actions: Actions,
        settings: Settings,
        views: Contents,
    ) -> None:
        super().__init__(views)
        self._state = state
        self._store = store
        self._tree = tree
        self._console = console
        self._selection = selection
        self._themes = themes
        self._actions = actions
        self._settings = settings
        self._views = views
        self._deeds: dict[str, Callable[[], object]] = {
            "group": lambda: self.group(actions["group"].isChecked()),
            "clear-ended": self.clear_ended,
            "copy-diagnostics": self.copy_diagnostics,
            "focus-console": self.go_to_console,
            "theme-system": lambda: self._take_theme("system"),
            "theme-light": lambda: self._take_theme("light"),
            "theme-dark": lambda: self._take_theme("dark"),
        }
        self._mark_theme()
        actions["group"].setChecked(settings.flag("grouped"))
        self.group(settings.flag("grouped"))

    def grant(self, key: str) -> bool:
        """Do what the action `key` says; False when it is not for the window alone."""
        deed = self._deeds.get(key)
        if deed is not None:
            deed()
        return deed is not None

    def group(self, grouped: bool) -> None:
        """Show isolates under their host processes, or flat."""
        self._tree.set_grouped(grouped)
        self._settings.put("grouped", grouped)

    def clear_ended(self) -> None:
        """Forget isolates that have ended, and host processes that have ended with all of theirs."""
        for record in [one for one in self._state.isolates.values() if not one.state.alive]:
            self._tree.forget(Kind.ISOLATE, record.isolate_id)
            self._state.forget_isolate(record.isolate_id)
            self._store.forget(record.isolate_id)
            self._console.forget(record.isolate_id)
            if self._selection.isolate_id == record.isolate_id:
                self._selection.clear()
        for host in [one for one in self._state.hosts.values() if one.state in (HostState.LOST, HostState.CLOSED)]:
            if not host.isolate_ids:
                self._tree.forget(Kind.HOST, host.host_id)
                self._state.forget_host(host.host_id)
                if self._selection.host_id == host.host_id:
                    self._selection.clear()
        if not self._state.isolates:
            self._views.centre.go_to(START)

    def copy_diagnostics(self) -> None:
        """Versions, engine and counts onto the clipboard."""
        from inspector.diagnostics.report import diagnostics_text

        totals = self._state.totals()
        figures = {
            "isolates": str(totals.isolates),
            "host processes": str(totals.hosts),
            "theme": self._themes.current.name,
        }
        started = [host.started for host in self._state.hosts.values()]
        QGuiApplication.clipboard().setText(diagnostics_text(started, figures))
        self._views.status.tell("Diagnostics are on the clipboard: no sources, no values.")

    def go_to_console(self) -> None:
        self._views.bottom.setCurrentIndex(CONSOLE)
        self._views.console.input.setFocus()

    def _take_theme(self, name: str) -> None:
        self._themes.choose(name)
        self._settings.put("theme", self._themes.by_hand or "system")
        self._mark_theme()

    def _mark_theme(self) -> None:
        for name in ("system", "light", "dark"):
            self._actions[f"theme-{name}"].setChecked((self._themes.by_hand or "system") == name)
