"""Recordings and profiles in the window: a tab each, opened by a drop, by Open, or from the command line.

Files are read, and figures with their intervals are worked out, in threads; an answer to a question that was asked
again meanwhile is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QWidget

from inspector.text import visible
from ui.features.feature import Feature, Workbench
from ui.views.tab_close import add_closable_tab

if TYPE_CHECKING:
    from inspector.analysis.track import Track
    from ui.models.session_data import SessionData
    from ui.views.session import SessionView

__all__ = ["Sessions"]

T = TypeVar("T")


class Sessions(Feature):
    """Nothing of it is imported or made before a file is opened."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.views: list[SessionView] = []
        self._jobs: dict[QWidget, int] = {}  # the newest question of each view
        bench.wishes.recordings_wished.connect(self.open_files)

    def open_files(self, paths: Sequence[Path]) -> None:
        for path in paths:
            self.bench.bridge.spawn(self.open_file(Path(path)), f"open {visible(path.name, 60)}")

    async def open_file(self, path: Path) -> SessionView:
        """A tab with the recording at `path`; the one that shows it already comes to the front. FormatError."""
        from ui.models.session_data import read_profile_file

        data = await self._in_a_thread(lambda: read_profile_file(path))
        return self.show_session(data)

    def show_session(self, data: SessionData) -> SessionView:
        """Show `data` in the tab of its path, else in a new one."""
        known = next((one for one in self.views if one.data is not None and one.data.path == data.path), None)
        view = known or self._make(data)
        view.put(data)
        self.bench.views.centre.tabs.setCurrentWidget(view)
        self.bench.bridge.spawn(self._find(view, data), "find what stands out")
        return view

    def _make(self, data: SessionData) -> SessionView:
        from ui.views.session import SessionView

        view = SessionView(self.bench.themes)
        view.figures_wished.connect(lambda *asked: self._work_out(view, *asked))
        self.views.append(view)
        add_closable_tab(self.bench.views.centre.tabs, view, visible(data.title, 40), self._closed)
        return view

    def _closed(self, page: QWidget) -> None:
        self.views = [one for one in self.views if one is not page]
        self._jobs.pop(page, None)
        page.deleteLater()

    def _work_out(self, view: SessionView, track: Track, from_us: float, to_us: float) -> None:
        self._jobs[view] = job = self._jobs.get(view, 0) + 1
        self.bench.bridge.spawn(self._figures(view, job, track, from_us, to_us), "work out the statistics")

    async def _figures(self, view: SessionView, job: int, track: Track, from_us: float, to_us: float) -> None:
        from inspector.analysis.figures import range_figures

        figures = await self._in_a_thread(lambda: range_figures(track, round(from_us), round(to_us)))
        if self._jobs.get(view) == job:
            view.tables.figures.put(figures)

    async def _find(self, view: SessionView, data: SessionData) -> None:
        from inspector.analysis.findings import findings

        found = await self._in_a_thread(lambda: findings(data.tracks))
        if view in self.views and view.data is data:
            view.show_findings(found)

    async def _in_a_thread(self, work: Callable[[], T]) -> T:
        answers: list[T] = []
        await self.bench.bridge.in_a_thread(lambda: answers.append(work()))
        return answers[0]
