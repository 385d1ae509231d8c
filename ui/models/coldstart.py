"""A measurement of cold starts as a table: a row for each way to start, filled round by round."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from inspector.coldstart.records import VARIANTS, ColdStart, Round, Variant, VariantFigures
from inspector.coldstart.summary import summarise
from inspector.text import visible
from inspector.units import format_bytes, format_ms
from ui.models.table import TableModel

__all__ = ["ColdStartModel"]

_COLUMNS = ("From nothing", "n", "Median", "p95", "Ratio", "Memory", "Stages (median)")
_TITLE, _N, _MEDIAN, _P95, _RATIO, _MEMORY, _STAGES = range(len(_COLUMNS))
_MEANING = {
    _N: "Rounds that were counted; in each, every variant is started once, in an order that turns.",
    _MEDIAN: "Wall clock from the wish until the run has settled: half of the rounds took less.",
    _P95: "95 of 100 rounds took at most this long (nearest rank).",
    _RATIO: "The median against a fresh isolate's of the same rounds: for this file, this machine and this n.",
}
_WAITS: Mapping[Variant, str] = dict.fromkeys(VARIANTS, "no round yet")


class ColdStartModel(TableModel):
    """`changed`: figures or words differ. Owner: the GUI thread."""

    columns = _COLUMNS
    number_columns = range(_N, _STAGES)
    meanings = _MEANING

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.figures: tuple[VariantFigures, ...] = ()
        self.heading = ""  # what was measured
        self.footing = ""  # n and machine: what must stand beside every ratio
        self._rounds: list[Round] = []
        self._wanted = 0

    def start(self, file: str, rounds: int, machine: str) -> None:
        """What was shown before is forgotten."""
        self._rounds.clear()
        self._wanted = rounds
        self.heading = visible(file, 300)
        self._put(summarise((), _WAITS), f"n = 0 of {rounds} · {machine}")

    def take(self, one: Round) -> None:
        """A counted round came. Price: 0.3 ms at 50 rounds."""
        self._rounds.append(one)
        machine = self.footing.partition(" · ")[2]
        self._put(summarise(self._rounds, _WAITS), f"n = {self.done} of {self._wanted} · {machine}")

    def finish(self, result: ColdStart | None) -> None:
        """`result` None: it was cancelled or failed; what was counted stays."""
        if result is None:
            why = dict.fromkeys(VARIANTS, "cancelled before its first round")
            self._put(summarise(self._rounds, why), self.footing)
            return
        node = f", Node {visible(result.node_version, 40)}" if result.node_version else ""
        self.heading = visible(f"{result.file}: {result.engine} engine, V8 {result.v8_version}{node}", 400)
        self._put(result.variants, f"n = {result.n} · {visible(result.machine, 200)}")

    @property
    def done(self) -> int:
        """Rounds that every variant so far has had."""
        return min((one.n for one in self.figures if one.n), default=0)

    def _put(self, figures: tuple[VariantFigures, ...], footing: str) -> None:
        self.footing = footing
        if len(figures) != len(self.figures):
            self.beginResetModel()
            self.figures = figures
            self.endResetModel()
        else:
            self.figures = figures
            self.dataChanged.emit(self.index(0, 0), self.index(len(figures) - 1, len(_COLUMNS) - 1))
        self.changed.emit()

    # --- Qt's questions ---

    def length(self) -> int:
        return len(self.figures)

    def cell(self, row: int, column: int) -> str:
        return _cell(self.figures[row], column)

    def tip(self, row: int, column: int) -> str:
        one = self.figures[row]
        return f"{one.variant.title}\n{one.variant.memory_of if column == _MEMORY else _cell(one, _STAGES)}"


def _cell(one: VariantFigures, column: int) -> str:
    if column == _TITLE:
        return one.variant.title
    if one.total_ms is None:
        return visible(one.unavailable, 200) if column == _STAGES else "–" if column != _N else "0"
    if column == _STAGES:
        stages = ", ".join(f"{name} {format_ms(stage.median)}" for name, stage in one.stages.items())
        return stages or "not told apart"
    return {
        _N: str(one.n),
        _MEDIAN: format_ms(one.total_ms.median),
        _P95: format_ms(one.total_ms.p95),
        _RATIO: "–" if one.ratio is None else f"{one.ratio:.2f}",
        _MEMORY: format_bytes(one.memory_bytes),
    }[column]
