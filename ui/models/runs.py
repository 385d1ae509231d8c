"""Every run of the pool as a table: what ran where, how it ended, and what it took."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject

from inspector.states import Outcome
from inspector.text import visible
from inspector.units import format_bytes, format_ms
from ui.clock import now_us
from ui.models.pool_state import PoolState
from ui.models.records import RunRecord
from ui.models.table import TableModel

__all__ = ["RunsModel", "elapsed_ms", "run_state"]

MAX_ROWS = 2_000
_COLUMNS = ("Isolate", "What", "Outcome", "Time", "CPU", "Peak heap", "Result")
_FIGURES = (3, 4, 5)


def run_state(run: RunRecord) -> str:
    """One word or two: how it ended, or how it stands."""
    if run.report is not None:
        return str(run.report.outcome)
    return run.queued.waits_for or "queued" if run.waits else "running"


def elapsed_ms(run: RunRecord, at_us: int) -> float:
    """Milliseconds since it started (0 while it waits); once settled: what it took to compile and to run."""
    if run.report is not None and run.report.outcome is Outcome.HOST_LOST:  # nobody was left to measure it
        return max(0, (run.settled_us or 0) - (run.started_us or run.settled_us or 0)) / 1000
    if run.report is not None:
        return run.report.timings.whole_ms
    if run.started_us is None:
        return 0.0
    return max(0, at_us - run.started_us) / 1000


class RunsModel(TableModel):
    """Newest last; the oldest rows go past 2,000. Owner: the GUI thread."""

    columns = _COLUMNS
    number_columns = _FIGURES

    def __init__(self, state: PoolState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._runs: list[RunRecord] = []
        self._known: set[int] = set()

    def apply(self, runs: Sequence[RunRecord]) -> None:
        """Take the runs that a batch queued, started or settled."""
        new = list({run.run_id: run for run in runs if run.run_id not in self._known}.values())
        if new:
            first = len(self._runs)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._runs += new
            self._known.update(run.run_id for run in new)
            self.endInsertRows()
        if runs and self._runs:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._runs) - 1, len(_COLUMNS) - 1))
        if len(self._runs) > MAX_ROWS:
            self._drop(len(self._runs) - MAX_ROWS)

    def run(self, row: int) -> RunRecord:
        return self._runs[row]

    def _drop(self, count: int) -> None:
        self.beginRemoveRows(QModelIndex(), 0, count - 1)
        self._known.difference_update(run.run_id for run in self._runs[:count])
        del self._runs[:count]
        self.endRemoveRows()

    # --- Qt's questions ---

    def length(self) -> int:
        return len(self._runs)

    def cell(self, row: int, column: int) -> str:
        return self._cell(self._runs[row], column)

    def tip(self, row: int, _column: int) -> str:
        return _tip(self._runs[row])

    def _cell(self, run: RunRecord, column: int) -> str:
        report = run.report
        if column == 0:
            isolate = self._state.isolates.get(run.queued.isolate_id)
            return visible(isolate.name, 60) if isolate else f"isolate {run.queued.isolate_id}"
        if column == 1:
            return visible(run.queued.label, 80)
        if column == 2:
            return run_state(run)
        if column == 3:
            return format_ms(elapsed_ms(run, now_us())) if run.started_us is not None else ""
        if report is None:
            return ""
        if column == 4:
            return format_ms(report.timings.cpu_ms)
        if column == 5:
            return format_bytes(report.heap.peak_used_bytes) if report.heap is not None else ""
        if report.outcome is Outcome.COMPLETED:
            return visible(report.preview, 120)
        return visible(report.error.message, 120) if report.error is not None else visible(report.evidence, 120)


def _tip(run: RunRecord) -> str:
    lines = [f"{run.queued.kind}: {run.queued.kind.sentence}"]
    if run.queued.kind_reason:
        lines.append(f"Because of: {visible(run.queued.kind_reason, 300)}")
    if run.queued.path:
        lines.append(f"File: {visible(run.queued.path, 400)}")
    if run.report is not None:
        lines += [run.report.outcome.sentence, visible(run.report.evidence, 400)]
    return "\n".join(line for line in lines if line)
