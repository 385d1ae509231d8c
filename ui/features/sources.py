"""The sources of the selected isolate in a tab: what is selected in the tree, or named by a console line, is shown."""

from __future__ import annotations

import asyncio
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from inspector.errors import InspectorError, UsageError
from inspector.events import Event, ScriptParsed
from inspector.sources import read_source
from inspector.text import counted, visible
from inspector.units import format_ms
from ui.features.feature import Feature, Workbench
from ui.models.console_log import Place
from ui.models.file_added import file_id, is_file_id
from ui.models.records import ScriptRecord

if TYPE_CHECKING:
    from ui.models.pool_state import Changes
    from ui.models.source_text import SourceText
    from ui.views.sources import SourcesView

__all__ = ["Sources"]

_EDITOR = "editor"  # a setting: "code -g {path}:{line}"; "" for what the system opens such files with
_ON_OFFER = 500  # scripts in the box
_KEPT = 4  # texts


class Sources(Feature):
    """The text of a script is asked for when it is looked at; the newest question wins."""

    keys = ("sources",)
    shown = Signal()  # another text
    line_clicked = Signal(int)  # in the gutter, 1-based
    line_menu_requested = Signal(int, QPoint)  # there; where on the screen

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.view: SourcesView | None = None
        self.script_id = ""
        self.isolate_id: int | None = None
        self._asked = 0
        self._texts: dict[tuple[int, str], SourceText] = {}
        bench.views.console.list.place_requested.connect(self.show_place)
        bench.views.tree.script_opened.connect(self.show_script)

    @property
    def url(self) -> str:
        """What the script that is shown calls itself; "" for none, or a nameless one."""
        record = self.record
        return record.parsed.url if record is not None else ""

    @property
    def record(self) -> ScriptRecord | None:
        """Of the script that is shown."""
        return self._record(self.isolate_id or 0, self.script_id)

    def grant(self, key: str) -> None:
        view = self._make()
        self.show_script(self.bench.selection.isolate_id or 0, self.bench.selection.script_id or self._newest())
        view.area.setFocus()  # so that the arrows, Ctrl+F and F9 are meant for it

    def selection_changed(self) -> None:
        chosen = self.bench.selection
        if self.view is None or not self.view.isVisible():
            return
        if chosen.script_id is not None and chosen.isolate_id is not None:
            self.show_script(chosen.isolate_id, chosen.script_id)
        elif chosen.isolate_id != self.isolate_id:
            self.show_script(chosen.isolate_id or 0, self._newest())

    def take(self, events: Sequence[Event], changes: Changes) -> None:
        seen = self.view is not None and self.view.isVisible()
        if seen and any(isinstance(one, ScriptParsed) and one.isolate_id == self.isolate_id for one in events):
            self._offer()
        for one in events if seen and is_file_id(self.script_id) else ():
            if isinstance(one, ScriptParsed) and file_id(one.path) == self.script_id:
                self.show_script(one.isolate_id, one.script_id)

    # --- which script ---

    def show_place(self, place: Place) -> None:
        """The script of the shown console whose label is named, at that line."""
        isolate_id = self.bench.console.isolate_id
        if place.script_id:
            self.show_script(self.bench.console.isolate_id or 0, place.script_id, place.line, place.column)
            self._make().area.setFocus()
            return
        found = [one for one in self._scripts(isolate_id or 0) if place.url in (one.parsed.url, one.parsed.path)]
        if isolate_id is None or not found:
            self.bench.views.status.tell(f"V8 holds no script of the name {visible(place.url)} any more.")
            return
        self.show_script(isolate_id, found[-1].parsed.script_id, place.line, place.column)
        self._make().area.setFocus()

    def show_script(self, isolate_id: int, script_id: str, line: int = 0, column: int = 0) -> None:
        """Open the tab with this script; `line` 0 keeps the place when it is shown already."""
        view = self._make()
        self.isolate_id, before = isolate_id, (self.isolate_id, self.script_id)
        self.script_id = script_id
        self._offer()
        self.bench.views.centre.tabs.setCurrentWidget(view)
        self._asked += 1
        if before != (isolate_id, script_id) or line or not len(view.area.selected_text()):
            self.bench.bridge.spawn(self._show(self._asked, isolate_id, script_id, line, column), "show a source")

    async def _show(self, number: int, isolate_id: int, script_id: str, line: int, column: int) -> None:
        view = self._make()
        record = self._record(isolate_id, script_id)
        if not script_id:
            view.say("No script has run in this isolate yet.")
            return
        try:
            text = await self._text(isolate_id, script_id)
        except InspectorError as error:
            text, words = None, error.cause
        if number != self._asked:
            return
        if text is None:
            view.say(f"The source can't be read: {words}")
            return
        if view.area.text is not text:
            words = _facts(record) if record is not None else f"script {visible(script_id)}, without a label"
            view.put_text(text, words, has_file=record is not None and bool(record.parsed.path))
            self.shown.emit()
        if line:
            view.area.go_to(line, column)

    async def _text(self, isolate_id: int, script_id: str) -> SourceText:
        from ui.models.source_text import SourceText

        known = self._texts.get((isolate_id, script_id))
        if known is not None:
            return known

        async def ask() -> str:
            if is_file_id(script_id) and (record := self._record(isolate_id, script_id)) is not None:
                return (await asyncio.to_thread(read_source, Path(record.parsed.path))).text
            return await self.bench.pool.isolate(isolate_id).script_source(script_id)

        source = await self.bench.bridge.submit(ask())
        made: list[SourceText] = []
        await self.bench.bridge.in_a_thread(lambda: made.append(SourceText(source)))
        if is_file_id(script_id):
            return made[0]  # as it is on disk now: read again the next time
        self._texts[(isolate_id, script_id)] = made[0]
        while len(self._texts) > _KEPT:
            self._texts.pop(next(iter(self._texts)))
        return made[0]

    def _offer(self) -> None:
        if self.view is not None:
            found = self._scripts(self.isolate_id or 0)[-_ON_OFFER:]
            self.view.put_scripts([(one.parsed.script_id, _name(one)) for one in found], self.script_id)

    def _newest(self) -> str:
        found = self._scripts(self.bench.selection.isolate_id or 0)
        return found[-1].parsed.script_id if found else ""

    def _record(self, isolate_id: int, script_id: str) -> ScriptRecord | None:
        return next((one for one in self._scripts(isolate_id) if one.parsed.script_id == script_id), None)

    def _scripts(self, isolate_id: int) -> list[ScriptRecord]:
        record = self.bench.state.isolates.get(isolate_id)
        if record is None:
            return []
        return [one for context in record.contexts.values() for one in context.scripts.values()]

    # --- the tab ---

    def _make(self) -> SourcesView:
        if self.view is None:
            from ui.views.sources import SourcesView

            self.view = SourcesView(self.bench.themes)
            self.view.script_chosen.connect(lambda chosen: self.show_script(self.isolate_id or 0, chosen))
            self.view.editor_requested.connect(self.open_in_editor)
            self.view.area.line_clicked.connect(self.line_clicked)
            self.view.area.line_menu_requested.connect(self.line_menu_requested)
            self.view.put_action(self.bench.actions["count-hits"])
            tabs = self.bench.views.centre.tabs
            tabs.addTab(self.view, "Sources")
            tabs.currentChanged.connect(self._came_to_front)
        return self.view

    def _came_to_front(self) -> None:
        if self.view is not None and self.view.isVisible():
            self.shown.emit()

    def open_in_editor(self, line: int) -> None:
        """The file of the script, at a line where the editor is told how (the setting "editor")."""
        record = self.record
        if record is None or not record.parsed.path:
            return
        path, command = record.parsed.path, self.bench.settings.text(_EDITOR)
        try:
            if not command:
                QDesktopServices.openUrl(QUrl.fromLocalFile(path))
            else:
                words = [word.replace("{path}", path).replace("{line}", str(line)) for word in shlex.split(command)]
                subprocess.Popen(words, cwd=Path(path).parent, start_new_session=True)
        except (OSError, ValueError) as error:
            remedy = 'Set the command of your editor in the settings: "code -g {path}:{line}".'
            self.bench.problems.report_error(UsageError("Open the file in an editor", str(error), remedy))


def _name(record: ScriptRecord) -> str:
    name = record.parsed.url.rstrip("/").rsplit("/", 1)[-1] or f"unnamed {record.parsed.script_id}"
    return visible(name, 60)


def _facts(record: ScriptRecord) -> str:
    parsed = record.parsed
    name, length = visible(parsed.path or parsed.url or "without a name"), counted(parsed.length, "character")
    words = [name, length, str(parsed.kind)]
    if is_file_id(parsed.script_id):
        words.append("from disk, no run yet")
    if record.runs:
        words.append(f"ran {record.runs:,} time{'' if record.runs == 1 else 's'}")
    if record.compile_ms is not None:
        words.append(f"compiled in {format_ms(record.compile_ms)}")
    return " · ".join(words)
