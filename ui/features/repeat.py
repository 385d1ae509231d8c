"""Repeat in the window: a tab with its fields, live figures and a chart; the calls are made in the pool's thread."""

from __future__ import annotations

import asyncio
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog

import resources
from inspector.errors import InspectorError, UsageError
from inspector.text import counted, visible
from inspector.units import format_bytes
from ui.features.feature import Feature, Workbench

if TYPE_CHECKING:
    from inspector.pool import Isolate
    from inspector.repeat import Plan, Progress, Repeated, Repeating
    from ui.examples import Calls
    from ui.models.jobs import Job
    from ui.models.repeat import RepeatModel
    from ui.models.repeat_plan import RepeatWish
    from ui.views.repeat import RepeatView

__all__ = ["Repeat"]


class Repeat(Feature):
    """Nothing of it is imported or made before it is asked for."""

    keys = ("repeat",)
    _told = Signal(object)  # from the pool's thread: Progress

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._repeating: Repeating | None = None  # made and run in the pool's loop
        self._job: Job | None = None
        self._made_ids: list[int] = []  # isolates that the last repeat made
        self.model: RepeatModel | None = None
        self.view: RepeatView | None = None
        bench.wishes.calls_wished.connect(self._call)

    def grant(self, key: str) -> None:
        """Open the tab, with the file of the selected script, else the newest that ran in the selected isolate."""
        view = self._made()
        self.bench.views.centre.tabs.setCurrentWidget(view)
        path = self.bench.selected_path()
        if path and self._job is None:
            view.fields.put_file(Path(path))

    def begin(self, path: Path, wish: RepeatWish) -> None:
        """Open the tab with a file and what is asked of it, and repeat it."""
        view = self._made()
        self.bench.views.centre.tabs.setCurrentWidget(view)
        if self._job is None:
            view.fields.put_file(path)
            view.fields.put(wish)
            view.fields.options.setChecked(False)
            self._ask(wish)

    def _call(self, calls: Calls) -> None:
        """An example's."""
        from ui.models.repeat_plan import RepeatWish, Within

        wish = RepeatWish(
            within=Within.NEW,
            isolates=calls.isolates,
            payload=calls.payload,
            for_seconds=True,
            count=calls.seconds,
            callers=calls.callers,
            rate=str(calls.rate_hz),
        )
        self.begin(resources.path(f"examples/{calls.file}"), wish)

    def cancel(self) -> None:
        if self._repeating is not None:
            self.bench.bridge.spawn(self.bench.bridge.submit(self._repeating.cancel()), "stop the repeat")

    # --- the tab ---

    def _made(self) -> RepeatView:
        if self.view is None:
            from ui.models.repeat import RepeatModel
            from ui.views.repeat import RepeatView

            self.model = RepeatModel(self)
            self.view = RepeatView(self.model, self.bench.themes)
            fields = self.view.fields
            self._told.connect(self._take)
            fields.run_requested.connect(self._ask)
            fields.stop_requested.connect(self.cancel)
            fields.file_requested.connect(self._ask_for_file)
            self.bench.views.centre.tabs.addTab(self.view, "Repeat")
        return self.view

    def _ask_for_file(self) -> None:
        folder = self.bench.settings.text("folder")
        dialog = QFileDialog(self.bench.window, "Repeat", folder, "JavaScript (*.js *.mjs *.cjs)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self._made().fields.put_file(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # --- one repeat ---

    def _ask(self, wish: RepeatWish) -> None:
        path = self.view.fields.path if self.view is not None else None
        if self._job is None and path is not None:
            self._job = self.bench.views.status.jobs.begin(f"Repeat {visible(path.name, 40)}", self.cancel)
            self.bench.bridge.spawn(self._run(path, wish), "repeat")

    async def _run(self, path: Path, wish: RepeatWish) -> None:
        bridge, model, view, job = self.bench.bridge, self.model, self.view, self._job
        assert model is not None
        assert view is not None
        assert job is not None
        words = ""
        try:
            plan = wish.plan()
            model.start(path.name)
            view.fields.show_running("Warming up…", 0, 0)
            running = asyncio.ensure_future(
                bridge.submit(self._repeat(path, plan, self._targets(wish), self._names(wish)))
            )
            try:
                result = await asyncio.shield(running)
            except asyncio.CancelledError:  # the window closes
                while not running.done():
                    if self._repeating is not None:
                        await bridge.submit(self._repeating.cancel())
                    await asyncio.wait([running], timeout=0.1)
                raise
            model.finish(result)
            calls = sum(one.calls for one in result.figures)
            words = f"{'Stopped' if result.cancelled else 'Done'}: {counted(calls, 'call')}, {_verdict(result)}"
            self.bench.views.status.tell(words)
        except InspectorError as error:
            words = str(error)
            model.start("")
            raise
        finally:
            self._repeating = self._job = None
            self.bench.views.status.jobs.end(job)
            view.fields.show_idle(words)

    def _targets(self, wish: RepeatWish) -> list[int]:
        """Isolates that live; none for new ones. UsageError."""
        from ui.models.repeat_plan import Within

        live = [one.isolate_id for one in self.bench.state.live_isolates()]
        if wish.within is Within.NEW:
            return []
        chosen = self.bench.selection.isolate_id
        found = [one for one in live if wish.within is Within.EVERY or one == chosen]
        if not found:
            raise UsageError("Repeat", "no live isolate is selected", "Select one, or repeat in new isolates.")
        return found

    async def _repeat(self, path: Path, plan: Plan, targets: list[int], names: list[str]) -> Repeated:
        """On the pool's loop. `names`: of new isolates, where there are no `targets`."""
        from inspector.repeat import Repeating
        from inspector.sources import read_source

        source = await asyncio.to_thread(read_source, path)
        pool = self.bench.pool
        isolates = [pool.isolate(one) for one in targets] or await self._make(names)
        self._repeating = Repeating(pool, isolates, source, plan, self._told.emit)
        return await self._repeating.run()

    def _names(self, wish: RepeatWish) -> list[str]:
        taken = {one.name for one in self.bench.state.isolates.values()}
        free = (f"repeat {number}" for number in count(1))
        return list(islice((name for name in free if name not in taken), wish.isolates))

    async def _make(self, names: list[str]) -> list[Isolate]:
        """New isolates, on the pool's loop; they live on for whoever looks for a leak, until the next repeat."""
        pool = self.bench.pool
        for isolate in [one for one in pool.isolates.values() if one.isolate_id in self._made_ids]:
            await isolate.dispose()
        limit = self.bench.commands.memory_limit
        made = [await pool.create_isolate(name=name, memory_limit=limit) for name in names]
        self._made_ids = [one.isolate_id for one in made]
        return made

    def _take(self, progress: Progress) -> None:
        if self._job is None or self.model is None or self.view is None:
            return
        self.model.take(progress)
        of = f" of {progress.of:,}" if progress.of else ""
        failed = sum(one.failed for one in progress.figures)
        calls = "call" if (progress.of or progress.done) == 1 else "calls"
        words = f"{progress.done:,}{of} {calls}" + (f", {failed:,} failed" if failed else "")
        self._job.tell(words, progress.done, progress.of)
        words = f"{words}, {progress.elapsed_s:.0f} s" if progress.done else "Warming up…"
        self.view.fields.show_running(words, progress.done, progress.of)


def _verdict(result: Repeated) -> str:
    growths = {one.name: one.growth for one in result.figures if one.growth is not None}
    grows = {name: growth for name, growth in growths.items() if growth.grows}
    failed = sum(one.failed for one in result.figures)
    words = f"{failed:,} failed, " if failed else ""
    if not grows:
        lasts = "that lasts" if any(one.levels_off for one in growths.values()) else "above the noise"
        return f"{words}no growth {lasts}"
    most = format_bytes(max(one.bytes_per_call for one in grows.values()))
    names = visible(", ".join(list(grows)[:3]), 80)
    return f"{words}the heap of {names} grows, by {most} a call{' at most' if len(grows) > 1 else ''}"
