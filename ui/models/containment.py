"""The cases of a test of containment as a table: which are chosen, which one runs, and what came of each."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any

from msgspec import Struct, field
from PySide6.QtCore import QObject, Qt, Signal

from inspector.containment.cases import Case
from inspector.containment.progress import CaseBegan, CaseEnded, CaseFailed, CaseGrew, Progress
from inspector.containment.record import HeapPoint, Trial
from inspector.containment.verdict import Verdict
from inspector.text import visible
from inspector.units import format_bytes, format_ms
from ui.models.table import Index, TableModel

__all__ = ["CASE", "VERDICT", "CaseRow", "ContainmentModel", "Stage", "Tone"]

_COLUMNS = ("Case", "Verdict", "After", "Peak", "Neighbour", "Resident", "By", "Usable", "Host")
CASE, VERDICT, AFTER, _PEAK, _GAP, _RESIDENT, _BY, _USABLE, _HOST = range(len(_COLUMNS))
_FIGURES = (AFTER, _PEAK, _RESIDENT, _GAP)
_MEANING = {
    VERDICT: "STOPPED in time and in bounds; ENDED by itself; LATE: over 2 s more than it may; OVER: its process grew"
    " by over 4 times the limit; NOT USABLE, NOT STOPPED, HOST LOST: as they say.",
    _BY: "The mechanism that ended it.",
    AFTER: "From its start until it had ended.",
    _PEAK: "The highest heap and off-heap memory that V8 told, against the limit.",
    _RESIDENT: "By how much the memory of the host process grew at most.",
    _GAP: "The longest time that the neighbour waited for its 10 ms tick.",
    _USABLE: "Whether the isolate still answers 1 + 1 afterwards.",
    _HOST: "Whether its host process lives.",
}


class Stage(Enum):
    """How a row stands; the value is what its verdict column says meanwhile."""

    OPEN = ""
    WAITS = "waits"
    RUNS = "runs"
    ENDED = "ended"
    FAILED = "NOT RUN"
    CANCELLED = "cancelled"


class Tone(Enum):
    """How a verdict is to be taken; a view has a colour for each."""

    PLAIN = "plain"
    GOOD = "good"
    DOUBTFUL = "doubtful"
    BAD = "bad"


class CaseRow(Struct):
    case: Case
    chosen: bool = True
    stage: Stage = Stage.OPEN
    limit_bytes: int = 0
    began_us: int = 0
    points: list[HeapPoint] = field(default_factory=list)  # while it runs; then the trial has them
    trial: Trial | None = None
    verdict: Verdict | None = None
    reason: str = ""  # why there is no trial

    @property
    def tone(self) -> Tone:
        if self.verdict is None:
            return Tone.DOUBTFUL if self.stage is Stage.FAILED else Tone.PLAIN
        if not self.verdict.contained:
            return Tone.BAD
        return Tone.GOOD if set(self.verdict.words) <= {"STOPPED", "ENDED"} else Tone.DOUBTFUL


class ContainmentModel(TableModel):
    """Rows keep their order. `began` carries the row that runs now. Owner: the GUI thread."""

    columns = _COLUMNS
    number_columns = _FIGURES
    meanings = _MEANING

    began = Signal(int)
    chosen_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[CaseRow] = []
        self._running: list[int] = []  # rows of the campaign, by position

    # --- which cases ---

    def put_cases(self, cases: Sequence[Case]) -> None:
        self.beginResetModel()
        self.rows = [CaseRow(case) for case in cases]
        self.endResetModel()
        self.chosen_changed.emit()

    def put_files(self, cases: Sequence[Case]) -> None:
        """Put a user's files first, in place of older ones of their names, and choose them alone."""
        names = {case.name for case in cases}
        self.beginResetModel()
        left = [row for row in self.rows if row.case.name not in names]
        for row in left:
            row.chosen = False
        self.rows = [*(CaseRow(case) for case in cases), *left]
        self.endResetModel()
        self.chosen_changed.emit()

    def choose_all(self, chosen: bool) -> None:
        for row in self.rows:
            row.chosen = chosen
        self._changed(0, len(self.rows) - 1)
        self.chosen_changed.emit()

    @property
    def chosen(self) -> list[Case]:
        return [row.case for row in self.rows if row.chosen]

    # --- a campaign ---

    @property
    def under_way(self) -> bool:
        return bool(self._running)

    def start(self, limit_bytes: int) -> None:
        """The chosen cases run from now on; what they showed before is forgotten."""
        self._running = [row for row, one in enumerate(self.rows) if one.chosen]
        for row in self._running:
            case = self.rows[row].case
            self.rows[row] = CaseRow(case, stage=Stage.WAITS, limit_bytes=limit_bytes)
        self._changed(0, len(self.rows) - 1)

    def take(self, told: Progress) -> None:
        if told.position >= len(self._running):
            return  # of a campaign that was given up
        row = self._running[told.position]
        one = self.rows[row]
        if isinstance(told, CaseBegan):
            one.stage, one.began_us = Stage.RUNS, told.at_us
            self.began.emit(row)
        elif isinstance(told, CaseGrew):
            one.points += told.points
        elif isinstance(told, CaseEnded):
            one.stage, one.trial, one.verdict = Stage.ENDED, told.trial, told.verdict
            one.points.clear()
        elif isinstance(told, CaseFailed):
            one.stage, one.reason = Stage.FAILED, told.reason
        self._changed(row, row)

    def finish(self) -> None:
        """The campaign is over: what has not ended was cancelled."""
        for row in self._running:
            if self.rows[row].stage in (Stage.WAITS, Stage.RUNS):
                self.rows[row].stage = Stage.CANCELLED
        self._running = []
        self._changed(0, len(self.rows) - 1)

    @property
    def running(self) -> CaseRow | None:
        return next((self.rows[row] for row in self._running if self.rows[row].stage is Stage.RUNS), None)

    def progress(self) -> tuple[int, int]:
        """How many cases of the campaign have ended, and how many it has."""
        over = (Stage.ENDED, Stage.FAILED)
        return sum(self.rows[row].stage in over for row in self._running), len(self._running)

    def summary(self) -> str:
        """One line on everything that has ended; "" when nothing has."""
        ended = [row for row in self.rows if row.verdict is not None]
        if not ended:
            return ""
        plain = sum(row.tone is Tone.GOOD for row in ended)
        doubtful = sum(row.tone is Tone.DOUBTFUL for row in ended)
        bad = sum(row.tone is Tone.BAD for row in ended)
        lost = sum(row.trial is not None and not row.trial.host_alive for row in ended)
        parts = [f"{len(ended)} ended: {plain} stopped in time and in bounds"]
        parts += [f"{doubtful} late, over or not usable"] if doubtful else []
        parts += [f"{bad} not contained"] if bad else []
        return ", ".join([*parts, f"{lost} host processes lost" if lost else "no host process lost"])

    def _changed(self, first: int, last: int) -> None:
        if self.rows:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(_COLUMNS) - 1))

    # --- Qt's questions ---

    def length(self) -> int:
        return len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.column() == CASE and not self.under_way:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def cell(self, row: int, column: int) -> str:
        return _cell(self.rows[row], column)

    def tip(self, row: int, _column: int) -> str:
        return _tip(self.rows[row])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == CASE and 0 <= index.row() < self.length():
            return Qt.CheckState.Checked if self.rows[index.row()].chosen else Qt.CheckState.Unchecked
        return super().data(index, role)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != CASE or self.under_way:
            return False
        self.rows[index.row()].chosen = Qt.CheckState(value) == Qt.CheckState.Checked
        self.dataChanged.emit(index, index)
        self.chosen_changed.emit()
        return True


def _cell(row: CaseRow, column: int) -> str:
    trial, verdict = row.trial, row.verdict
    if column == CASE:
        return visible(row.case.name, 60)
    if trial is None or verdict is None:
        return row.stage.value if column == VERDICT else visible(row.reason, 200) if column == _BY else ""
    return (
        "",
        " ".join(verdict.words),
        format_ms(trial.after_ms),
        format_bytes(trial.peak_bytes),
        format_ms(trial.neighbour_worst_gap_ms),
        f"+{format_bytes(trial.resident_growth_bytes)}",
        visible(verdict.mechanism, 200),
        "yes" if trial.usable_after else "no",
        "alive" if trial.host_alive else "lost",
    )[column]


def _tip(row: CaseRow) -> str:
    lines = [visible(row.case.title, 300)]
    if row.verdict is not None and row.trial is not None:
        lines += [visible(row.verdict.figures, 400), visible(row.trial.evidence, 400)]
    lines.append(visible(row.reason, 400))
    return "\n".join(line for line in lines if line)
