"""What an action means: its key -> a command, a dialog or a setting. Dialogs are opened and answer by signal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu

from ui.bridge import Bridge
from ui.commands import Commands
from ui.drop import DropPlan, Offer, Where, offer_of, offer_of_text, plan_for
from ui.examples import Example
from ui.models.isolate_wish import IsolateWish
from ui.models.pool_state import PoolState
from ui.models.problems import Problem, ProblemsModel
from ui.models.recording_files import RECORDING_FILTER
from ui.selection import Selection
from ui.settings import Settings
from ui.views.main_window import MainWindow

if TYPE_CHECKING:
    from ui.views.new_isolate import NewIsolateDialog

__all__ = ["Wishes"]

_OPEN = {
    "open-each": Where.NEW_EACH,
    "open-one": Where.NEW_ONE,
    "open-alone": Where.NEW_ALONE,
    "open-every": Where.EVERY,
}
_ON_ALL_CHOSEN = ("stop", "collect", "dispose", "duplicate")
_FILTER = f"JavaScript (*.js *.mjs *.cjs);;{RECORDING_FILTER};;All files (*)"


class Wishes(QObject):
    """Owner: the GUI thread; every command starts through `Bridge.spawn`. `recordings_wished` carries paths."""

    recordings_wished = Signal(list)
    run_and_record_wished = Signal(list)  # paths
    calls_wished = Signal(object)  # Calls

    def __init__(
        self,
        *,
        window: MainWindow,
        commands: Commands,
        bridge: Bridge,
        state: PoolState,
        selection: Selection,
        problems: ProblemsModel,
        settings: Settings,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._commands = commands
        self._bridge = bridge
        self._state = state
        self._selection = selection
        self._problems = problems
        self._settings = settings
        self._on_isolate: dict[str, Callable[[int], object]] = {
            "run-again": lambda one: bridge.spawn(commands.run_again(one, self._chosen_context())),
            "run-again-here": lambda one: bridge.spawn(commands.run_again_here(one, self._chosen_context())),
            "stop": lambda one: bridge.spawn(commands.stop(one)),
            "collect": lambda one: bridge.spawn(commands.collect_garbage(one)),
            "pause": lambda one: bridge.spawn(commands.pause(one)),
            "resume": lambda one: bridge.spawn(commands.resume(one)),
            "new-context": lambda one: bridge.spawn(commands.new_context(one)),
            "dispose": lambda one: bridge.spawn(commands.dispose(one)),
            "duplicate": lambda one: bridge.spawn(commands.duplicate(one)),
        }

    def grant(self, key: str) -> None:
        """Do what the action `key` says. Keys of the window's own (theme, group, ...) are left to `ui.assembly`."""
        isolate_id = self._selection.isolate_id
        if key in _ON_ALL_CHOSEN and isolate_id is not None:
            for one in self.chosen(isolate_id):
                self._on_isolate[key](one)
        elif key in self._on_isolate and isolate_id is not None:
            self._on_isolate[key](isolate_id)
        elif key == "release-context" and isolate_id is not None and self._selection.context_id is not None:
            self._bridge.spawn(self._commands.release_context(isolate_id, self._selection.context_id))
        elif key == "new-isolate":
            self.ask_for_isolate()
        elif key == "open":
            self.ask_for_files(None)
        elif key in _OPEN:
            self.ask_for_files(_OPEN[key])
        elif key == "paste":
            self.paste()

    def ask_for_isolate(self) -> NewIsolateDialog:
        from ui.views.new_isolate import NewIsolateDialog  # 10 ms: not before it is asked for

        dialog = NewIsolateDialog(self._taken, self._commands.memory_limit, self._window)
        dialog.wished.connect(self._make_isolate)
        dialog.open()
        return dialog

    def ask_for_files(self, where: Where | None) -> QFileDialog:
        """`where` None: in what is selected, else each in a new isolate."""
        dialog = QFileDialog(self._window, "Run JavaScript files", self._settings.text("folder"), _FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self._fileschosen(where, [Path(name) for name in names]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def paste(self) -> QMenu | None:
        """Offer the same choices as a drop for the paths on the clipboard; None when there are none."""
        data = QGuiApplication.clipboard().mimeData()
        offer = offer_of(data) if data.hasUrls() else offer_of_text(data.text())
        if offer.trouble:
            self.refuse("Run pasted paths", offer.trouble)
            return None
        return self._choices(offer)

    def carry_out(self, plan: DropPlan) -> None:
        """Do what was planned, or say why not."""
        if plan.refused:
            self.refuse("Run files", plan.sentence)
            return
        for path in plan.paths:
            self._settings.add_recent(str(path))
        self._settings.put("folder", str(plan.paths[0].parent))
        if plan.where is Where.RECORDING:
            self.recordings_wished.emit(list(plan.paths))
            return
        self._bridge.spawn(self._commands.carry_out(plan))

    def refuse(self, action: str, cause: str) -> None:
        self._problems.report(Problem("warning", action, cause))

    def run_example(self, example: Example) -> None:
        self._bridge.spawn(self._commands.run_example(example))
        if example.calls is not None:
            self.calls_wished.emit(example.calls)

    def open_paths(self, paths: list[Path]) -> None:
        """Open files as "Open" does."""
        self._fileschosen(None, paths)

    def _fileschosen(self, where: Where | None, paths: list[Path]) -> None:
        self.carry_out(self._plan(where, tuple(paths)))

    def _plan(self, where: Where | None, paths: tuple[Path, ...]) -> DropPlan:
        if where is not None:
            return plan_for(where, paths, self._state)
        isolate = self._state.isolates.get(self._selection.isolate_id or 0)
        if isolate is None or not isolate.state.alive:
            return plan_for(Where.NEW_EACH, paths, self._state)
        context_id = self._chosen_context()
        inside = Where.ISOLATE if context_id is None else Where.CONTEXT
        return plan_for(inside, paths, self._state, isolate_id=isolate.isolate_id, context_id=context_id)

    def _choices(self, offer: Offer) -> QMenu:
        menu = QMenu(self._window)
        plans = [self._plan(None, offer.paths)]
        wheres = (Where.NEW_EACH, Where.NEW_ONE, Where.NEW_ALONE, Where.EVERY)
        plans += [plan_for(where, offer.paths, self._state) for where in wheres]
        for sentence, plan in {plan.sentence.split("\n")[0]: plan for plan in plans if not plan.refused}.items():
            entry = menu.addAction(sentence.replace("&", "&&"))
            entry.triggered.connect(lambda _checked=False, chosen=plan: self.carry_out(chosen))
        if not plans[1].refused and plans[1].where is not Where.RECORDING:
            menu.addSeparator()
            entry = menu.addAction("Run and record, each in a new isolate")
            entry.triggered.connect(lambda: self.run_and_record_wished.emit(list(offer.paths)))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._window.mapToGlobal(self._window.rect().center() - QPoint(menu.sizeHint().width() // 2, 0)))
        return menu

    def _chosen_context(self) -> int | None:
        """The selected context while it lives; a row of one that was replaced stands for the one that came after."""
        isolate = self._state.isolates.get(self._selection.isolate_id or 0)
        context = isolate.contexts.get(self._selection.context_id or 0) if isolate is not None else None
        while isolate is not None and context is not None and context.replaced_by is not None:
            context = isolate.contexts.get(context.replaced_by)
        return None if context is None or context.released else context.context_id

    def _make_isolate(self, wish: IsolateWish) -> None:
        self._bridge.spawn(self._commands.new_isolate(wish))

    def chosen(self, isolate_id: int) -> list[int]:
        """The selected isolate, and those that live of the others whose rows are selected too."""
        tree = self._window.contents.tree if self._window.contents is not None else None
        rows = tree.chosen_isolates() if tree is not None else []
        live = [one for one in rows if self._state.isolates[one].state.alive]
        return live if isolate_id in rows else [isolate_id]

    def _taken(self) -> list[str]:
        return [record.name for record in self._state.isolates.values()]
