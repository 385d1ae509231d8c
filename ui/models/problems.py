"""The list of problems: what a user must know, each as action, cause, remedy; the same one again only counts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QModelIndex, QObject, Qt, Signal

from inspector.errors import InspectorError
from inspector.events import BytesDropped, Event, HostLost, PoolStopped, ProblemReported
from inspector.text import visible
from ui.models.table import Index, TableModel

__all__ = ["Problem", "ProblemsModel"]

MAX_PROBLEMS = 500
_NEAR = 20  # among so many of the newest the same one only counts: several that take turns don't flood the list
_COLUMNS = ("Time", "Kind", "Problem")


class Problem(Struct):
    severity: str  # info, warning, error
    action: str
    cause: str
    remedy: str = ""
    isolate_id: int | None = None
    count: int = 1
    clock: str = ""

    @property
    def sentence(self) -> str:
        """One line: action, cause, remedy."""
        line = f"{self.action}: {self.cause}".rstrip(".") + "."
        return f"{line} {self.remedy}" if self.remedy else line


class ProblemsModel(TableModel):
    """Newest last. `reported` carries the `Problem`; owner: the GUI thread."""

    columns = _COLUMNS

    reported = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._problems: list[Problem] = []

    def apply(self, events: Sequence[Event]) -> None:
        for event in events:
            problem = _problem_of(event)
            if problem is not None:
                self.report(problem)

    def report_error(self, error: BaseException, action: str = "Run a command") -> None:
        """Take an exception: ours says action, cause and remedy itself; another is a fault of the program and says
        so.
        """
        if isinstance(error, InspectorError):
            self.report(Problem("error", error.action, error.cause, error.remedy))
        else:
            cause = f"{type(error).__name__}: {error}"
            self.report(Problem("error", action, cause, "This is a fault of the program: the log has the details."))

    def report(self, problem: Problem) -> None:
        problem.clock = time.strftime("%H:%M:%S")
        near = range(len(self._problems) - 1, max(-1, len(self._problems) - 1 - _NEAR), -1)
        row = next((at for at in near if self._problems[at].sentence == problem.sentence), None)
        if row is not None:
            known = self._problems[row]
            known.count += 1
            known.clock = problem.clock
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(_COLUMNS) - 1))
        else:
            if len(self._problems) >= MAX_PROBLEMS:
                self.beginRemoveRows(QModelIndex(), 0, 0)
                del self._problems[0]
                self.endRemoveRows()
            row = len(self._problems)
            self.beginInsertRows(QModelIndex(), row, row)
            self._problems.append(problem)
            self.endInsertRows()
        self.reported.emit(problem)

    def clear(self) -> None:
        self.beginResetModel()
        self._problems.clear()
        self.endResetModel()

    def text(self) -> str:
        return "\n".join(f"{one.clock} {one.severity}: {one.sentence}" for one in self._problems)

    def problem(self, row: int) -> Problem:
        return self._problems[row]

    # --- Qt's questions ---

    def length(self) -> int:
        return len(self._problems)

    def cell(self, row: int, column: int) -> str:
        return self._cell(self._problems[row], column)

    def tip(self, row: int, _column: int) -> str:
        problem = self._problems[row]
        return visible(f"{problem.severity}: {problem.sentence}", 2_000, lines=True)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.AccessibleTextRole and 0 <= index.row() < self.length():  # whole, in every column
            problem = self._problems[index.row()]
            return f"{problem.severity}: {visible(problem.sentence, 500)}"
        return super().data(index, role)

    @staticmethod
    def _cell(problem: Problem, column: int) -> str:
        if column == 0:
            return f"{problem.clock} ×{problem.count}" if problem.count > 1 else problem.clock
        return problem.severity if column == 1 else visible(problem.sentence, 1_000)


def _problem_of(event: Event) -> Problem | None:
    if isinstance(event, ProblemReported):
        return Problem(event.severity, event.action, event.cause, event.remedy, event.isolate_id)
    if isinstance(event, HostLost):
        words = visible(event.last_words.strip().splitlines()[-1], 300) if event.last_words.strip() else ""
        cause = f"{event.reason}; last words: {words}" if words else event.reason
        coming = event.restart_in_ms is not None
        remedy = "A new host process starts." if coming else "No host process is started in its place."
        return Problem(
            "error", "A host process was lost", cause, f"{remedy} Its isolates keep their rows and last data."
        )
    if isinstance(event, PoolStopped):
        remedy = "See why they ended, then choose Isolate > Allow Starts Again."
        return Problem("error", "Start host processes", event.reason, remedy)
    if isinstance(event, BytesDropped):
        cause = f"{event.count:,} were lost on the way: they came faster than they could be taken in"
        return Problem("warning", f"Deliver {event.what}", cause, "The graphs have a gap there.")
    return None
