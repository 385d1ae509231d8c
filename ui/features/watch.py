"""Watch: files that change on disk are marked in the tree, and run again where that was asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

from inspector.errors import InspectorError, SourceError
from inspector.events import Event, RunQueued
from inspector.sources import read_source
from inspector.text import visible
from ui.clock import now_us
from ui.features.feature import Feature, Workbench
from ui.file_watch import FileWatch
from ui.models.file_added import is_file_id
from ui.models.pool_state import Changes
from ui.models.records import ContextRecord, IsolateRecord, ScriptRecord

__all__ = ["Watch", "paths_of"]

_TOGETHER_US = 100_000


class Watch(Feature):
    """Off for every isolate until it is asked for: a change is marked, nothing runs."""

    keys = ("watch",)

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.isolates: set[int] = set()  # those that run again by themselves
        self._busy: dict[tuple[int, int], int] = {}  # isolate and context that run again now, since when (µs)
        self._late: set[str] = set()  # changed while a context that holds them was being replaced
        self.files = FileWatch(self)
        self.files.changed.connect(self._changed)
        self.files.gone.connect(lambda path: self._mark(path, "gone from disk"))

    def grant(self, key: str) -> None:
        record = self.bench.state.isolates.get(self.bench.selection.isolate_id or 0)
        if record is not None:
            on = record.isolate_id not in self.isolates
            self.switch(record.isolate_id, on=on)
            name = visible(record.name, 40)
            words = f"Files of “{name}” run again when they change." if on else f"Files of “{name}” are marked alone."
            self.bench.views.status.tell(words)

    def switch(self, isolate_id: int, *, on: bool) -> None:
        """Whether the files of an isolate run again by themselves."""
        (self.isolates.add if on else self.isolates.discard)(isolate_id)
        self.selection_changed()

    def take(self, events: Sequence[Event], changes: Changes) -> None:
        if changes.runs or changes.isolates:
            self.isolates = {one.isolate_id for one in self.bench.state.live_isolates()} & self.isolates
            self.files.watch(path for one in self.bench.state.live_isolates() for path in paths_of(one))
            for event in events if self._late else ():
                if isinstance(event, RunQueued) and event.path in self._late:  # it may have been read before
                    self._late.discard(event.path)
                    self._changed(event.path)

    def selection_changed(self) -> None:
        self.bench.actions["watch"].setChecked(self.bench.selection.isolate_id in self.isolates)

    def closing(self) -> None:
        self.files.stop()

    # --- a file changed ---

    def _changed(self, path: str) -> None:
        self.bench.bridge.spawn(self._compare(path), "compare a changed file")
        for record in self.bench.state.live_isolates():
            if record.isolate_id in self.isolates:
                for context in _contexts_of(record, path):
                    self.bench.bridge.spawn(self._run_again(record, context.context_id, path), "run a changed file")

    async def _run_again(self, record: IsolateRecord, context_id: int, path: str) -> None:
        place = (record.isolate_id, context_id)
        if place in self._busy:
            if now_us() - self._busy[place] > _TOGETHER_US:
                self._late.add(path)
            return  # files of one context that are saved together are replayed together
        self._busy[place] = now_us()
        try:
            name = visible(Path(path).name, 40)
            self.bench.views.status.tell(f"{name} changed: running again in “{visible(record.name, 40)}”.")
            await self.bench.commands.run_again(record.isolate_id, context_id)
        finally:
            del self._busy[place]

    async def _compare(self, path: str) -> None:
        """Mark the scripts whose source is another than the file's now: not those that ran since, nor when a change
        was taken back.
        """
        scripts = list(self._scripts_of(path))

        async def ask() -> list[bool]:
            try:
                text = (await asyncio.to_thread(read_source, Path(path))).text
            except SourceError:
                return [False] * len(scripts)
            return [await self._holds(text, one) for one in scripts]

        for script, same in zip(scripts, await self.bench.bridge.submit(ask()), strict=True):
            script.on_disk = "" if same else "changed on disk"
        self.bench.views.tree.viewport().update()

    async def _holds(self, text: str, script: ScriptRecord) -> bool:
        """On the pool's loop: whether V8 has just this text."""
        parsed = script.parsed
        if is_file_id(parsed.script_id):  # known from a folder alone
            return True
        try:
            return await self.bench.pool.isolate(parsed.isolate_id).script_source(parsed.script_id) == text
        except InspectorError:
            return False

    def _mark(self, path: str, words: str) -> None:
        """Beside every script of the file that its isolate still has."""
        for script in self._scripts_of(path):
            script.on_disk = words
        self.bench.views.tree.viewport().update()

    def _scripts_of(self, path: str) -> Iterator[ScriptRecord]:
        for record in self.bench.state.live_isolates():
            for context in _contexts_of(record, path):
                yield from (script for script in context.scripts.values() if script.parsed.path == path)


def paths_of(record: IsolateRecord) -> Iterator[str]:
    """Of the files that ran in contexts that live."""
    for run in record.runs:
        context = record.contexts.get(run.queued.context_id)
        if run.queued.path and context is not None and not context.released:
            yield run.queued.path


def _contexts_of(record: IsolateRecord, path: str) -> list[ContextRecord]:
    """Those that live and in which a file ran."""
    ids = dict.fromkeys(run.queued.context_id for run in record.runs if run.queued.path == path)
    found = (record.contexts.get(one) for one in ids)
    return [one for one in found if one is not None and not one.released]
