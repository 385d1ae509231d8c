"""What is repainted when: on the clock's tick, only what is stale, and figures no more often than they can be read."""

from __future__ import annotations

from PySide6.QtCore import QObject

from ui.clock import PaintClock, now_us
from ui.commands import Commands
from ui.models.facts import facts_of
from ui.models.isolates import IsolatesModel
from ui.models.pool_state import PoolState
from ui.models.series import SeriesStore
from ui.selection import Selection
from ui.views.contents import Contents

__all__ = ["Frames"]

_FIGURES_EVERY = 6  # ticks: digits that change more often than 5 times a second can't be read
_RUN_EVERY = 3  # ticks: the elapsed time of a run, in tenths of a second
_UNSAMPLED_EVERY = 300  # ticks, 10 s: eight pixels of a sparkline; each second it would cost 2 % of a core for 20 idle
_UNSAMPLED_US = 5_000_000


class Frames(QObject):
    """The graphs listen to the clock themselves; this draws tree, facts, totals and the run bar."""

    def __init__(
        self,
        *,
        state: PoolState,
        store: SeriesStore,
        tree: IsolatesModel,
        selection: Selection,
        commands: Commands,
        views: Contents,
        clock: PaintClock,
    ) -> None:
        super().__init__(views)
        self._state = state
        self._store = store
        self._tree = tree
        self._selection = selection
        self._commands = commands
        self._views = views
        self._ticks = 0
        self._stale = self._urgent = True
        clock.tick.connect(self._tick)

    def mark(self, *, urgent: bool) -> None:
        """Something differs; `urgent`: more than figures, so that the next frame shows it."""
        self._stale = True
        self._urgent = self._urgent or urgent

    def draw_run(self, at_us: int = 0) -> None:
        """The run that matters for the selected isolate, now."""
        chosen = self._selection.isolate_id or 0
        record = self._state.isolates.get(chosen)
        rest = self._commands.rests.get(chosen)
        run = record.last_run if record is not None else None
        not_run, alive = len(rest.paths) if rest else 0, record is not None and record.state.alive
        self._views.centre.run_bar.show_run(run, at_us or now_us(), not_run=not_run, alive=alive)

    def _tick(self, at_us: int) -> None:
        self._ticks += 1
        if self._ticks % _UNSAMPLED_EVERY == 0:
            self._tree.mark_unsampled(at_us - _UNSAMPLED_US)
            self._stale = True
        if self._urgent or (self._stale and self._ticks % _FIGURES_EVERY == 0):
            self._stale = self._urgent = False
            self._tree.flush(self._views.tree.rows_in_sight())
            self._draw_facts()
            self._views.status.show_totals(self._state)
        if self._ticks % _RUN_EVERY == 0:
            self.draw_run(at_us)

    def _draw_facts(self) -> None:
        if self._views.facts.isVisible():
            chosen = self._selection
            self._views.facts.show_facts(
                facts_of(
                    self._state,
                    isolate_id=chosen.isolate_id,
                    context_id=chosen.context_id,
                    script_id=chosen.script_id,
                    host_id=chosen.host_id,
                    growth=self._store,
                )
            )
