"""The console of one isolate as rows of plain text: what scripts wrote, what a person typed, how runs ended, what
was dropped.

A line of several lines of text is several rows, so that all rows are of one height and 100,000 of them cost nothing
to lay out. Bounded: the oldest rows go, and the first row left says how many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from inspector.events import ConsoleWritten, RunReport, ScriptError
from inspector.states import Outcome
from inspector.text import LINE_LIMIT, TEXT_LIMIT, visible
from inspector.units import format_ms
from inspector.values import console_text

__all__ = ["MAX_ROWS", "ConsoleLog", "Level", "Line", "Row", "error_text", "outcome_line", "plain", "written_line"]

MAX_ROWS = 100_000  # of one isolate
_TRIM_ROWS = 10_000  # taken away at once, so that a flood does not move every row for every line
_MAX_PARTS = 200  # rows of one line
_ROW_CHARS = 2_000  # characters drawn of one row; "Copy" gives up to text.TEXT_LIMIT


class Level(Enum):
    DEBUG = "debug"
    LOG = "log"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    INPUT = "input"  # what a person typed
    RESULT = "result"  # what it gave
    RUN = "run"  # a run began or ended
    GAP = "gap"  # lines that were dropped
    NOTE = "note"  # what the program itself has to say


_LEVELS = {
    "debug": Level.DEBUG,
    "info": Level.INFO,
    "warning": Level.WARNING,
    "error": Level.ERROR,
    "assert": Level.ERROR,
}


@dataclass(slots=True, eq=False)
class Line:
    """One entry, its text plain and cut already. `objects` are CDP object ids that can be asked for properties
    until `released`.
    """

    level: Level
    text: str
    at_us: int
    context_id: int
    origin: str = ""  # "file.js:12"
    depth: int = 0  # of console.group
    objects: tuple[str, ...] = ()
    released: bool = False
    run_id: int | None = None


@dataclass(slots=True, eq=False)
class Row:
    line: Line
    text: str
    first: bool  # of its line


@dataclass(slots=True)
class ConsoleLog:
    """Rows of one isolate, oldest first."""

    rows: list[Row] = field(default_factory=list)
    dropped: int = 0  # lines taken away because there were too many
    depths: dict[int, int] = field(default_factory=dict)  # console.group depth by context
    _live: list[Line] = field(default_factory=list)  # lines whose objects V8 still holds

    def add(self, line: Line) -> list[Row]:
        """Append a line; returns its rows."""
        rows = _rows_of(line)
        self.rows += rows
        if line.objects:
            self._live.append(line)
        return rows

    def surplus(self) -> int:
        """How many rows are to be taken away from the front now: 0, or a good many."""
        over = len(self.rows) - MAX_ROWS
        return over + _TRIM_ROWS if over > 0 else 0

    def trim(self, count: int) -> list[Row]:
        """Take `count` rows away and say so in a gap row at the front; returns the rows that stand there now."""
        self.dropped += sum(row.first and row.line.level is not Level.GAP for row in self.rows[:count])
        gap = Line(Level.GAP, f"{self.dropped:,} older lines were dropped: the console keeps {MAX_ROWS:,} rows", 0, 0)
        self.rows[:count] = rows = _rows_of(gap)
        return rows

    def release(self) -> None:
        """V8 let go of the objects of all lines so far."""
        for line in self._live:
            line.released = True
        self._live.clear()


def plain(text: str) -> str:
    """`text` as a line may hold it: control characters visible, cut at text.TEXT_LIMIT, line feeds kept."""
    return visible(text, TEXT_LIMIT, lines=True)


def written_line(event: ConsoleWritten, log: ConsoleLog) -> Line | None:
    """The line of a console call; None for one that writes nothing (endGroup)."""
    depth = log.depths.get(event.context_id, 0)
    if event.level in ("startGroup", "startGroupCollapsed"):
        log.depths[event.context_id] = depth + 1
    elif event.level == "endGroup":
        log.depths[event.context_id] = max(0, depth - 1)
        return None
    text = console_text(event.args, TEXT_LIMIT)
    if event.level == "assert":
        text = f"Assertion failed: {text}" if text else "Assertion failed"
    return Line(
        _LEVELS.get(event.level, Level.LOG),
        text,
        event.at_us,
        event.context_id,
        origin=_origin(event.url, event.line),
        depth=min(depth, 20),
        objects=_object_ids(event.args),
        run_id=event.run_id,
    )


def error_text(error: ScriptError) -> str:
    """Name, message, place, the source line of a syntax error, and the stack; plain text with line feeds."""
    head = f"{error.name}: {error.message}" if error.name else error.message
    place = f"{error.file}:{error.line}:{error.column}" if error.file and error.line else error.file
    stack = error.stack.strip()
    if error.source_line:
        parts = [head, f"    at {place}" if place else "", f"    {error.source_line.strip()}"]
    elif "\n" in stack:
        parts = [stack] if stack.startswith(head.split("\n", 1)[0]) else [head, stack]
    else:
        parts = [head, f"    at {place}" if place else ""]
    return plain("\n".join(part for part in parts if part))


def outcome_line(label: str, report: RunReport, at_us: int, context_id: int, run_id: int) -> Line:
    """How a run of a file ended, in one line (more when it threw)."""
    took = format_ms(report.timings.whole_ms)
    name = visible(label, 80)
    if report.outcome is Outcome.COMPLETED:
        gave = f" → {visible(report.preview, LINE_LIMIT)}" if report.preview not in ("", "undefined") else ""
        return Line(Level.RUN, f"{name} completed in {took}{gave}", at_us, context_id, run_id=run_id)
    if report.error is not None:
        return Line(
            Level.ERROR, f"{name} {report.outcome}: {error_text(report.error)}", at_us, context_id, run_id=run_id
        )
    words = plain(f"{name} ended: {report.outcome}. {report.evidence}")
    level = Level.NOTE if report.outcome is Outcome.CANCELLED else Level.ERROR
    return Line(level, words, at_us, context_id, run_id=run_id)


def _rows_of(line: Line) -> list[Row]:
    if "\n" not in line.text and len(line.text) <= _ROW_CHARS:
        return [Row(line, line.text, True)]
    parts = line.text.split("\n")
    if len(parts) > _MAX_PARTS:
        parts[_MAX_PARTS:] = [f"… (+{len(parts) - _MAX_PARTS} lines)"]
    return [
        Row(line, part if len(part) <= _ROW_CHARS else f"{part[:_ROW_CHARS]}…", index == 0)
        for index, part in enumerate(parts)
    ]


def _object_ids(args: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(str(arg["objectId"]) for arg in args if "objectId" in arg)


def _origin(url: str, line: int) -> str:
    if not url:
        return ""
    name = visible(url.rstrip("/").rsplit("/", 1)[-1] or url, 60)
    return f"{name}:{line}" if line else name
