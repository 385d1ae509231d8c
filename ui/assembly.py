"""One window put together around its core: parts made, and every signal of one connected to the other that hears it.

Events go one way: bridge -> state -> models -> views, once a batch; views repaint on the clock's tick. Wishes go
the other way: actions and gestures -> wishes -> commands -> bridge -> pool.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from inspector.errors import InspectorError
from inspector.events import Event, HostMeasured
from inspector.sources import natural_order
from inspector.states import Capability
from ui.actions import Actions
from ui.clock import PaintClock
from ui.collector import Collector
from ui.commands import Commands
from ui.drop import Where, plan_for
from ui.feature_set import FeatureSet
from ui.frames import Frames
from ui.housekeeping import Housekeeping
from ui.late_imports import import_graphs, make_qt_classes, shown
from ui.looks import Looks
from ui.models.console import ConsoleModel
from ui.models.console_place import console_place
from ui.models.pool_state import Changes
from ui.models.problems import Problem, ProblemsModel
from ui.models.runs import RunsModel
from ui.specs import Situation, why_not
from ui.views.centre import HEAP
from ui.views.contents import PROBLEMS
from ui.views.main_window import Parts
from ui.window_core import WindowCore
from ui.wishes import Wishes

if TYPE_CHECKING:
    from inspector.pool import Isolate
    from ui.features import Feature, Workbench

__all__ = ["Assembly"]

_PATIENCE_S = 2.0  # for the first isolate, before features and graphs are loaded all the same

F = TypeVar("F", bound="Feature")
log = logging.getLogger(__name__)


class Assembly(QObject):
    """Everything of one window. `ended` follows when it has closed and its coroutines have ended."""

    ended = Signal()

    def __init__(self, application: QApplication, core: WindowCore) -> None:
        super().__init__()
        self._application = application
        self._core = core  # owns state, models and bridge
        self._loop = core.loop
        self._door = core.door
        self._settings = settings = core.settings
        self._ready = self._closing = False
        self.window = core.window
        self.themes = core.themes
        self.selection = core.selection
        self.state = core.state
        self.store = core.store
        self.tree = core.tree
        self.bridge = core.bridge
        self.clock = PaintClock(self)
        self.collector = Collector(self)
        self.console = ConsoleModel(self)
        self.runs = RunsModel(self.state, self)
        self.problems = ProblemsModel(self)
        self.actions = Actions(self.themes, self)
        parts = Parts(
            state=self.state,
            tree=core.tree_view,
            console=self.console,
            runs=self.runs,
            problems=self.problems,
            selection=self.selection,
            themes=self.themes,
            actions=self.actions,
        )
        self.views = self.window.fill(parts)
        self.commands = Commands(
            pool=self._door.pool,
            bridge=self.bridge,
            state=self.state,
            console=self.console,
            problems=self.problems,
            parent=self,
        )
        self.wishes = Wishes(
            window=self.window,
            commands=self.commands,
            bridge=self.bridge,
            state=self.state,
            selection=self.selection,
            problems=self.problems,
            settings=settings,
        )
        self.frames = Frames(
            state=self.state,
            store=self.store,
            tree=self.tree,
            selection=self.selection,
            commands=self.commands,
            views=self.views,
            clock=self.clock,
        )
        self.housekeeping = Housekeeping(
            state=self.state,
            store=self.store,
            tree=self.tree,
            console=self.console,
            selection=self.selection,
            themes=self.themes,
            actions=self.actions,
            settings=settings,
            views=self.views,
        )
        self.features = FeatureSet(self._bench)
        self._looks = Looks(application, self.themes, self)
        self._connect()
        self.views.recall(settings)
        self._update_actions()
        self._selection_changed()
        self._seen(self.window.isVisible() and not self.window.isMinimized())
        core.subscribe(self._take)

    def feature(self, kind: type[F]) -> F:
        """The one feature of a kind."""
        return self.features.get(kind)

    def _bench(self) -> Workbench:
        from ui.features import Workbench

        return Workbench(
            window=self.window,
            views=self.views,
            actions=self.actions,
            bridge=self.bridge,
            pool=self._door.pool,
            state=self.state,
            store=self.store,
            console=self.console,
            problems=self.problems,
            selection=self.selection,
            commands=self.commands,
            wishes=self.wishes,
            settings=self._settings,
            themes=self.themes,
            clock=self.clock,
            situation=self._situation,
            update_actions=self._update_actions,
            figures_changed=lambda: self.frames.mark(urgent=False),
        )

    def start(self, opened: Future[None], first: Future[Isolate] | None, paths: Sequence[Path]) -> None:
        """Wait for the pool and for its `first` isolate, which runs nothing; then run the files of the command
        line.
        """
        self.bridge.spawn(self._load_the_rest(first or opened), "load the features and graphs")
        if trouble := self._settings.trouble:
            self.problems.report(Problem("warning", "Read the settings", trouble, "The defaults are used."))
        self.bridge.spawn(self._start(opened, first, paths), "start the pool")

    async def _start(self, opened: Future[None], first: Future[Isolate] | None, paths: Sequence[Path]) -> None:
        try:
            await asyncio.wrap_future(opened, loop=self._loop)
        except InspectorError as error:
            self.state.trouble = str(error)
            self.problems.report_error(error)
            self.views.bottom.setCurrentIndex(PROBLEMS)
            self._update_actions()
            self.frames.mark(urgent=True)
            return
        self._ready = True
        self._update_actions()
        self.features.started()
        if paths:
            self.features.complete()  # a recording is opened by one
            plan = plan_for(Where.NEW_EACH, natural_order(paths), self.state)
            if plan.where is Where.RECORDING:
                self.wishes.carry_out(plan)
            else:
                self.views.centre.go_to(HEAP)
                await self.commands.carry_out(plan)
        elif first is not None:
            isolate = await asyncio.wrap_future(first, loop=self._loop)
            if self.selection.is_empty:  # the user may have chosen something meanwhile
                self.selection.set(isolate_id=isolate.isolate_id)
            if not self._settings.first_start:
                self.views.centre.go_to(HEAP)

    async def _load_the_rest(self, ahead: Future[Any]) -> None:
        await shown(ahead, _PATIENCE_S)
        self.features.complete()
        await make_qt_classes()
        await self.bridge.in_a_thread(import_graphs)
        if not self._closing:
            from ui.graphs import put_graphs

            put_graphs(self.views, self.store, self.selection, self.themes, self.clock)
            self.collector.settle()

    # --- who hears whom ---

    def _connect(self) -> None:
        window, views = self.window, self.views
        self.bridge.failed.connect(self.problems.report_error)
        self.problems.reported.connect(self._problem_reported)
        self.commands.told.connect(views.status.tell)
        self.commands.made.connect(self._made)
        self.commands.chosen.connect(self._chosen)
        self.commands.rest_changed.connect(self.frames.draw_run)
        self.commands.waiting_changed.connect(views.centre.waiting_bar.show_words)
        views.centre.waiting_bar.pressed.connect(self.commands.cancel_waiting)
        views.centre.stopped_bar.pressed.connect(self._allow_starts)
        self.actions.triggered.connect(self._act)
        self.selection.changed.connect(self._selection_changed)
        window.font_changed.connect(self._looks.font_may_have_changed, Qt.ConnectionType.QueuedConnection)
        window.seen_changed.connect(self._seen)
        window.closing.connect(self._close)
        window.example_requested.connect(self.wishes.run_example)
        views.centre.welcome.wished.connect(self._act)
        views.drops.dropped.connect(self.wishes.carry_out)
        views.drops.refused.connect(lambda sentence: self.wishes.refuse("Drop", sentence))
        views.tree.opened.connect(lambda _isolate_id: views.centre.go_to(HEAP))
        views.console.evaluate_requested.connect(self._evaluate)
        bar = views.centre.run_bar
        bar.stop_requested.connect(lambda run_id: self._on_selected(lambda one: self.commands.stop(one, run_id)))
        bar.cancel_requested.connect(lambda run_id: self._on_selected(lambda one: self.commands.cancel(one, run_id)))
        bar.again_requested.connect(lambda: self._act("run-again"))
        bar.rest_requested.connect(lambda: self._on_selected(self.commands.run_rest))

    def _take(self, events: list[Event], changes: Changes) -> None:
        self.console.apply(events)
        self.runs.apply(changes.runs)
        self.problems.apply(events)
        self.features.take(events, changes)
        news = bool(changes.appeared or changes.isolates or changes.runs or changes.stopped)
        routine = all(isinstance(one, HostMeasured) for one in events)  # each second, of each host
        if not routine:
            self.collector.noticed()
        if not routine or changes.hosts or self.selection.host_id in changes.measured:
            self.frames.mark(urgent=news)
        if news:
            self.commands.served()
            if self.clock.running:  # a button that is enabled is painted, also where nobody sees it
                self._update_actions()
            self._say_console()
            if changes.stopped:
                self._show_stopped()
            if self.selection.is_empty and changes.appeared:
                self._select_first()

    def _select_first(self) -> None:
        first = next(iter(self.state.isolates), None)
        if first is not None:
            self.selection.set(isolate_id=first)

    def _made(self, isolate_id: int) -> None:
        """Somebody asked for this isolate, by whichever gesture: show it, and its heap."""
        self.selection.set(isolate_id=isolate_id)
        self.views.centre.go_to(HEAP)

    def _chosen(self, isolate_id: int, context_id: int) -> None:
        self.selection.set(isolate_id=isolate_id, context_id=context_id or None)
        self.views.centre.leave_start()

    def _seen(self, seen: bool) -> None:
        if seen:
            self.clock.start()
            self._update_actions()
        else:
            self.clock.stop()

    # --- the selection ---

    def _selection_changed(self) -> None:
        chosen = self.selection
        self.console.show(chosen.isolate_id, chosen.context_id)
        self.frames.mark(urgent=True)
        self._say_console()
        self._update_actions()
        self.frames.draw_run()
        self.features.selection_changed()

    def _say_console(self) -> None:
        record = self.state.isolates.get(self.selection.isolate_id or 0)
        lacking = self._situation().capabilities.get(str(Capability.EVALUATE), "")
        found = console_place(record, self.selection.context_id, lacking)
        self.views.console.say(found.place, found.words, ready=found.ready)

    def _situation(self) -> Situation:
        record = self.state.isolates.get(self.selection.isolate_id or 0)
        host = self.state.host_of(record.isolate_id) if record is not None else None
        host = host or next(reversed(self.state.hosts.values()), None)
        engine = (
            "" if host is None else "V8 inspector engine" if host.started.engine == "native" else "public API engine"
        )
        now = Situation(
            ready=self._ready,
            isolate=record,
            context=record.contexts.get(self.selection.context_id or 0) if record is not None else None,
            capabilities=host.started.capabilities if host is not None else {},
            ended=sum(not one.state.alive for one in self.state.isolates.values()),
            trouble=self.state.trouble,
            stopped=self.state.stopped,
            engine=engine,
        )
        return self.features.refine(now)

    # --- wishes ---

    def _act(self, key: str) -> None:
        if reason := why_not(self.actions.specs[key], self._situation()):
            self.views.status.tell(reason)
        elif self.housekeeping.grant(key):
            self._update_actions()
            self.frames.mark(urgent=True)
        elif key == "allow-starts":
            self._allow_starts()
        elif key == "quit":
            self.window.close()
        elif not self.features.grant(key):
            self.wishes.grant(key)

    def _update_actions(self) -> None:
        self.actions.update_for(self._situation())

    def _evaluate(self, expression: str) -> None:
        context_id = self.selection.context_id
        self._on_selected(lambda one: self.commands.evaluate(one, context_id, expression))

    def _on_selected(self, make: Any) -> None:
        if self.selection.isolate_id is not None:
            coroutine: Coroutine[Any, Any, Any] = make(self.selection.isolate_id)
            self.bridge.spawn(coroutine)

    def _problem_reported(self, problem: Problem) -> None:
        self.views.status.tell(problem.sentence)

    def _allow_starts(self) -> None:
        async def allow() -> None:
            await self.commands.allow_starts()
            self._show_stopped()

        self.bridge.spawn(allow(), "allow starts")

    def _show_stopped(self) -> None:
        words = f"Stopped: {self.state.stopped}." if self.state.stopped else ""
        self.views.centre.stopped_bar.show_words(words)
        self._update_actions()

    # --- the end ---

    def _close(self) -> None:
        if self._closing:
            return
        self._closing = True
        self.clock.stop()
        self.collector.close()
        self.features.closing()
        self.window.remember(self._settings)
        if trouble := self._settings.save():
            log.warning("The settings can't be saved: %s", trouble)
        self.bridge.close()
        self._loop.create_task(self._finish())

    async def _finish(self) -> None:
        await self.bridge.drained()
        self.ended.emit()
