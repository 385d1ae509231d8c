"""Everything that happened in one isolate, in order of time, a row each: a million rows cost what is looked at.

Imported late: it brings numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QObject

from inspector.analysis.track import Console, Track
from inspector.analysis.tree import Array
from inspector.text import visible
from inspector.units import format_bytes, format_us
from inspector.wire import GC_KINDS, GC_WORDS
from ui.models.table import TableModel

__all__ = ["SessionEventsModel"]

_COLUMNS = ("Time", "What", "Words")

Tell = Callable[[int], tuple[str, str]]  # number in its kind -> (what, words)


class SessionEventsModel(TableModel):
    columns = _COLUMNS
    number_columns = (0,)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._zero_us = 0.0
        self._at_us = np.zeros(0, np.int64)
        self._kind = np.zeros(0, np.uint8)
        self._number = np.zeros(0, np.int64)
        self._tell: list[Tell] = []
        self._first = self._count = 0

    def put(self, track: Track | None, zero_us: float) -> None:
        """Take over a track; times are told from `zero_us`."""
        self.beginResetModel()
        self._zero_us = zero_us
        kinds = _kinds(track) if track is not None else []
        self._tell = [tell for _, tell in kinds]
        at = [np.asarray(one, np.int64) for one, _ in kinds]
        at_us = np.concatenate(at) if at else np.zeros(0, np.int64)
        order = np.argsort(at_us, kind="stable")
        self._at_us = at_us[order]
        self._kind = np.repeat(np.arange(len(at), dtype=np.uint8), [len(one) for one in at])[order]
        numbers = [np.arange(len(one)) for one in at]
        self._number = np.concatenate(numbers)[order] if numbers else np.zeros(0, np.int64)
        self._first, self._count = 0, len(order)
        self.endResetModel()

    def filter(self, from_us: float, to_us: float) -> None:
        """Show what happened in a range, its ends included."""
        self.beginResetModel()
        self._first = int(np.searchsorted(self._at_us, from_us, "left"))
        self._count = max(0, int(np.searchsorted(self._at_us, to_us, "right")) - self._first)
        self.endResetModel()

    def at_us(self, row: int) -> float:
        return float(self._at_us[self._first + row])

    # --- Qt's questions ---

    def length(self) -> int:
        return self._count

    def cell(self, row: int, column: int) -> str:
        place = self._first + row
        if column == 0:
            return f"{(int(self._at_us[place]) - self._zero_us) / 1e6:.6f} s"
        return self._tell[int(self._kind[place])](int(self._number[place]))[column - 1]

    def tip(self, row: int, column: int) -> str:
        return self.cell(row, column)


def _kinds(track: Track) -> list[tuple[Array | Sequence[int], Tell]]:
    """(times, what to say of the i-th) of each kind of event."""
    console, collections = track.console, track.collections
    ended = [run for run in track.runs if run.ended_us is not None]

    def run_ended(i: int) -> tuple[str, str]:
        run = ended[i]
        took = format_us((run.ended_us or 0) - run.began_us)
        return f"run {visible(run.outcome, 20)}", visible(f"{run.label}, {took}. {run.words}".strip(), 300)

    def collection(i: int) -> tuple[str, str]:
        one = collections[i]
        kind = min(int(one["kind"]), len(GC_KINDS) - 1)
        before, after = (format_bytes(int(one[name])) for name in ("before_bytes", "after_bytes"))
        return GC_WORDS[kind], f"{GC_KINDS[kind]}, {format_us(int(one['pause_us']))}, {before} → {after}"

    def line(i: int) -> tuple[str, str]:
        level = Console.LEVELS[min(int(console.level[i]), len(Console.LEVELS) - 1)]
        return f"console {level}", visible(console.words(i), 300)

    def message(i: int) -> tuple[str, str]:
        one = track.messages[i]
        sent = one.from_isolate_id == track.isolate_id
        other = one.to_isolate_id if sent else one.from_isolate_id
        who = f"{'to' if sent else 'from'} {'the window' if other < 0 else f'isolate {other}'}"
        return "message", visible(f"{who}, {format_bytes(one.size_bytes)}. {one.words}".strip(), 300)

    return [
        ([run.began_us for run in track.runs], lambda i: ("run began", visible(track.runs[i].label, 300))),
        ([run.ended_us or 0 for run in ended], run_ended),
        (collections["at_us"].astype(np.int64), collection),
        (console.at_us, line),
        ([one.at_us for one in track.messages], message),
        (
            [one.at_us for one in track.moments],
            lambda i: (visible(track.moments[i].kind, 20), visible(track.moments[i].words, 300)),
        ),
    ]
