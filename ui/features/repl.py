"""The console as a place to work in: names and results while typing, what values hold, history, saved lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog

from inspector.errors import InspectorError
from inspector.events import Event, IsolateStateChanged
from inspector.text import counted, visible
from inspector.values import Member
from ui.features.feature import Feature, Workbench
from ui.models.console_log import Branch
from ui.models.labels import short_label

if TYPE_CHECKING:
    from ui.models.pool_state import Changes

__all__ = ["Repl"]


_PAUSE_MS = 90  # of typing, before anything is asked
_KEPT_CHARS = 20_000  # of the history in the settings
_HISTORY = "console-history"


class Repl(Feature):
    """An answer that comes when the input has changed again is dropped."""

    keys = ("save-console", "copy-console", "clear-console")

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._with_isolate = bench.commands.with_isolate
        self._view = bench.views.console
        self._asked = 0  # number of the newest question
        self._again = 0  # of the one to be asked again, since a script ran
        self._typed = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self._view.input.typed.connect(self._note)
        self._view.input.refused.connect(lambda words: bench.wishes.refuse("Type into the console", words))
        self._view.input.recall(bench.settings.texts(_HISTORY))
        self._view.save_requested.connect(self.ask_where_to_save)
        bench.console.members_wanted.connect(self._open)

    def grant(self, key: str) -> None:
        if key == "copy-console":
            self._view.list.copy()
        elif key == "clear-console":
            self.bench.console.clear()
        else:
            self.ask_where_to_save()

    def closing(self) -> None:
        self._pause.stop()
        kept: list[str] = []
        for text in reversed(self._view.input.history):
            if sum(map(len, kept)) + len(text) > _KEPT_CHARS:
                break
            kept.insert(0, text)
        self.bench.settings.put(_HISTORY, kept)

    def take(self, events: Sequence[Event], changes: Changes) -> None:
        if self._again and self._again == self._asked:
            selected = self.bench.selection.isolate_id
            if any(isinstance(one, IsolateStateChanged) and one.isolate_id == selected for one in events):
                self._ask()

    # --- while typing ---

    def _note(self, typed: str) -> None:
        self._typed = typed
        self._asked += 1
        self._view.eager.setText("")
        if typed.strip():
            self._pause.start()
        else:
            self._pause.stop()
            self._view.input.suggest(typed, 0, ())

    def _ask(self) -> None:
        isolate_id, context_id = self.bench.selection.isolate_id, self.bench.selection.context_id
        if isolate_id is not None and self._view.input.isEnabled():
            self.bench.bridge.spawn(self._answer(self._asked, isolate_id, context_id), "complete the input")

    async def _answer(self, number: int, isolate_id: int, context_id: int | None) -> None:
        typed, whole = self._typed, self._view.input.text()
        try:
            found = await self._with_isolate(isolate_id, lambda isolate: isolate.complete(typed, context_id=context_id))
            if number != self._asked:
                return
            self._again = 0 if found.served else number
            is_begun = bool(typed[found.start :]) or typed.rstrip().endswith(".")
            self._view.input.suggest(typed, found.start, [one.name for one in found.names] if is_begun else ())
            words = await self._with_isolate(isolate_id, lambda isolate: isolate.preview(whole, context_id=context_id))
        except InspectorError:
            return  # the isolate has ended, or its context: the console says so itself
        if number == self._asked:
            self._view.eager.setText(words)

    # --- what a value holds ---

    def _open(self, branch: Branch) -> None:
        isolate_id = self.bench.console.isolate_id
        if isolate_id is not None:
            self.bench.bridge.spawn(self._fetch(isolate_id, branch), "read an object")

    async def _fetch(self, isolate_id: int, branch: Branch) -> None:
        from inspector.pool.objects import members, read_getter

        model, member, remote = self.bench.console, branch.member, branch.remotes[0]
        try:
            await self.bench.commands.until_served(isolate_id, "Reading an object")
            if member is not None and member.kind == "getter":
                value = await self._with_isolate(isolate_id, lambda isolate: read_getter(isolate, member))
                model.put_value(branch, value)
                return
            first, last = (member.first, member.last) if member is not None else (0, 0)
            found = await self._with_isolate(isolate_id, lambda isolate: members(isolate, remote, first, last))
            model.put_members(branch, [self._named(isolate_id, one) for one in found])
        except InspectorError as error:
            model.put_failure(branch, error.cause)
        finally:
            branch.asked = False

    def _named(self, isolate_id: int, member: Member) -> Member:
        """Where V8 says that a function stands is the number of a script: give it the name that is known here."""
        if member.value.get("subtype") != "internal#location":
            return member
        script_id = str((member.value.get("value") or {}).get("scriptId", ""))
        isolate = self.bench.state.isolates.get(isolate_id)
        scripts = [one.scripts.get(script_id) for one in isolate.contexts.values()] if isolate is not None else []
        url = next((one.parsed.url for one in scripts if one is not None), "")
        return replace(member, value={**member.value, "url": url, "description": short_label(url)})

    # --- saving ---

    def ask_where_to_save(self) -> None:
        folder = self.bench.settings.text("folder")
        dialog = QFileDialog(self.bench.window, "Save the console", folder, "Text (*.txt *.log);;All files (*)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("txt")
        dialog.fileSelected.connect(lambda name: self.save(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save(self, path: Path) -> None:
        """Write the lines that are shown, as "Copy" gives them."""
        text = self.bench.console.text() + "\n"
        self.bench.bridge.spawn(self._save(path, text), "save the console")

    async def _save(self, path: Path, text: str) -> None:
        def write() -> None:
            half = path.with_name(f"{path.name}.part")
            half.write_text(text, encoding="utf-8")
            half.replace(path)

        try:
            await self.bench.bridge.in_a_thread(write)
        except OSError as error:
            cause = error.strerror or str(error)
            raise InspectorError(f"Save the console to {visible(str(path))}", cause, "Choose another folder.") from None
        self.bench.views.status.tell(f"Saved {counted(text.count(chr(10)), 'line')} to {visible(str(path))}.")
