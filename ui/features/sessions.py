"""Recordings and profiles in the window: a tab each, opened by a drop, by Open, or from the command line.

Files are read, and figures with their intervals are worked out, in threads; an answer to a question that was asked
again meanwhile is dropped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from inspector.text import visible
from ui.features.feature import Feature, Workbench
from ui.models.recording_files import PROFILE_SUFFIXES
from ui.views.tab_close import add_closable_tab

if TYPE_CHECKING:
    from inspector.analysis.comparison import Side
    from inspector.analysis.track import Track
    from ui.models.jobs import Job
    from ui.models.recorded_session import RecordedSession
    from ui.models.session_data import SessionData
    from ui.views.comparison import ComparisonView
    from ui.views.session import SessionView

__all__ = ["Sessions"]

T = TypeVar("T")

_READ_EVERY_US = 1_000_000


class Sessions(Feature):
    """Nothing of it is imported or made before a file is opened."""

    shown = Signal()  # a recording, or more of it

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.views: list[SessionView] = []
        self._jobs: dict[QWidget, int] = {}  # the newest question of each view
        self._recorded: dict[SessionView, RecordedSession] = {}
        self._reading: set[SessionView] = set()
        self._read_us = 0
        bench.clock.tick.connect(self._tick)
        bench.wishes.recordings_wished.connect(self.open_files)

    def open_files(self, paths: Sequence[Path]) -> None:
        for path in paths:
            self.bench.bridge.spawn(self.open_file(Path(path)), f"open {visible(path.name, 60)}")

    async def open_file(self, path: Path) -> SessionView:
        """A tab with the recording at `path`; the one that shows it already comes to the front, and a profile is read
        again. FormatError, RecordingError.
        """
        known = next((one for one in self.views if one.data is not None and Path(one.data.path) == path), None)
        if known is not None and known in self._recorded:
            self.bench.views.centre.tabs.setCurrentWidget(known)
            return known
        task = asyncio.current_task()
        assert task is not None
        with self.bench.views.status.jobs.begin(f"Open {visible(path.name, 60)}", task.cancel) as job:
            job.tell("reading")
            recorded, data = await self._in_a_thread(lambda: _read(path, job))
        view = known or self._make(data)
        if recorded is not None:
            self._recorded[view] = recorded
        self._show(view, data)
        self.bench.views.centre.tabs.setCurrentWidget(view)
        return view

    def closing(self) -> None:
        for recorded in self._recorded.values():
            recorded.close()
        self._recorded.clear()

    def _show(self, view: SessionView, data: SessionData) -> None:
        view.put(data)
        self.bench.bridge.spawn(self._find(view, data), "find what stands out")
        self.bench.clock.ask()  # one that is still written is read on
        self.shown.emit()

    async def line_times(self, script_hash: str) -> tuple[dict[int, float], str]:
        """Self time by line of a source, and the title of the newest open recording that has it; ({}, "") for none."""
        for view, recorded in reversed(list(self._recorded.items())):
            if view.data is None:
                continue
            look = partial(recorded.line_times, view.data.tracks, script_hash)
            if times := await self._in_a_thread(look):
                return times, visible(view.data.title, 60)
        return {}, ""

    # --- what is still being recorded ---

    def _tick(self, at_us: int) -> None:
        if at_us - self._read_us < _READ_EVERY_US:
            return
        live = [(view, one) for view, one in self._recorded.items() if view.data is not None and view.data.live]
        if live:
            self._read_us = at_us
            self.bench.clock.ask(at_us + _READ_EVERY_US)
        for view, recorded in live:
            if view.isVisible() and view not in self._reading:
                self._reading.add(view)
                self.bench.bridge.spawn(self._read_on(view, recorded), "read on")

    async def _read_on(self, view: SessionView, recorded: RecordedSession) -> None:
        try:
            data = await self._in_a_thread(recorded.read_on)
        finally:
            self._reading.discard(view)
        if data is not None and view in self._recorded:
            self._show(view, data)

    def _make(self, data: SessionData) -> SessionView:
        from ui.views.session import SessionView

        view = SessionView(self.bench.themes)
        view.figures_wished.connect(lambda *asked: self._work_out(view, *asked))
        view.compare_requested.connect(lambda: self.compare(view))
        self.views.append(view)
        add_closable_tab(
            self.bench.views.centre.tabs, view, visible(data.title.removesuffix(".isosession"), 40), self._closed
        )
        return view

    def _closed(self, page: QWidget) -> None:
        self.views = [one for one in self.views if one is not page]
        self._jobs.pop(page, None)
        recorded = next((one for view, one in self._recorded.items() if view is page), None)
        self._recorded = {view: one for view, one in self._recorded.items() if view is not page}
        if recorded is not None:
            recorded.close()
        page.deleteLater()

    def _work_out(self, view: SessionView, track: Track, from_us: float, to_us: float) -> None:
        self._jobs[view] = job = self._jobs.get(view, 0) + 1
        self.bench.bridge.spawn(self._figures(view, job, track, from_us, to_us), "work out the statistics")

    async def _figures(self, view: SessionView, job: int, track: Track, from_us: float, to_us: float) -> None:
        from inspector.analysis.figures import range_figures

        figures = await self._in_a_thread(lambda: range_figures(track, round(from_us), round(to_us)))
        if self._jobs.get(view) == job:
            view.tables.figures.put(figures)

    # --- two beside each other ---

    def compare(self, view: SessionView) -> ComparisonView:
        """A tab for what `view` shows beside something else: of the same recording, else of another open one."""
        from ui.views.comparison import ComparisonView

        others = [one for one in self.views if one is not view]
        sides = [*view.sides(), *(side for one in others for side in one.sides())]
        made = ComparisonView(self.bench.themes)
        made.comparison_wished.connect(lambda *asked: self._compare(made, *asked))
        add_closable_tab(self.bench.views.centre.tabs, made, "Comparison", self._closed)
        if others and view.time.brush is None:  # the chosen isolates of both, the earlier first
            both = sorted((0, len(view.sides()) + sum(len(one.sides()) for one in others[:-1])), key=_began(sides))
            made.put_sides(sides, *both)
        else:
            made.put_sides(sides, 0, min(1, len(sides) - 1))
        return made

    def _compare(self, view: ComparisonView, before: Side, after: Side) -> None:
        self._jobs[view] = job = self._jobs.get(view, 0) + 1
        self.bench.bridge.spawn(self._compared(view, job, before, after), "compare")

    async def _compared(self, view: ComparisonView, job: int, before: Side, after: Side) -> None:
        from inspector.analysis.comparison import compare, difference_of

        found = await self._in_a_thread(lambda: (compare(before, after), difference_of(before, after)))
        if self._jobs.get(view) == job:
            view.show_comparison(*found)

    async def _find(self, view: SessionView, data: SessionData) -> None:
        from inspector.analysis.findings import findings

        found = await self._in_a_thread(lambda: findings(data.tracks))
        if view in self.views and view.data is data:
            view.show_findings(found)

    async def _in_a_thread(self, work: Callable[[], T]) -> T:
        answers: list[T] = []
        await self.bench.bridge.in_a_thread(lambda: answers.append(work()))
        return answers[0]


def _began(sides: Sequence[Side]) -> Callable[[int], int]:
    return lambda at: sides[at].from_us


def _read(path: Path, job: Job) -> tuple[RecordedSession | None, SessionData]:
    """In a thread: all that a tab shows."""
    if path.suffix.lower() in PROFILE_SUFFIXES:
        from ui.models.session_data import read_profile_file

        return None, read_profile_file(path)
    from ui.models.recorded_session import RecordedSession

    recorded = RecordedSession(path)
    try:
        data = recorded.read()
        if job.withdrawn:
            recorded.close()  # nobody waits for it any more
        return recorded, data
    except BaseException:
        recorded.close()
        raise
