"""Outcomes and losses, told to a screen reader as they happen; nothing is done where none listens."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QAccessible

from inspector.events import ConsoleDropped, Event, HostLost, IsolateEnded, IsolatePaused, RunQueued, RunSettled
from inspector.states import IsolateState, Outcome
from inspector.text import counted, visible
from ui.features.feature import Feature, Workbench
from ui.models.pool_state import Changes
from ui.models.problems import Problem

__all__ = ["Announcements"]

_AT_ONCE = 3  # of a batch: of more only their number is told
_MOST_LABELS = 10_000


class Announcements(Feature):
    """The setting "announce" turns it off."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.said = ""  # the newest words, for whoever asks
        self._labels: dict[int, str] = {}  # of runs under way
        bench.problems.reported.connect(self._problem)

    def take(self, events: Sequence[Event], changes: Changes) -> None:
        listened = self._listened
        told: list[tuple[str, bool]] = []
        for event in events:
            if isinstance(event, RunQueued) and len(self._labels) < _MOST_LABELS:
                self._labels[event.run_id] = event.label
            elif isinstance(event, RunSettled):
                label = self._labels.pop(event.run_id, "A run")
                if listened:
                    told.append(self._outcome(event, label))
            elif listened and (words := self._loss(event)):
                told.append((words, True))
        if len(told) > _AT_ONCE:
            told = [(f"{len(told)} runs and isolates ended", any(urgent for _, urgent in told))]
        for words, urgent in told:
            self._say(words, urgent=urgent)

    @property
    def _listened(self) -> bool:
        return QAccessible.isActive() and self.bench.settings.flag("announce", True)

    def _outcome(self, event: RunSettled, label: str) -> tuple[str, bool]:
        report = event.report
        words = f"{visible(label, 40)} {report.outcome}"
        if report.error is not None:
            words += f": {visible(report.error.message, 80)}"
        elif report.outcome is Outcome.COMPLETED and report.preview:
            words += f": {visible(report.preview, 80)}"
        return words, report.outcome is not Outcome.COMPLETED

    def _loss(self, event: Event) -> str:
        if isinstance(event, HostLost):
            return f"A host process was lost: {visible(event.reason, 80)}"
        if isinstance(event, IsolateEnded) and event.state is not IsolateState.DISPOSED:
            record = self.bench.state.isolates.get(event.isolate_id)
            name = visible(record.name, 40) if record is not None else f"Isolate {event.isolate_id}"
            return f"{name} {event.state}: {visible(event.reason, 80)}"
        if isinstance(event, IsolatePaused):
            return f"Paused at line {event.line}"
        if isinstance(event, ConsoleDropped):
            return f"{counted(event.count, 'console line was', 'console lines were')} dropped"
        return ""

    def _problem(self, problem: Problem) -> None:
        if self._listened:
            self._say(visible(problem.sentence, 200), urgent=problem.severity == "error")

    def _say(self, words: str, *, urgent: bool) -> None:
        from ui.views.announcing import announce

        self.said = words
        announce(self.bench.views.status, words, urgent=urgent)
