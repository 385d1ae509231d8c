"""Cold starts in the window: a tab with a file, its chart and table; the measurement runs in the pool's thread.

It has a pool of its own: the user's isolates are not touched. Closing the window waits until no process of it is left.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog

from inspector.errors import InspectorError
from inspector.text import visible
from ui.features.feature import Feature, Workbench

if TYPE_CHECKING:
    from inspector.coldstart.measurement import Measurement
    from ui.models.coldstart import ColdStartModel
    from ui.models.jobs import Job
    from ui.views.coldstart import ColdStartView

__all__ = ["ColdStarts"]


class ColdStarts(Feature):
    """Nothing of it is imported or made before it is asked for."""

    keys = ("coldstart",)
    _told = Signal(object)  # from the pool's thread: Round

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._measurement: Measurement | None = None
        self._job: Job | None = None  # of the measurement
        self.model: ColdStartModel | None = None
        self.view: ColdStartView | None = None

    def grant(self, key: str) -> None:
        """Open the tab, with the file of the selected script, else the newest that ran in the selected isolate."""
        view = self._made()
        self.bench.views.centre.tabs.setCurrentWidget(view)
        path = self.bench.selected_path()
        if path and self._measurement is None:
            view.put_file(Path(path))

    def choose(self, path: Path) -> None:
        self._made().put_file(path)

    def run(self) -> None:
        """Measure what the fields say."""
        if self._measurement is None and self.view is not None and self.view.path is not None:
            self.bench.bridge.spawn(self._run(self.view.path), "measure cold starts")

    def cancel(self) -> None:
        if self._measurement is not None:
            self.bench.bridge.spawn(self.bench.bridge.submit(self._measurement.cancel()), "cancel the measurement")

    def _made(self) -> ColdStartView:
        if self.view is None:
            from ui.models.coldstart import ColdStartModel
            from ui.views.coldstart import ColdStartView

            self.model = ColdStartModel(self)
            self.view = ColdStartView(self.model, self.bench.themes)
            self._told.connect(self._take)
            self.view.run_requested.connect(self.run)
            self.view.cancel_requested.connect(self.cancel)
            self.view.file_requested.connect(self._ask_for_file)
            self.bench.views.centre.tabs.addTab(self.view, "Cold start")
        return self.view

    def _ask_for_file(self) -> None:
        folder = self.bench.settings.text("folder")
        dialog = QFileDialog(self.bench.window, "Measure cold starts of", folder, "JavaScript (*.js *.mjs *.cjs)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.choose(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def _run(self, path: Path) -> None:
        from inspector.coldstart.measurement import Measurement
        from inspector.diagnostics.versions import machine

        model, view, bridge = self.model, self.view, self.bench.bridge
        assert model is not None
        assert view is not None
        rounds = view.rounds.value()
        self._measurement = Measurement(
            path,
            rounds=rounds,
            engine=self.bench.pool.engine_choice.name,
            with_node=view.node.isChecked(),
            on_round=self._told.emit,
        )
        model.start(str(path), rounds, machine())
        view.show_running(0, rounds)
        running = asyncio.ensure_future(bridge.submit(self._measurement.run()))
        result, words = None, "Cancelled."
        self._job = self.bench.views.status.jobs.begin(f"Measure cold starts of {visible(path.name, 40)}", self.cancel)
        try:
            result = await asyncio.shield(running)
            words = words if result is None else model.heading
        except asyncio.CancelledError:  # the window closes
            await bridge.submit(self._measurement.cancel())
            await asyncio.wait([running])
            raise
        except InspectorError as error:
            words = str(error)
            raise
        finally:
            self._measurement = None
            self.bench.views.status.jobs.end(self._job)
            model.finish(result)
            view.show_idle(model.heading if result is not None else words)

    def _take(self, one: object) -> None:
        if self._measurement is not None and self.model is not None and self.view is not None:
            self.model.take(one)  # type: ignore[arg-type]
            done, rounds = self.model.done, self.view.rounds.value()
            self.view.show_running(done, rounds)
            if self._job is not None:
                self._job.tell(f"round {min(done + 1, rounds)} of {rounds}", done, rounds)
