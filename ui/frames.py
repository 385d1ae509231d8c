"""What is repainted when: on the clock's tick, only what is stale, and figures no more often than they can be read."""

from __future__ import annotations

from PySide6.QtCore import QObject

from inspector.states import IsolateState
from ui.clock import PaintClock, now_us
from ui.commands import Commands
from ui.models.facts import facts_of
from ui.models.isolates import IsolatesModel
from ui.models.pool_state import PoolState
from ui.models.series import SeriesStore
from ui.selection import Selection
from ui.views.contents import Contents

__all__ = ["Frames"]

_FIGURES_US = 200_000  # digits that change more often than 5 times a second can't be read
_RUN_US = 100_000  # the elapsed time of a run, in tenths of a second
_UNSAMPLED_EVERY_US = 10_000_000  # eight pixels of a sparkline; each second it would cost 2 % of a core for 20 idle
_UNSAMPLED_US = 5_000_000
_LEVEL_US = 75_000_000  # the 60 s that a sparkline shows, and one more step: after that it is a level line


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
        self._clock = clock
        self._stale = self._urgent = True
        self._drawn_us = self._run_drawn_us = self._moved_us = 0
        self._run_goes_on = False
        clock.tick.connect(self._tick)
        clock.ask()
        views.facts.shown.connect(lambda: self.mark(urgent=True))

    def mark(self, *, urgent: bool) -> None:
        """Something differs; `urgent`: more than figures, so that the next frame shows it."""
        self._stale = True
        self._urgent = self._urgent or urgent
        self._clock.ask(0 if urgent else self._drawn_us + _FIGURES_US)

    def draw_run(self, at_us: int = 0) -> None:
        """The run that matters for the selected isolate, now."""
        chosen = self._selection.isolate_id or 0
        record = self._state.isolates.get(chosen)
        rest = self._commands.rests.get(chosen)
        run = record.last_run if record is not None else None
        not_run, alive = len(rest.paths) if rest else 0, record is not None and record.state.alive
        paused = record is not None and record.state is IsolateState.PAUSED
        self._run_drawn_us = at_us or now_us()
        self._views.centre.run_bar.show_run(run, self._run_drawn_us, not_run=not_run, alive=alive, paused=paused)
        self._run_goes_on = run is not None and run.active
        if self._run_goes_on:
            self._clock.ask(self._run_drawn_us + _RUN_US)

    def _tick(self, at_us: int) -> None:
        if at_us - self._moved_us >= _UNSAMPLED_EVERY_US:
            self._move_on(at_us)
        urgent = self._urgent
        if urgent or (self._stale and at_us - self._drawn_us >= _FIGURES_US):
            self._stale = self._urgent = False
            self._drawn_us = at_us
            self._tree.flush(self._views.tree.rows_in_sight())
            self._draw_facts()
            self._views.status.show_totals(self._state)
        if urgent or (self._run_goes_on and at_us - self._run_drawn_us >= _RUN_US):
            self.draw_run(at_us)

    def _move_on(self, at_us: int) -> None:
        """Sparklines go on with time alone, until all of what they show is one level line."""
        self._moved_us = at_us
        if self._tree.mark_unsampled(at_us - _UNSAMPLED_US, at_us - _LEVEL_US):
            self.mark(urgent=False)
        self._clock.ask(at_us + _UNSAMPLED_EVERY_US)

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
