"""What a row of the tree says: its name, the quieter words after it, and its figures. All of it plain text, cut at a
length.
"""

from __future__ import annotations

from typing import Protocol

from inspector.states import HostState, IsolateState, Outcome
from inspector.text import visible
from inspector.units import format_bytes
from ui.models.debuggers import attached_count, debugger_tip
from ui.models.growth import Growth as Slope
from ui.models.labels import short_label
from ui.models.pool_state import PoolState
from ui.models.records import ContextRecord, HostRecord, IsolateRecord, ScriptRecord
from ui.models.tree_nodes import Kind, Node

__all__ = [
    "COLUMNS",
    "COLUMN_HELP",
    "GROWTH",
    "HEAP",
    "LIMIT",
    "NAME",
    "SPARK",
    "Growth",
    "Wording",
    "format_growth",
    "growth_meaning",
]

NAME, HEAP, LIMIT, GROWTH, SPARK = range(5)
COLUMNS = ("Isolates", "Heap used", "Limit", "Growth", "Last 60 s")
COLUMN_HELP = (
    "Isolates, their contexts, and the scripts that V8 parsed in them.",
    "Bytes of live and not yet collected objects in V8's heap (used_heap_size).",
    "The memory limit that was asked for: it caps used + off-heap bytes after a garbage collection.",
    "Slope of the heap after garbage collection over the last 60 s; “–” until three collections were seen. “~”: from"
    " young collections alone, whose rest includes garbage that only a full one finds.",
    "Heap used over the last 60 s, from zero to its own maximum.",
)


class Growth(Protocol):
    """Who knows how fast a heap grows (`ui.models.series.SeriesStore` does)."""

    def growth_detail(self, isolate_id: int) -> Slope | None: ...


class Wording:
    """Texts of nodes, from the records."""

    def __init__(self, state: PoolState, growth: Growth | None = None) -> None:
        self._state = state
        self.growth = growth

    def name(self, node: Node) -> str:
        record = node.record
        match node.kind:
            case Kind.POOL:
                return "All isolates"
            case Kind.HOST:
                return f"Host process {record.started.letter}"
            case Kind.ISOLATE:
                return visible(record.name)
            case Kind.CONTEXT:
                return visible(record.created.name or f"context {record.context_id}", 80)
            case Kind.SCRIPT:
                return script_name(record)

    def secondary(self, node: Node) -> str:
        """The quieter words after the name."""
        match node.kind:
            case Kind.POOL:
                live = len(self._state.live_isolates())
                ended = f" · {len(self._state.isolates) - live} ended" if self._ended() else ""
                return f"{live} live{ended} · {self._heap_words(list(self._state.isolates))}"
            case Kind.HOST:
                return f"{_host_words(node.record)} · {self._heap_words(node.record.isolate_ids)}"
            case Kind.ISOLATE:
                return _isolate_words(node.record)
            case Kind.CONTEXT:
                return _context_words(node.record)
            case Kind.SCRIPT:
                return _script_words(node.record, running=self._runs_now(node.record))

    def figure(self, node: Node, column: int) -> str:
        """The text of a figure column; "" where the row has none."""
        if node.kind is Kind.ISOLATE:
            return self._isolate_figure(node.record, column)
        return ""

    def _heap_words(self, isolate_ids: list[int]) -> str:
        """The sum over those that live."""
        records = [self._state.isolates[one] for one in isolate_ids if one in self._state.isolates]
        return f"{format_bytes(sum(one.figures.used_bytes for one in records if one.state.alive))} heap used"

    def spoken(self, node: Node) -> str:
        """The whole row as one line, for a screen reader."""
        parts = [f"{node.kind.value} {self.name(node)}", self.secondary(node)]
        parts += [
            f"{COLUMNS[column]} {self.figure(node, column)}"
            for column in (HEAP, LIMIT, GROWTH)
            if self.figure(node, column)
        ]
        return ", ".join(part for part in parts if part)

    def growth_tip(self, node: Node) -> str:
        """What the growth of a row rests on."""
        if node.kind is not Kind.ISOLATE or self.growth is None:
            return COLUMN_HELP[GROWTH]
        return growth_meaning(self.growth.growth_detail(node.record.isolate_id))

    def tip(self, node: Node) -> str:
        """A longer explanation for hovering."""
        record = node.record
        match node.kind:
            case Kind.ISOLATE:
                state: IsolateState = record.state
                return "\n".join(
                    part
                    for part in (
                        self.name(node),
                        state.sentence,
                        visible(record.reason, 400),
                        debugger_tip(record.debuggers),
                    )
                    if part
                )
            case Kind.HOST:
                return "\n".join(part for part in (record.state.sentence, visible(record.reason, 400)) if part)
            case Kind.SCRIPT:
                parsed = record.parsed
                path = f"File: {visible(parsed.path, 400)}" if parsed.path else "Not from a file"
                return f"Label: {visible(parsed.url or '(none)', 400)}\n{path}\n{parsed.kind.sentence}"
            case Kind.CONTEXT:
                return "A global object with its own globals; it shares the isolate's heap and thread."
        return "Every isolate of this window. Drop files here to run them in each one."

    def _runs_now(self, script: ScriptRecord) -> bool:
        """A run of the script's file goes on in its context."""
        parsed = script.parsed
        isolate = self._state.isolates.get(parsed.isolate_id)
        return (
            bool(parsed.path)
            and isolate is not None
            and any(
                run.active
                and run.started_us is not None
                and run.queued.path == parsed.path
                and run.queued.context_id == parsed.context_id
                for run in isolate.runs
            )
        )

    def _ended(self) -> bool:
        return any(not record.state.alive for record in self._state.isolates.values())

    def _isolate_figure(self, record: IsolateRecord, column: int) -> str:
        if column == HEAP:
            return format_bytes(record.figures.used_bytes) if record.figures.at_us else "–"
        if column == LIMIT:
            return format_bytes(record.created.memory_limit_bytes)
        if column == GROWTH:
            return format_growth(self.growth.growth_detail(record.isolate_id) if self.growth else None)
        return ""


def format_growth(slope: Slope | None) -> str:
    """ "+3.1 KiB/s", "-1.2 MiB/s", "0 B/s"; "~" before it when it rests on young collections; "–" with too few."""
    if slope is None:
        return "–"
    bytes_per_s = slope.bytes_per_s
    sign = "+" if bytes_per_s >= 1 else "-" if bytes_per_s <= -1 else ""
    return f"{'' if slope.full else '~'}{sign}{format_bytes(abs(round(bytes_per_s)))}/s"


def growth_meaning(slope: Slope | None) -> str:
    """On which collections the figure rests."""
    if slope is None:
        return "Slope of the heap after garbage collection over the last 60 s; “–” until three collections were seen."
    if slope.full:
        return f"Slope of the heap after {slope.collections} full collections within 60 s: what they leave is alive."
    return (
        f"Slope of the heap after {slope.collections} young collections within 60 s. What they leave includes garbage"
        " that only a full one finds: no proof of a leak. Collect garbage three times to know."
    )


def script_name(record: ScriptRecord) -> str:
    """The last part of the label; the whole label and the real path are in the tip."""
    return short_label(record.parsed.url or f"(script {record.parsed.script_id})")


def _host_words(record: HostRecord) -> str:
    if record.state is HostState.LOST:
        return f"lost · {visible(record.reason, 120)}"
    words = [f"pid {record.started.pid}"]
    if record.resident_bytes:
        words.append(f"{format_bytes(record.resident_bytes)} resident")
    if record.started.alone:
        words.append("one isolate, alone")
    if record.state is not HostState.READY:
        words.append(str(record.state))
    return " · ".join(words)


def _isolate_words(record: IsolateRecord) -> str:
    mark = attached_count(record.debuggers) if record.debuggers else "debuggable" if record.debugger_url else ""
    if not mark:
        return _state_words(record)
    words = str(record.state) if record.state is IsolateState.PAUSED else _state_words(record)
    return f"{mark} · {words}"  # the mark first: where there is room for one word, the icon tells the state


def _state_words(record: IsolateRecord) -> str:
    state = "not answering" if record.state is IsolateState.WEDGED else str(record.state)
    told = record.state in (IsolateState.CRASHED, IsolateState.PAUSED, IsolateState.WEDGED, IsolateState.DISPOSED)
    if told and record.reason:
        return f"{state} · {visible(record.reason, 120)}"
    report = record.last_run.report if record.last_run is not None else None
    if report is None or report.outcome is Outcome.COMPLETED:
        return state
    return f"{state} · {report.outcome}"  # of its last run: a file that V8 could not parse has no row to tell it


def _context_words(record: ContextRecord) -> str:
    if record.replaced_by is not None or record.released == "replaced":
        return "replaced"
    return record.released or ("default context" if record.created.is_default else "context")


def _script_words(record: ScriptRecord, *, running: bool) -> str:
    words = [format_bytes(record.parsed.length)]
    file = record.parsed.path.replace("\\", "/").rsplit("/", 1)[-1]
    if file and visible(file, 80) != script_name(record):  # it calls itself something else
        words.insert(0, f"file {visible(file, 60)}")
    if record.parsed.kind.value == "module":
        words.append("module")
    if record.runs:
        words.append("1 run" if record.runs == 1 else f"{record.runs} runs")
    elif not running:
        words.append("no run yet")
    if running:
        words.append("runs now")
    elif record.outcome is not None:
        words.append(str(record.outcome))
    if record.on_disk:
        words.append(record.on_disk)
    return " · ".join(words)
