"""Record and stop: one recording at a time, written by a thread of its own, kept when the window closes.

The recorder lives on the pool's loop; nothing of it, numpy among it, is imported before it is asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLabel

from inspector.states import Capability
from inspector.units import format_bytes, format_us
from ui.clock import now_us
from ui.drop import Where, plan_for
from ui.features.feature import Feature, Workbench
from ui.models.problems import Problem
from ui.specs import Situation

if TYPE_CHECKING:
    from inspector.recording.recorder import Finished, Recorder
    from ui.views.record_options import RecordChoice

__all__ = ["Recording"]


class Recording(Feature):
    """`kept` carries the `Finished` of a recording, and whether it is to be opened."""

    keys = ("record", "record-options", "run-and-record", "mark")
    kept = Signal(object, bool)
    choice_changed = Signal(object)  # RecordChoice

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.recorder: Recorder | None = None  # the pool's loop owns it; its start and its path may be read
        self._starting = False
        self._label: QLabel | None = None
        self._second = -1
        bench.wishes.run_and_record_wished.connect(self.run_and_record)

    def grant(self, key: str) -> None:
        if key == "record":
            self._toggle()
        elif key == "record-options":
            self.ask()
        elif key == "run-and-record":
            self._run_and_record()
        elif self.recorder is not None:
            self._mark(self.recorder)

    def refine(self, now: Situation) -> Situation:
        return replace(now, recording=self.recorder is not None)

    @property
    def recording(self) -> bool:
        """Whether one is under way, or about to be."""
        return self._starting or self.recorder is not None

    def ask(self) -> None:
        """Open the options; "Record" in them starts."""
        from ui.views.record_options import RecordOptionsDialog, read_choice

        selected = [self.bench.state.isolates[one].name for one in self._selected()]
        lacking = self.bench.situation().capabilities.get(str(Capability.CPU_PROFILE), "")
        dialog = RecordOptionsDialog(read_choice(self.bench.settings), selected, lacking, self.bench.window)
        dialog.wished.connect(self._chosen)
        dialog.open()

    def _selected(self) -> list[int]:
        """The isolates of the selected rows, those that live."""
        chosen = self.bench.selection.isolate_id
        rows = self.bench.wishes.chosen(chosen) if chosen is not None else []
        return [one for one in rows if self.bench.state.isolates[one].state.alive]

    def _chosen(self, choice: RecordChoice) -> None:
        from ui.views.record_options import write_choice

        write_choice(self.bench.settings, choice)
        self.choice_changed.emit(choice)
        if not self.recording:
            self.bench.bridge.spawn(self._record(), "record")

    def _toggle(self) -> None:
        if self.recorder is not None:
            self.bench.bridge.spawn(self._stop(self.recorder), "stop the recording")
        elif not self._starting:
            self.bench.bridge.spawn(self._record(), "record")
        self._show()

    # --- one recording ---

    async def _record(self, meanwhile: Callable[[], object] | None = None) -> None:
        """Start, do `meanwhile` (a coroutine function; the recording ends with it), and see it through to its end."""
        bridge = self.bench.bridge
        self._starting = True
        self._show()
        try:
            recorder = await bridge.submit(self._start(self._selected()))
        finally:
            self._starting = False
            self._show()
        self.recorder = recorder
        self._show()
        self.bench.update_actions()
        try:
            if meanwhile is not None:
                await meanwhile()  # type: ignore[misc]
                finished = await bridge.submit(recorder.close("the run has settled"))
            else:
                finished = await bridge.submit(_wait_for(recorder))
        except asyncio.CancelledError:  # the window closes
            await bridge.submit(recorder.close("the window was closed"))
            raise
        finally:
            self.recorder = None
            self._show()
            self.bench.update_actions()
        self._tell(finished, opens=meanwhile is not None)

    async def _start(self, selected: Sequence[int]) -> Recorder:
        """On the pool's loop. `selected`: for a choice that is about the selection alone."""
        await asyncio.to_thread(_import)
        from inspector.recording.folder import dated_path
        from inspector.recording.options import Preset, RecordOptions
        from inspector.recording.recorder import Recorder
        from inspector.system.paths import recordings_folder
        from ui.views.record_options import read_choice

        choice = read_choice(self.bench.settings)
        options = RecordOptions(
            Preset(choice.preset),
            frozenset(selected) if choice.selection_only and selected else None,
            choice.interval_us,
            choice.duration_s,
            choice.stops_on_limit,
            choice.stops_on_crash,
        )
        recorder = Recorder(self.bench.pool, dated_path(recordings_folder()), options)
        await recorder.start()
        return recorder

    async def _stop(self, recorder: Recorder) -> None:
        await self.bench.bridge.submit(recorder.close("stopped"))

    def _mark(self, recorder: Recorder) -> None:
        number = getattr(self, "_marks", 0) + 1
        self._marks = number
        self.bench.bridge.spawn(self.bench.bridge.submit(_set_mark(recorder, f"mark {number}")), "set a mark")
        self.bench.views.status.tell(f"Mark {number} is set.")

    def _tell(self, finished: Finished, *, opens: bool) -> None:
        size = finished.path.stat().st_size if finished.path.exists() else 0
        length = format_us(finished.ended_us - finished.began_us)
        if finished.trouble:
            self.bench.problems.report(Problem("error", "Record", finished.trouble))
        self.bench.views.status.tell(f"Recorded {length}, {format_bytes(size)}: {finished.path.name}")
        self.kept.emit(finished, opens)

    # --- run and record ---

    def _run_and_record(self) -> None:
        if self.recording:
            self.bench.views.status.tell("A recording is under way: stop it first (Ctrl+E).")
            return
        record = self.bench.state.isolates.get(self.bench.selection.isolate_id or 0)
        paths = [run.queued.path for run in record.runs if run.queued.path] if record is not None else []
        if paths:
            self.run_and_record([Path(paths[-1])])
            return
        folder = self.bench.settings.text("folder")
        dialog = QFileDialog(self.bench.window, "Run and record", folder, "JavaScript (*.js *.mjs *.cjs)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.run_and_record([Path(name) for name in names]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def run_and_record(self, paths: Sequence[Path]) -> None:
        """Each file in a new isolate; the recording begins before and ends when all have settled."""
        if self.recording:
            return
        plan = plan_for(Where.NEW_EACH, tuple(paths), self.bench.state)
        if plan.refused:
            self.bench.wishes.refuse("Run and record", plan.sentence)
            return
        run = self.bench.commands.carry_out
        self.bench.bridge.spawn(self._record(lambda: run(plan)), "run and record")

    # --- what is shown ---

    def _show(self) -> None:
        action = self.bench.actions["record"]
        action.setChecked(self.recording)
        action.setText("Stop Recording" if self.recorder is not None else "Record")
        if self._label is None:
            self._label = QLabel(self.bench.window)
            self._label.setProperty("tone", "error")
            self._label.setAccessibleName("recording")
            self._label.setContentsMargins(8, 2, 8, 2)
            self.bench.views.status.addPermanentWidget(self._label)
            self.bench.clock.tick.connect(self._tick)
        self._label.setVisible(self.recorder is not None)
        self._second = -1
        self._tick(0)

    def _tick(self, _at_us: int) -> None:
        recorder = self.recorder
        if recorder is None or self._label is None:
            return
        recorded_s = recorder.recorded_s
        second = int(recorded_s)
        self.bench.clock.ask(now_us() + round((second + 1 - recorded_s) * 1e6))
        if second != self._second:
            self._second = second
            self._label.setText(f"● REC {second // 60:02}:{second % 60:02}")
            self._label.setToolTip(f"Recording ({recorder.options.preset}) into {recorder.path}")


async def _wait_for(recorder: Recorder) -> Finished:
    return await asyncio.shield(recorder.finished)


async def _set_mark(recorder: Recorder, name: str) -> None:
    recorder.mark(name)


def _import() -> None:
    """Price: 0.15 s, most of it numpy."""
    import inspector.recording.recorder  # noqa: F401
