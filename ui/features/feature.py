"""What a feature of the window is, and what it may use of the window it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from PySide6.QtCore import QObject

from inspector.events import Event
from ui.specs import Situation

if TYPE_CHECKING:
    from inspector.pool import Pool
    from ui.actions import Actions
    from ui.bridge import Bridge
    from ui.clock import PaintClock
    from ui.commands import Commands
    from ui.models.console import ConsoleModel
    from ui.models.pool_state import Changes, PoolState
    from ui.models.problems import ProblemsModel
    from ui.models.series import SeriesStore
    from ui.selection import Selection
    from ui.settings import Settings
    from ui.theme import Themes
    from ui.views.contents import Contents
    from ui.views.main_window import MainWindow
    from ui.wishes import Wishes

__all__ = ["Feature", "Workbench"]

F = TypeVar("F", bound="Feature")


class Workbench(Struct, frozen=True):
    """The parts of one window. `pool` is for the pool's own loop alone: reach it through `bridge.submit`."""

    window: MainWindow
    views: Contents
    actions: Actions
    bridge: Bridge
    pool: Pool
    state: PoolState
    store: SeriesStore
    console: ConsoleModel
    problems: ProblemsModel
    selection: Selection
    commands: Commands
    wishes: Wishes
    settings: Settings
    themes: Themes
    clock: PaintClock
    situation: Callable[[], Situation]  # of this moment
    update_actions: Callable[[], None]  # what an action needs has changed
    figures_changed: Callable[[], None]  # something among the facts has

    def selected_path(self) -> str:
        """The file of the selected script, else the newest that ran in the selected isolate; "" for none."""
        chosen = self.selection
        record = self.state.isolates.get(chosen.isolate_id or 0)
        if record is None:
            return ""
        context = record.contexts.get(chosen.context_id or 0)
        script = context.scripts.get(chosen.script_id or "") if context is not None else None
        if script is not None and script.parsed.path:
            return script.parsed.path
        return next((run.queued.path for run in reversed(record.runs) if run.queued.path), "")


class Feature(QObject):
    """One feature of the window: its actions, what it does with events, its end. Owner: the GUI thread.

    All features are made with the window, so a feature's own file imports no view, and makes nothing, before it is
    asked for. Its actions are described in `ui.specs`; `keys` names those that it grants.
    """

    keys: tuple[str, ...] = ()

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench.window)
        self.bench = bench

    def other(self, kind: type[F]) -> F | None:
        """The window's feature of another kind; None before it was made."""
        return next((one for one in self.bench.window.children() if isinstance(one, kind)), None)

    def grant(self, key: str) -> None:
        """Do what the action `key`, one of `keys`, says."""
        raise NotImplementedError

    def take(self, events: Sequence[Event], changes: Changes) -> None:
        """Hear a batch of events, after the state and the models have taken it."""

    def refine(self, now: Situation) -> Situation:
        """Add what this feature knows to the situation that the actions look at."""
        return now

    def selection_changed(self) -> None:
        """Another row was selected."""

    def started(self) -> None:
        """The pool is open and what the command line asked for is under way."""

    def closing(self) -> None:
        """The window closes; coroutines that the bridge spawned are cancelled next, and waited for."""
