"""The pause of the selected isolate: the panel above the graphs, steps, variables, and its place in the sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from inspector.errors import InspectorError
from inspector.events import Event, IsolatePaused
from inspector.states import IsolateState
from ui.features.feature import Feature, Workbench
from ui.features.sources import Sources

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from inspector.pool import Isolate
    from ui.models.pool_state import Changes
    from ui.models.records import IsolateRecord
    from ui.models.scopes import ScopeNode
    from ui.views.pause_panel import PausePanel

__all__ = ["Pauses"]


class Pauses(Feature):
    """Nothing of it is made before an isolate pauses."""

    keys = ("step-over", "step-into", "step-out")

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.panel: PausePanel | None = None
        self._shown: IsolatePaused | None = None
        self._asked = 0
        self._before: QWidget | None = None  # what was at the bottom before the pause

    def grant(self, key: str) -> None:
        isolate_id = self.bench.selection.isolate_id
        if isolate_id is not None:
            self.bench.bridge.spawn(self._step(isolate_id, key), key.replace("-", " "))

    def take(self, events: Sequence[Event], changes: Changes) -> None:
        if self.bench.selection.isolate_id in changes.isolates:
            self._draw()

    def selection_changed(self) -> None:
        self._draw()

    async def _step(self, isolate_id: int, key: str) -> None:
        async def step() -> None:
            debugger = self.bench.pool.isolate(isolate_id).debugger
            steps = {"step-over": debugger.step_over, "step-into": debugger.step_into, "step-out": debugger.step_out}
            await steps[key]()

        await self.bench.bridge.submit(step())

    def _draw(self) -> None:
        record = self.bench.state.isolates.get(self.bench.selection.isolate_id or 0)
        paused = record.paused if record is not None and record.state is IsolateState.PAUSED else None
        stepping = record is not None and record.state is IsolateState.PAUSED and record.paused is None
        if paused is self._shown or (stepping and self._shown_is_of(record)):
            return  # between two steps the panel stays
        self._shown = paused
        if paused is None:
            self._hide()
            return
        from ui.models.pause import frame_lines, pause_words

        self._make().show_pause(pause_words(paused), frame_lines(paused))
        assert record is not None
        # a foreign debugger has a view of its own: the window's tabs are left alone
        self._show_lists(front=not record.debuggers)
        self._show_frame(0, jump=not record.debuggers)

    def _show_lists(self, *, front: bool) -> None:
        bottom = self.bench.views.bottom
        assert self.panel is not None
        if bottom.indexOf(self.panel.lists) < 0:
            self._before = bottom.currentWidget()
            bottom.addTab(self.panel.lists, "Call frames")
            if front:
                bottom.setCurrentWidget(self.panel.lists)

    def _hide(self) -> None:
        if self.panel is None:
            return
        self.panel.hide()
        bottom = self.bench.views.bottom
        was_front = bottom.currentWidget() is self.panel.lists
        bottom.removeTab(bottom.indexOf(self.panel.lists))
        if was_front and self._before is not None:
            bottom.setCurrentWidget(self._before)

    def _shown_is_of(self, record: IsolateRecord | None) -> bool:
        return record is not None and self._shown is not None and self._shown.isolate_id == record.isolate_id

    def _show_frame(self, number: int, *, jump: bool = True) -> None:
        if self._shown is None or self.panel is None or number >= len(self._shown.frames):
            return
        self._asked += 1
        self.bench.commands.frame = number
        frame = self._shown.frames[number]
        self.panel.show_scopes(frame.scopes)
        sources = self.other(Sources)
        if jump and sources is not None:
            sources.show_script(self._shown.isolate_id, frame.script_id, frame.line, frame.column)
        self.bench.bridge.spawn(self._show_line(self._asked, self._shown, number), "show the paused line")

    async def _show_line(self, asked: int, paused: IsolatePaused, number: int) -> None:
        from ui.models.pause import frame_lines, source_line

        frame = paused.frames[number]

        async def read() -> str:
            isolate: Isolate = self.bench.pool.isolate(paused.isolate_id)
            return source_line(await isolate.script_source(frame.script_id), frame.line)

        try:
            text = await self.bench.bridge.submit(read())
        except InspectorError as error:  # it went on, or ended, meanwhile
            text = f"(the line can't be read: {error.cause})"
        if asked == self._asked and self.panel is not None:
            self.panel.show_line(frame_lines(paused)[number].place, text)

    def _open(self, node: ScopeNode) -> None:
        if self._shown is not None:
            self.bench.bridge.spawn(self._fetch(self._shown.isolate_id, node), "read variables")

    async def _fetch(self, isolate_id: int, node: ScopeNode) -> None:
        from inspector.pool.objects import members, read_getter

        assert self.panel is not None
        tree, member = self.panel.scopes, node.member

        async def read() -> Any:
            isolate = self.bench.pool.isolate(isolate_id)
            if member.kind == "getter":
                return await read_getter(isolate, member)
            return await members(isolate, member.value, member.first, member.last)

        try:
            found = await self.bench.bridge.submit(read())
        except InspectorError as error:  # it went on meanwhile: V8 let go of the scope
            tree.put_failure(node, error.cause)
            return
        if member.kind == "getter":
            tree.put_value(node, found)
        else:
            tree.put(node, found)

    def _make(self) -> PausePanel:
        if self.panel is None:
            from ui.views.pause_panel import PausePanel

            self.panel = PausePanel(self.bench.themes, self.bench.views.centre)
            self.panel.wished.connect(lambda key: self.bench.actions[key].trigger())
            self.panel.frame_chosen.connect(self._show_frame)
            self.panel.scopes.wanted.connect(self._open)
            self.bench.views.centre.put_bar(self.panel)
        return self.panel
