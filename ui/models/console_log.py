"""The console of one isolate as rows of plain text: what scripts wrote, what a person typed, how runs ended, what
was dropped.

A line of several lines of text is several rows, so that all rows are of one height and 100,000 of them cost nothing
to lay out. Bounded: the oldest rows go, and the first row left says how many.

What is kept 100,000 times is nothing that Python's garbage collection walks: that would stall the window in a flood
(90 ms), and when it is over (40 to 270 ms). So the structs are `gc=False`, none of them leads back to itself, and
objects are kept packed.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from msgspec import Struct, field

from inspector.events import ConsoleWritten, RunReport, ScriptError
from inspector.states import Outcome
from inspector.tables import table_text
from inspector.text import LINE_LIMIT, TEXT_LIMIT, counted, visible
from inspector.units import format_ms
from inspector.values import Member, console_text
from ui.models.labels import short_label

__all__ = [
    "MAX_ROWS",
    "Branch",
    "ConsoleLog",
    "Level",
    "Line",
    "Place",
    "Row",
    "branch_of",
    "error_text",
    "outcome_line",
    "plain",
    "written_line",
]

MAX_ROWS = 100_000  # of one isolate
_TRIM_ROWS = 10_000  # taken away at once, so that a flood does not move every row for every line
_MOST_GROUPS = 1_000  # one in the other
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


_REPEATED = (Level.DEBUG, Level.LOG, Level.INFO, Level.WARNING, Level.ERROR)


class Place(Struct, frozen=True, gc=False):
    """Where in a script: `url` is the script's label; line and column are 1-based, 0 when unknown."""

    url: str
    line: int
    column: int = 0
    script_id: str = ""  # where V8 told it: then `url` need not name one


class Branch(Struct, eq=False, gc=False):
    """A value that can be opened: those of a line (`member` None), or one that another value holds."""

    packed: bytes  # see `branch_of`
    member: Member | None = None
    is_open: bool = False
    asked: bool = False  # what it holds is on its way

    @property
    def remotes(self) -> tuple[Mapping[str, Any], ...]:
        """CDP RemoteObjects, a copy."""
        found: tuple[Mapping[str, Any], ...] = marshal.loads(self.packed)
        return found


def branch_of(remotes: Sequence[Mapping[str, Any]], member: Member | None = None) -> Branch:
    """RemoteObjects as they were parsed from JSON. Price: 2 us each; JSON itself has no words for half a surrogate."""
    values: Any = tuple(remotes)
    return Branch(marshal.dumps(values), member)


class Line(Struct, eq=False, gc=False):
    """One entry, its text plain and cut already. `branch` has its objects, which can be asked for what they hold until
    `released`; `inside` is the group that it stands in.
    """

    level: Level
    text: str
    at_us: int
    context_id: int
    origin: str = ""  # "file.js:12"
    depth: int = 0  # of console.group
    branch: Branch | None = None
    released: bool = False
    run_id: int | None = None
    place: Place | None = None  # of the call
    count: int = 1  # the same line this often in a row
    inside: Line | None = None
    is_group: bool = False
    closed: bool = False  # a group whose lines are hidden

    @property
    def hidden(self) -> bool:
        """A group around it is closed."""
        around = self.inside
        while around is not None and not around.closed:
            around = around.inside
        return around is not None

    def repeats(self, other: Line) -> bool:
        """Whether it only says again what `other` said: then that one counts."""
        same = (self.level, self.text, self.origin, self.context_id, self.inside, self.run_id)
        return same == (other.level, other.text, other.origin, other.context_id, other.inside, other.run_id) and (
            self.level in _REPEATED and self.branch is None and other.branch is None and not self.is_group
        )


class Row(Struct, eq=False, gc=False):
    line: Line
    text: str
    first: bool  # of its line
    branch: Branch | None = None  # what can be opened here
    level: int = 0  # steps beneath its line
    place: Place | None = None  # that the row names: where a function stands


class ConsoleLog(Struct):
    """Rows of one isolate, oldest first."""

    rows: list[Row] = field(default_factory=list)
    dropped: int = 0  # lines taken away because there were too many
    groups: dict[int, list[Line]] = field(default_factory=dict)  # open console.group by context, innermost last
    newest: Line | None = None
    _live: list[Line] = field(default_factory=list)  # lines whose objects V8 still holds

    def add(self, line: Line) -> list[Row]:
        """Append a line; returns its rows: none for one that repeats the newest, whose count goes up."""
        if self.newest is not None and line.repeats(self.newest):
            self.newest.count += 1
            return []
        self.newest = line
        rows = _rows_of(line)
        self.rows += rows
        if line.branch is not None:
            self._live.append(line)
        return rows

    def surplus(self) -> int:
        """How many rows are to be taken away from the front now: 0, or a good many."""
        over = len(self.rows) - MAX_ROWS
        return over + _TRIM_ROWS if over > 0 else 0

    def trim(self, count: int) -> list[Row]:
        """Take `count` rows away and say so in a gap row at the front; returns the rows that stand there now."""
        self.dropped += sum(row.first and row.line.level is not Level.GAP for row in self.rows[:count])
        lines = counted(self.dropped, "older line was", "older lines were")
        gap = Line(Level.GAP, f"{lines} dropped: the console keeps {MAX_ROWS:,} rows", 0, 0)
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
    groups = log.groups.setdefault(event.context_id, [])
    if event.level == "endGroup":
        if groups:
            groups.pop()
        return None
    is_group = event.level in ("startGroup", "startGroupCollapsed")
    text = table_text(event.args) if event.level == "table" else ""
    text = visible(text, TEXT_LIMIT, lines=True) if text else console_text(event.args, TEXT_LIMIT)
    if event.level == "assert":
        text = f"Assertion failed: {text}" if text else "Assertion failed"
    if event.stack:
        text = visible(f"{text or 'console.trace'}\n{event.stack}", TEXT_LIMIT, lines=True)
    remotes = [arg for arg in event.args if "objectId" in arg]
    line = Line(
        _LEVELS.get(event.level, Level.LOG),
        text or ("console.group" if is_group else ""),
        event.at_us,
        event.context_id,
        origin=_origin(event.url, event.line),
        depth=min(len(groups), 20),
        branch=branch_of(remotes) if remotes else None,
        run_id=event.run_id,
        place=Place(event.url, event.line) if event.url and event.line else None,
        inside=groups[-1] if groups else None,
        is_group=is_group,
        closed=event.level == "startGroupCollapsed",
    )
    if is_group and len(groups) < _MOST_GROUPS:
        groups.append(line)
    return line


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


def outcome_line(
    label: str, report: RunReport, at_us: int, context_id: int, run_id: int, *, told: bool = False
) -> Line:
    """How a run of a file ended, in one line (more when it threw and its stack was not `told` just before)."""
    took = format_ms(report.timings.whole_ms)
    name = visible(label, 80)
    if report.outcome is Outcome.COMPLETED:
        gave = f" → {visible(report.preview, LINE_LIMIT)}" if report.preview not in ("", "undefined") else ""
        return Line(Level.RUN, f"{name} completed in {took}{gave}", at_us, context_id, run_id=run_id)
    if report.error is not None:
        words = error_text(report.error)
        words = words.split("\n", 1)[0] if told else words
        return Line(Level.ERROR, f"{name} {report.outcome}: {words}", at_us, context_id, run_id=run_id)
    words = plain(f"{name} ended: {report.outcome}. {report.evidence}")
    level = Level.NOTE if report.outcome is Outcome.CANCELLED else Level.ERROR
    return Line(level, words, at_us, context_id, run_id=run_id)


def _rows_of(line: Line) -> list[Row]:
    if "\n" not in line.text and len(line.text) <= _ROW_CHARS:
        return [Row(line, line.text, True, line.branch)]
    parts = line.text.split("\n")
    if len(parts) > _MAX_PARTS:
        parts[_MAX_PARTS:] = [f"… (+{len(parts) - _MAX_PARTS} lines)"]
    rows = [
        Row(line, part if len(part) <= _ROW_CHARS else f"{part[:_ROW_CHARS]}…", index == 0)
        for index, part in enumerate(parts)
    ]
    rows[0].branch = line.branch
    return rows


def _origin(url: str, line: int) -> str:
    if not url:
        return ""
    name = short_label(url, 60)
    return f"{name}:{line}" if line else name
