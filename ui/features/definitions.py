"""Pool definitions: the isolates that live are saved as a set, and a saved set is opened, also at each start.

Opening makes isolates and runs nothing; what would run code waits for a button.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from inspector.errors import InspectorError
from inspector.text import counted, visible
from ui.features.feature import Feature, Workbench
from ui.models.isolate_wish import free_name

if TYPE_CHECKING:
    from inspector.definitions import IsolateDefinition, PoolDefinition
    from ui.views.notice_bar import NoticeBar

__all__ = ["Definitions"]

_FILTER = "Pool definitions (*.json)"
_OWN = "isolate with a prelude of its own", "isolates with preludes of their own"
AT_START = "start-definition"  # the preference's key


class Definitions(Feature):
    keys = ("open-definition", "save-definition")

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.bar: NoticeBar | None = None
        self._unborn: list[tuple[Path, IsolateDefinition]] = []  # making them runs a prelude of somebody's own
        self._idle: list[tuple[int, list[Path]]] = []  # isolate_id, and its files, which were not run

    def grant(self, key: str) -> None:
        saving = key == "save-definition"
        folder = self.bench.settings.text("definitions-folder") or str(Path.home())
        dialog = QFileDialog(self.bench.window, self.bench.actions[key].text().rstrip("…"), folder, _FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave if saving else QFileDialog.AcceptMode.AcceptOpen)
        if saving:
            dialog.setDefaultSuffix("json")
            dialog.selectFile("pool.json")
        act = self.save if saving else self.open
        dialog.fileSelected.connect(lambda name: act(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def started(self) -> None:
        if path := self.bench.settings.text(AT_START):
            self.open(Path(path))

    def open(self, path: Path) -> None:
        """Make the isolates of a definition; what is wrong with it is a problem, and nothing is made."""
        self.bench.bridge.spawn(self._open(path.absolute()), "open the pool definition")

    def save(self, path: Path) -> None:
        """Write the isolates that live, and the files that ran in them, over what was there: the dialog has asked."""
        self.bench.bridge.spawn(self._save(path.absolute()), "save the pool definition")

    # --- inside ---

    async def _open(self, path: Path) -> None:
        from inspector.definitions import read_definition

        found: list[PoolDefinition] = []
        await self.bench.bridge.in_a_thread(lambda: found.append(read_definition(path)))
        (definition,) = found
        self.bench.settings.put("definitions-folder", str(path.parent))
        made = 0
        for one in definition.isolates:
            if one.runs_at_birth:
                self._unborn.append((path.parent, one))
            else:
                await self._make(path.parent, one)
                made += 1
        of, verb = counted(len(definition.isolates), "isolate"), "was" if made == 1 else "were"
        words = f"{path.name}: {made} of {of} {verb} made"
        self.bench.views.status.tell(visible(words + ("." if made else "; the rest wait for your word."), 200))
        self._ask(path.name)

    async def _make(self, folder: Path, one: IsolateDefinition) -> None:
        from msgspec.structs import replace

        from inspector.definitions import create_isolate

        name = free_name(one.name, [record.name for record in self.bench.state.isolates.values()])
        isolate = await self.bench.bridge.submit(create_isolate(self.bench.pool, replace(one, name=name), folder))
        if one.files:
            self._idle.append((isolate.isolate_id, [folder / file for file in one.files]))

    def _ask(self, name: str) -> None:
        """Say what waits, and offer to run it."""
        files = sum(len(paths) for _, paths in self._idle) + sum(len(one.files) for _, one in self._unborn)
        counted = ((files, "file to run", "files to run"), (len(self._unborn), *_OWN))
        parts = [f"{count} {one if count == 1 else many}" for count, one, many in counted if count]
        if not parts:
            return
        if self.bar is None:
            from ui.views.notice_bar import NoticeBar

            self.bar = NoticeBar("Make and Run", self.bench.views.centre, decline="Not Now")
            self.bar.declined.connect(self._decline)
            self.bar.pressed.connect(lambda: self.bench.bridge.spawn(self._run(), "run a pool definition"))
            self.bench.views.centre.put_bar(self.bar)
        self.bar.button.setText("Make and Run" if self._unborn else "Run")
        self.bar.show_words(f"{name} names {' and '.join(parts)}. Nothing of it has run.")

    def _decline(self) -> None:
        """The isolates stay, idle; the files are not asked about again."""
        self._unborn, self._idle = [], []
        if self.bar is not None:
            self.bar.show_words("")

    async def _run(self) -> None:
        assert self.bar is not None
        self.bar.show_words("")
        unborn, self._unborn = self._unborn, []
        for folder, one in unborn:
            try:
                await self._make(folder, one)
            except InspectorError as error:
                self.bench.problems.report_error(error)
        idle, self._idle = self._idle, []
        for isolate_id, paths in idle:
            self.bench.bridge.spawn(self.bench.commands.run_files(isolate_id, None, paths))

    async def _save(self, path: Path) -> None:
        from inspector.definitions import VERSION, PoolDefinition, definition_of
        from inspector.export.whole_file import write_whole

        files = {
            record.isolate_id: list(dict.fromkeys(Path(run.queued.path) for run in record.runs if run.queued.path))
            for record in self.bench.state.live_isolates()
        }
        folder, pool = path.parent, self.bench.pool

        async def defined() -> tuple[IsolateDefinition, ...]:
            return tuple(definition_of(pool.isolate(one).settings, files[one], folder) for one in files)

        whole = PoolDefinition(VERSION, await self.bench.bridge.submit(defined()))
        await self.bench.bridge.in_a_thread(lambda: write_whole(path, [whole.text().encode()], over=True))
        self.bench.settings.put("definitions-folder", str(folder))
        self.bench.views.status.tell(f"Saved {counted(len(whole.isolates), 'isolate')} as {visible(path.name, 100)}.")
