"""The test of containment in the window: its tab, its cases, and the campaign that runs in the pool's thread.

Each case runs in a pool of its own; the user's isolates are not touched. Closing the window waits until no process of
a trial is left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog

from inspector.text import visible
from inspector.units import format_bytes, format_ms
from ui.clock import now_us
from ui.features.feature import Feature, Workbench

if TYPE_CHECKING:
    from inspector.containment import Campaign, Case, Limits
    from ui.models.containment import ContainmentModel
    from ui.models.jobs import Job
    from ui.models.records import IsolateRecord
    from ui.views.containment import ContainmentView

__all__ = ["Trials"]

_DRAW_EVERY_US = 100_000  # while a case runs


class Trials(Feature):
    """Nothing of it is imported or made before it is asked for."""

    keys = ("contain",)
    _told = Signal(object)  # from the pool's thread: Progress

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._views = bench.views
        self._bridge = bench.bridge
        self._campaign: Campaign | None = None
        self._job: Job | None = None  # of the campaign
        self._drawn_us = 0
        self.model: ContainmentModel | None = None
        self.view: ContainmentView | None = None

    def grant(self, key: str) -> None:
        """Open the tab, with the selected script as a case of its own."""
        chosen = self.bench.selection
        record = self.bench.state.isolates.get(chosen.isolate_id or 0)
        context = record.contexts.get(chosen.context_id or 0) if record is not None else None
        script = context.scripts.get(chosen.script_id or "") if context is not None else None
        self.open(record, script.parsed.path if script is not None else "")

    def open(self, isolate: IsolateRecord | None, path: str = "") -> None:
        """Show the tab. `path`: a script's file; else the files that ran in `isolate` are added as cases."""
        self._bridge.spawn(self._open(isolate, path), "test containment")

    async def _open(self, isolate: IsolateRecord | None, path: str) -> None:
        await self._make()
        assert self.view is not None
        self._views.centre.tabs.setCurrentWidget(self.view)
        if self._campaign is not None:
            return
        if isolate is not None:
            self.view.controls.memory.setText(format_bytes(isolate.created.memory_limit_bytes))
        ran = [path] if path else [] if isolate is None else [run.queued.path for run in isolate.runs]
        await self._add_files([Path(one) for one in dict.fromkeys(ran) if one])

    async def _make(self) -> None:
        if self.view is not None:
            return
        from inspector.containment import all_cases
        from ui.models.containment import ContainmentModel
        from ui.views.containment import ContainmentView

        cases = await self._bridge.submit(asyncio.to_thread(all_cases))
        if self.view is not None:  # asked for twice
            return
        self.model = ContainmentModel(self)
        self.view = ContainmentView(self.model, self.bench.themes)
        controls = self.view.controls
        self._told.connect(self._take)
        self.model.chosen_changed.connect(self._say_chosen)
        self.view.shown_changed.connect(self._draw)
        self.bench.clock.tick.connect(self._tick)
        controls.run_requested.connect(self.run)
        controls.cancel_requested.connect(self.cancel)
        controls.files_requested.connect(self._ask_for_files)
        controls.all_toggled.connect(self.model.choose_all)
        self.model.put_cases(cases)
        self._views.centre.tabs.addTab(self.view, "Containment")

    # --- cases ---

    def _ask_for_files(self) -> None:
        dialog = QFileDialog(self._views.centre, "Add runaways", "", "JavaScript (*.js *.mjs *.cjs);;All files (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self.add_files)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def add_files(self, names: Sequence[str]) -> None:
        """Add files as cases and choose them alone; what can't be read is told as a problem."""
        self._bridge.spawn(self._add_files([Path(name) for name in names]), "add runaways")

    async def _add_files(self, paths: Sequence[Path]) -> None:
        from inspector.containment import file_case

        cases: list[Case] = []
        try:
            for path in paths:
                cases.append(await self._bridge.submit(asyncio.to_thread(file_case, path)))
        finally:
            if cases and self.model is not None and self._campaign is None:
                self.model.put_files(cases)

    # --- the campaign ---

    def run(self, limits: Limits) -> None:
        """Run the chosen cases, one after another."""
        if self._campaign is None and self.model is not None and self.model.chosen:
            self._bridge.spawn(self._run(limits), "run the cases")

    def cancel(self) -> None:
        if self._campaign is not None:
            self._bridge.spawn(self._bridge.submit(self._campaign.cancel()), "cancel the cases")

    async def _run(self, limits: Limits) -> None:
        from inspector.containment import Campaign

        assert self.model is not None
        assert self.view is not None
        engine = self.bench.pool.engine_choice.name
        self._campaign = Campaign(self.model.chosen, limits, engine=engine, told=self._told.emit)
        self.model.start(limits.memory_bytes)
        self.view.follow()
        self._job = self.bench.views.status.jobs.begin("Test containment", self.cancel)
        self._say_progress()
        self.bench.clock.ask()
        running = asyncio.ensure_future(self._bridge.submit(self._campaign.run()))
        try:
            await asyncio.shield(running)
        except asyncio.CancelledError:  # the window closes
            await self._bridge.submit(self._campaign.cancel())
            await asyncio.wait([running])
            raise
        finally:
            self._campaign = None
            self.bench.views.status.jobs.end(self._job)
            self.model.finish()
            self.view.controls.show_idle(self.model.summary())
            self._draw()

    def _take(self, told: object) -> None:
        if self.model is not None:
            self.model.take(told)  # type: ignore[arg-type]
            self._say_progress()

    def _say_chosen(self) -> None:
        if self.model is not None and self.view is not None:
            self.view.controls.show_chosen(len(self.model.chosen), len(self.model.rows))

    def _say_progress(self) -> None:
        if self.model is None or self.view is None or not self.model.under_way:
            return
        done, of = self.model.progress()
        running = self.model.running
        words = f"Case {min(done + 1, of)} of {of}"
        if running is not None:
            took = format_ms(max(0, now_us() - running.began_us) // 100_000 * 100)
            words += f": {visible(running.case.name, 60)}, {took}"
        self.view.controls.show_running(done, of, words)
        if self._job is not None:
            self._job.tell(words[:1].lower() + words[1:], done, of)

    # --- painting ---

    def _tick(self, at_us: int) -> None:
        if self._campaign is None or at_us - self._drawn_us < _DRAW_EVERY_US:
            return
        self._drawn_us = at_us
        self.bench.clock.ask(at_us + _DRAW_EVERY_US)
        if self.view is not None and self.view.isVisible():
            self._say_progress()
            self._draw()

    def _draw(self) -> None:
        if self.view is not None:
            self.view.draw(now_us())
