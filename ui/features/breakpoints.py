"""Breakpoints of this window: set and shown in the gutter of the sources, with the line where the isolate stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from inspector.errors import GoneError
from inspector.events import Event, IsolateEnded, IsolateStateChanged
from inspector.states import Capability, IsolateState
from inspector.text import visible
from ui.features.feature import Feature, Workbench
from ui.features.sources import Sources
from ui.models.file_added import is_file_id
from ui.models.labels import short_label
from ui.models.line_mark import LineMark

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from inspector.pool.debugger import Breakpoint, Debugger
    from ui.models.pool_state import Changes

__all__ = ["Breakpoints"]

T = TypeVar("T")


class Breakpoints(Feature):
    """An isolate pauses for us from its first breakpoint, or "pause on exceptions", until the last is taken away."""

    keys = ("toggle-breakpoint", "edit-breakpoint", "remove-breakpoints", "pause-on-exceptions")

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.of: dict[int, dict[str, Breakpoint]] = {}  # by isolate, by their own id
        self._on_exceptions: set[int] = set()
        self._on_their_way: set[tuple[int, str, int]] = set()  # isolate, url, line
        self._owed: set[int] = set()  # isolates that stop pausing once they go on
        self._sources = self.other(Sources)
        if self._sources is not None:
            self._sources.shown.connect(self._draw)
            self._sources.line_clicked.connect(self.toggle)
            self._sources.line_menu_requested.connect(self._open_menu)

    def grant(self, key: str) -> None:
        isolate_id = self.bench.selection.isolate_id
        if key in ("toggle-breakpoint", "edit-breakpoint"):
            if self._sources is not None and self._sources.view is not None and self._sources.view.isVisible():
                line = self._sources.view.area.current_line
                self.toggle(line) if key == "toggle-breakpoint" else self.edit(line)
            else:
                self.bench.views.status.tell("Open Sources first: a breakpoint is set at its current line.")
        elif key == "remove-breakpoints" and isolate_id is not None:
            self.bench.bridge.spawn(self._remove(isolate_id, list(self.of.get(isolate_id, ()))), "remove breakpoints")
        elif key == "pause-on-exceptions" and isolate_id is not None:
            self.bench.bridge.spawn(self._pause_on_exceptions(isolate_id), "pause on exceptions")

    def selection_changed(self) -> None:
        self._show_checked()

    def take(self, events: Sequence[Event], changes: Changes) -> None:
        for event in events:
            if isinstance(event, IsolateEnded):
                self.of.pop(event.isolate_id, None)
                self._on_exceptions.discard(event.isolate_id)
                self._owed.discard(event.isolate_id)
            elif (
                isinstance(event, IsolateStateChanged)
                and event.isolate_id in self._owed
                and event.state is not IsolateState.PAUSED
            ):
                self.bench.bridge.spawn(self._let_go(event.isolate_id), "stop pausing")
        sources = self._sources
        if sources is not None and sources.isolate_id in changes.isolates:
            self._draw_paused()

    # --- set and taken away ---

    def toggle(self, line: int) -> None:
        """At a 1-based line of the script that is shown."""
        place = self._place()
        if place is None:
            return
        isolate_id, url = place
        here = self._at(isolate_id, url, line)
        if here:
            self.bench.bridge.spawn(
                self._remove(isolate_id, [one.breakpoint_id for one in here]), "remove a breakpoint"
            )
        elif (isolate_id, url, line) not in self._on_their_way:
            self._begin(isolate_id, url, line)

    def edit(self, line: int) -> None:
        """Ask for the condition of the breakpoint at a line, or what it logs; there need be none yet."""
        place = self._place()
        if place is None:
            return
        from ui.views.breakpoint import BreakpointDialog

        isolate_id, url = place
        here = self._at(isolate_id, url, line)
        condition, log = (here[0].condition, here[0].log) if here else ("", "")
        dialog = BreakpointDialog(f"{short_label(url, 60)}:{line}", condition, log, self.bench.window)
        dialog.wished.connect(lambda condition, log: self._begin(isolate_id, url, line, condition, log))
        dialog.open()

    def _open_menu(self, line: int, place: QPoint) -> None:
        sources, of_script = self._sources, self._place()
        if sources is None or sources.view is None or of_script is None:
            return
        from ui.views.breakpoint import open_menu

        there = bool(self._at(*of_script, line))
        open_menu(sources.view, place, there=there, toggle=partial(self.toggle, line), edit=partial(self.edit, line))

    def _place(self) -> tuple[int, str] | None:
        """Isolate and url of the script that is shown; None, and the user is told why, where none can pause."""
        sources = self._sources
        if sources is None or sources.isolate_id is None:
            return None
        if lacking := self.bench.situation().capabilities.get(str(Capability.PAUSE), ""):
            self.bench.views.status.tell(f"This engine can't pause: {lacking}")
            return None
        if not sources.url:
            self.bench.views.status.tell("A breakpoint needs a script with a name: this one has none.")
            return None
        return sources.isolate_id, sources.url

    def _begin(self, isolate_id: int, url: str, line: int, condition: str = "", log: str = "") -> None:
        self._on_their_way.add((isolate_id, url, line))
        self._draw()
        self.bench.bridge.spawn(self._set(isolate_id, url, line, condition, log), "set a breakpoint")

    async def _set(self, isolate_id: int, url: str, line: int, condition: str, log: str) -> None:
        known = self.of.setdefault(isolate_id, {})
        wanted = line
        try:
            for old in self._at(isolate_id, url, line):
                known.pop(old.breakpoint_id, None)
                await self._with(isolate_id, partial(_remove, old.breakpoint_id))
                wanted = old.line  # V8 moves it from there to the same place
            made = await self._with(
                isolate_id, lambda debugger: debugger.set_breakpoint(url, wanted, condition=condition, log=log)
            )
            if not made.places and not (self._sources is not None and is_file_id(self._sources.script_id)):
                await self._with(isolate_id, lambda debugger: debugger.remove_breakpoint(made.breakpoint_id))
                self.bench.views.status.tell(f"No statement stands at line {line:,} or after it.")
            else:
                self._owed.discard(isolate_id)
                known[made.breakpoint_id] = made
                self.bench.views.status.tell(f"{_mark(made).words} at {short_label(url, 60)}:{_line(made)}.")
        finally:
            self._on_their_way.discard((isolate_id, url, line))
            self._draw()

    async def _remove(self, isolate_id: int, ids: Sequence[str]) -> None:
        known = self.of.get(isolate_id, {})
        try:
            for key in ids:
                known.pop(key, None)
                await self._with(isolate_id, partial(_remove, key))
            await self._let_go(isolate_id)
        except GoneError:
            pass  # and they with it
        finally:
            self._draw()

    async def _let_go(self, isolate_id: int) -> None:
        """Nothing is left to pause for: `debugger;` runs through again. A pause that goes on is not ended by it."""
        self._owed.discard(isolate_id)
        if self.of.get(isolate_id) or isolate_id in self._on_exceptions:
            return
        record = self.bench.state.isolates.get(isolate_id)
        if record is not None and record.state is IsolateState.PAUSED:
            self._owed.add(isolate_id)
        elif record is not None and record.state.alive:
            await self._with(isolate_id, lambda debugger: debugger.deactivate())

    async def _pause_on_exceptions(self, isolate_id: int) -> None:
        on = isolate_id not in self._on_exceptions
        await self._with(isolate_id, lambda debugger: debugger.pause_on_exceptions("uncaught" if on else "none"))
        if on:
            self._on_exceptions.add(isolate_id)
        else:
            self._on_exceptions.discard(isolate_id)
            await self._let_go(isolate_id)
        self._show_checked()

    # --- shown ---

    def _here(self, isolate_id: int, url: str) -> list[Breakpoint]:
        return [one for one in self.of.get(isolate_id, {}).values() if one.url == url]

    def _at(self, isolate_id: int, url: str, line: int) -> list[Breakpoint]:
        return [one for one in self._here(isolate_id, url) if _line(one) == line]

    def _draw(self) -> None:
        sources = self._sources
        if sources is None or sources.view is None or sources.isolate_id is None:
            return
        coming = {
            line: LineMark("coming", "On its way")
            for isolate_id, url, line in self._on_their_way
            if (isolate_id, url) == (sources.isolate_id, sources.url)
        }
        bound = {_line(one): _mark(one) for one in self._here(sources.isolate_id, sources.url)}
        sources.view.area.show_breakpoints(coming | bound)
        self._draw_paused()

    def _draw_paused(self) -> None:
        sources = self._sources
        if sources is None or sources.view is None:
            return
        record = self.bench.state.isolates.get(sources.isolate_id or 0)
        paused = record.paused if record is not None and record.state is IsolateState.PAUSED else None
        lines = [one.line for one in paused.frames if one.script_id == sources.script_id] if paused is not None else []
        sources.view.area.show_paused(lines[0] if lines else 0)

    def _show_checked(self) -> None:
        on = (self.bench.selection.isolate_id or 0) in self._on_exceptions
        self.bench.actions["pause-on-exceptions"].setChecked(on)

    async def _with(self, isolate_id: int, act: Callable[[Debugger], Awaitable[T]]) -> T:
        return await self.bench.commands.with_isolate(isolate_id, lambda isolate: act(isolate.debugger))


async def _remove(key: str, debugger: Debugger) -> None:
    await debugger.remove_breakpoint(key)


def _mark(one: Breakpoint) -> LineMark:
    if one.log:
        return LineMark("log", f"Logs {visible(one.log, 120)}")
    if one.condition:
        return LineMark("condition", f"Breakpoint where {visible(one.condition, 120)}")
    return LineMark("plain", "Breakpoint")


def _line(one: Breakpoint) -> int:
    """Where it sits: V8 moves one to the next statement."""
    return one.places[0].line if one.places else one.line
