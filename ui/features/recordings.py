"""Recordings that were kept: the list, exports, the ring of the last minute, black boxes, what a kill has cut off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QVBoxLayout

from inspector.errors import InspectorError
from inspector.system.paths import recordings_folder
from inspector.text import visible
from inspector.units import format_bytes, format_us
from ui.features.feature import Feature, Workbench
from ui.features.recording import Recording
from ui.models.problems import Problem

if TYPE_CHECKING:
    from inspector.recording.black_box import BlackBox, BlackBoxSaved
    from inspector.recording.folder import RecordingFile
    from inspector.recording.recorder import Finished
    from inspector.recording.ring import Ring
    from ui.models.jobs import Job
    from ui.models.recordings import RecordingsModel
    from ui.views.notice_bar import NoticeBar
    from ui.views.record_options import RecordChoice
    from ui.views.recordings import RecordingsView

__all__ = ["Recordings"]

_ISOLATES_SHOWN = 30  # of a menu


class Recordings(Feature):
    keys = ("recordings", "save-last-minute", "open-black-box")
    _box_saved = Signal(object)  # from the pool's thread: BlackBoxSaved

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.folder = recordings_folder()
        self.model: RecordingsModel | None = None
        self.view: RecordingsView | None = None
        self.bar: NoticeBar | None = None  # what was kept or saved just now, with a button that opens it
        self._offered: Path | None = None
        self._boxes: dict[int, BlackBoxSaved] = {}  # isolate_id -> the newest that is about it
        self._ring: Ring | None = None
        self._box: BlackBox | None = None
        self._box_saved.connect(self._saved)
        bench.views.tree.opened.connect(self._row_opened)

    def started(self) -> None:
        recording = self.bench.window.findChild(Recording)  # every feature belongs to the window
        assert recording is not None
        recording.kept.connect(self._kept)
        recording.choice_changed.connect(self._choice_changed)
        ring = self._start_ring(self.bench.settings.flag("black-box", True))
        self.bench.bridge.spawn(self.bench.bridge.submit(ring), "keep the last minute")
        self.bench.bridge.spawn(self._recover(), "look for recordings that were cut off")

    def grant(self, key: str) -> None:
        if key == "recordings":
            self.show_list()
        elif key == "save-last-minute":
            self.bench.bridge.spawn(self._save_last_minute(), "save the last minute")
        else:
            saved = self._boxes.get(self.bench.selection.isolate_id or 0)
            if saved is None:
                self.bench.views.status.tell("No black box was saved for the selected isolate.")
            else:
                self.open(saved.path)

    def closing(self) -> None:
        self.bench.bridge.finish(self._end_ring())

    def selection_changed(self) -> None:
        saved = self._boxes.get(self.bench.selection.isolate_id or 0)
        if saved is not None:
            record = self.bench.state.isolates.get(saved.isolate_ids[0])
            name = visible(record.name, 60) if record is not None else "An isolate"
            self._offer(f"{name}: {saved.reason}. The last 60 s were saved.", saved.path)
        elif self.bar is not None and self._offered in [one.path for one in self._boxes.values()]:
            self.bar.show_words("")

    def open(self, path: Path) -> None:
        """In a tab."""
        if self.bar is not None and path == self._offered:
            self.bar.show_words("")
        self.bench.wishes.recordings_wished.emit([path])

    # --- the ring and the black box ---

    async def _start_ring(self, enabled: bool) -> None:
        """On the pool's loop."""
        from inspector.recording.black_box import BlackBox
        from inspector.recording.ring import Ring

        self._ring = Ring(self.bench.pool)
        self._box = BlackBox(self.bench.pool, self._ring, self.folder, self._box_saved.emit)
        self._box.enabled = enabled

    async def _end_ring(self) -> None:
        """On the pool's loop."""
        if self._box is not None and self._ring is not None:
            await self._box.close()
            self._ring.close()

    def _choice_changed(self, choice: RecordChoice) -> None:
        if self._box is not None:
            self._box.enabled = choice.black_box

    async def _save_last_minute(self) -> None:
        from inspector.recording.folder import dated_path

        if self._ring is not None:
            path = dated_path(self.folder, "last minute")
            await self.bench.bridge.submit(self._ring.save(path, "the last 60 s"))
            self._offer("The last 60 s were saved.", path)
            self._refresh()

    def _saved(self, saved: BlackBoxSaved) -> None:
        if saved.error is not None:
            self.bench.problems.report(Problem("error", "Save a black box", saved.error.cause, saved.error.remedy))
            return
        self._boxes |= dict.fromkeys(saved.isolate_ids, saved)
        if self.bench.selection.isolate_id in saved.isolate_ids:
            self.selection_changed()
        self._refresh()

    def _row_opened(self, isolate_id: int) -> None:
        record = self.bench.state.isolates.get(isolate_id)
        if record is not None and not record.state.alive and isolate_id in self._boxes:
            self.open(self._boxes[isolate_id].path)

    # --- what was kept ---

    def _kept(self, finished: Finished, opens: bool) -> None:
        if opens:
            self.open(finished.path)
        else:
            length = format_us(finished.ended_us - finished.began_us)
            self._offer(f"{length} were recorded: {finished.path.name}", finished.path)
        self._refresh()

    async def _recover(self) -> None:
        from inspector.recording.folder import recovered

        found: list[RecordingFile] = []
        await self.bench.bridge.in_a_thread(lambda: found.extend(recovered(self.folder)))
        if found:
            newest = max(found, key=lambda one: one.ended_wall_us)
            words = f"{format_us(newest.duration_s * 1e6)}, {format_bytes(newest.size_bytes)}"
            more = f" {len(found) - 1} more are in the list of recordings." if len(found) > 1 else ""
            self._offer(
                f"A recording was cut off, and could be recovered: {newest.path.name}, {words}.{more}", newest.path
            )

    def _offer(self, words: str, path: Path) -> None:
        if self.bar is None:
            from ui.views.notice_bar import NoticeBar

            self.bar = NoticeBar("Open")
            self.bar.pressed.connect(self._open_offered)
            layout = self.bench.views.centre.layout()
            assert isinstance(layout, QVBoxLayout)
            layout.insertWidget(1, self.bar)
        self._offered = path
        self.bar.show_words(words)

    def _open_offered(self) -> None:
        if self._offered is not None:
            self.open(self._offered)

    # --- the list ---

    def show_list(self) -> None:
        """The tab with all recordings."""
        if self.view is None:
            from ui.models.recordings import RecordingsModel
            from ui.views.recordings import RecordingsView

            self.model = RecordingsModel(self)
            self.view = RecordingsView(self.model, self.bench.themes)
            self.view.folder.setText(visible(str(self.folder), 200))
            self.view.open_requested.connect(lambda one: self.open(one.path))
            self.view.share_requested.connect(self._share)
            self.view.delete_requested.connect(self._delete)
            self.view.export_menu_requested.connect(self._fill_export)
            self.bench.views.centre.tabs.addTab(self.view, "Recordings")
        self.bench.views.centre.tabs.setCurrentWidget(self.view)
        self._refresh()

    def _refresh(self) -> None:
        if self.view is not None:
            self.bench.bridge.spawn(self._list(), "list the recordings")

    async def _list(self) -> None:
        from inspector.recording.folder import listed

        found: list[RecordingFile] = []
        await self.bench.bridge.in_a_thread(lambda: found.extend(listed(self.folder)))
        if self.model is not None and self.view is not None:
            row = max(0, self.view.table.currentIndex().row())
            self.model.put(found)
            if found:
                self.view.choose(min(row, len(found) - 1))

    def _delete(self, one: RecordingFile) -> None:
        from inspector.recording.folder import delete

        try:
            delete(one.path)
        except OSError as error:
            self.bench.problems.report(Problem("error", "Delete a recording", f"{one.path}: {error.strerror}"))
        self._refresh()

    # --- exports ---

    def _share(self, one: RecordingFile) -> None:
        from inspector.export.sharing import save_for_sharing
        from inspector.recording.session import Session

        def write(path: Path, job: Job) -> None:
            with Session.open(one.path) as session:
                save_for_sharing(session, path, over=True, still_wanted=job.still_wanted)  # the dialog has asked

        self._ask_where("Save a copy for sharing", one.path.with_name(f"{one.path.stem} shared.isosession"), write)

    def _fill_export(self, one: RecordingFile, menu: QMenu) -> None:
        """A format of one isolate has a menu of those that it can hold."""
        from inspector.export.formats import FORMATS
        from inspector.recording.session import Session

        try:
            with Session.open(one.path) as session:
                names = {isolate.isolate_id: isolate.name for isolate in session.isolates()}
                having = {"cpuprofile": session.cpu_isolates(), "heapprofile": session.heap_isolates()}
        except InspectorError as error:
            self.bench.problems.report_error(error)
            return
        for form in FORMATS.values():
            if not form.of_one:
                entry = menu.addAction(form.words)
                entry.triggered.connect(lambda _on=False, name=form.name: self._export(one, name, None))
                continue
            inner = menu.addMenu(form.words)
            inner.setEnabled(bool(having[form.name]))
            for isolate_id in having[form.name][:_ISOLATES_SHOWN]:
                entry = inner.addAction(visible(names.get(isolate_id, str(isolate_id)), 60).replace("&", "&&"))
                entry.triggered.connect(
                    lambda _on=False, name=form.name, chosen=isolate_id: self._export(one, name, str(chosen))
                )

    def _export(self, one: RecordingFile, format_name: str, isolate: str | None) -> None:
        from inspector.export.formats import FORMATS, exported
        from inspector.export.whole_file import write_whole
        from inspector.recording.session import Session

        def write(path: Path, job: Job) -> None:
            with Session.open(one.path) as session:
                parts = job.while_wanted(exported(session, format_name, isolate))
                write_whole(path, parts, over=True)  # the dialog has asked

        suffix = FORMATS[format_name].suffix
        self._ask_where(f"Export as {format_name}", one.path.with_name(one.path.stem + suffix), write)

    def _ask_where(self, title: str, suggestion: Path, write: Callable[[Path, Job], None]) -> None:
        folder = self.bench.settings.text("export-folder") or str(Path.home())
        dialog = QFileDialog(self.bench.window, title, str(Path(folder) / suggestion.name))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(suggestion.name)
        dialog.fileSelected.connect(lambda name: self._write(Path(name), title, write))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _write(self, path: Path, title: str, write: Callable[[Path, Job], None]) -> None:
        self.bench.settings.put("export-folder", str(path.parent))
        self.bench.bridge.spawn(self._write_in_a_thread(path, title, write), "export")

    async def _write_in_a_thread(self, path: Path, title: str, write: Callable[[Path, Job], None]) -> None:
        from ui.models.jobs import WithdrawnError

        try:
            # what writes looks whether it is still wanted, part by part
            with self.bench.views.status.jobs.begin(title, lambda: None) as job:
                await self.bench.bridge.in_a_thread(lambda: write(path, job))
        except WithdrawnError as error:
            self.bench.views.status.tell(str(error))
            return
        self.bench.views.status.tell(f"Written: {path}")
