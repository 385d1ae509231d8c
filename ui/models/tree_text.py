"""What a row of the tree says: its name, the quieter words after it, and its figures. All of it plain text, cut at a
length.
"""

from __future__ import annotations

from typing import Protocol

from inspector.states import HostState, IsolateState
from inspector.text import visible
from inspector.units import format_bytes
from ui.models.pool_state import PoolState
from ui.models.records import ContextRecord, HostRecord, IsolateRecord, ScriptRecord
from ui.models.tree_nodes import Kind, Node

__all__ = ["COLUMNS", "COLUMN_HELP", "GROWTH", "HEAP", "LIMIT", "NAME", "SPARK", "Growth", "Wording", "format_growth"]

NAME, HEAP, LIMIT, GROWTH, SPARK = range(5)
COLUMNS = ("Isolates", "Heap used", "Limit", "Growth", "Last 60 s")
COLUMN_HELP = (
    "Isolates, their contexts, and the scripts that V8 parsed in them.",
    "Bytes of live and not yet collected objects in V8's heap (used_heap_size).",
    "The memory limit that was asked for: it caps used + off-heap bytes after a garbage collection.",
    "Slope of the heap after garbage collection over the last 60 s; “–” until three collections were seen.",
    "Heap used over the last 60 s, from zero to its own maximum.",
)


class Growth(Protocol):
    """Who knows how fast a heap grows (`ui.models.series.SeriesStore` does)."""

    def growth(self, isolate_id: int) -> float | None: ...


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
                return visible(record.name, 80)
            case Kind.CONTEXT:
                return visible(record.created.name or f"context {record.context_id}", 80)
            case Kind.SCRIPT:
                return script_name(record)

    def secondary(self, node: Node) -> str:
        """The quieter words after the name."""
        match node.kind:
            case Kind.POOL:
                live = len(self._state.live_isolates())
                return f"{live} live" + (f" · {len(self._state.isolates) - live} ended" if self._ended() else "")
            case Kind.HOST:
                return _host_words(node.record)
            case Kind.ISOLATE:
                return _isolate_words(node.record)
            case Kind.CONTEXT:
                return _context_words(node.record)
            case Kind.SCRIPT:
                return _script_words(node.record)

    def figure(self, node: Node, column: int) -> str:
        """The text of a figure column; "" where the row has none."""
        if node.kind is Kind.ISOLATE:
            return self._isolate_figure(node.record, column)
        if column == HEAP and node.kind in (Kind.POOL, Kind.HOST):
            ids = list(self._state.isolates) if node.kind is Kind.POOL else node.record.isolate_ids
            records = [self._state.isolates[one] for one in ids if one in self._state.isolates]
            return format_bytes(sum(one.figures.used_bytes for one in records if one.state.alive)) if records else ""
        return ""

    def spoken(self, node: Node) -> str:
        """The whole row as one line, for a screen reader."""
        parts = [f"{node.kind.value} {self.name(node)}", self.secondary(node)]
        parts += [
            f"{COLUMNS[column]} {self.figure(node, column)}"
            for column in (HEAP, LIMIT, GROWTH)
            if self.figure(node, column)
        ]
        return ", ".join(part for part in parts if part)

    def tip(self, node: Node) -> str:
        """A longer explanation for hovering."""
        record = node.record
        match node.kind:
            case Kind.ISOLATE:
                state: IsolateState = record.state
                return "\n".join(
                    part for part in (self.name(node), state.sentence, visible(record.reason, 400)) if part
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

    def _ended(self) -> bool:
        return any(not record.state.alive for record in self._state.isolates.values())

    def _isolate_figure(self, record: IsolateRecord, column: int) -> str:
        if column == HEAP:
            return format_bytes(record.figures.used_bytes) if record.figures.at_us else "–"
        if column == LIMIT:
            return format_bytes(record.created.memory_limit_bytes)
        if column == GROWTH:
            return format_growth(self.growth.growth(record.isolate_id) if self.growth else None)
        return ""


def format_growth(bytes_per_s: float | None) -> str:
    """ "+3.1 KiB/s", "-1.2 MiB/s", "0 B/s"; "–" while fewer than three collections were seen."""
    if bytes_per_s is None:
        return "–"
    sign = "+" if bytes_per_s >= 1 else "-" if bytes_per_s <= -1 else ""
    return f"{sign}{format_bytes(abs(round(bytes_per_s)))}/s"


def script_name(record: ScriptRecord) -> str:
    """The last part of the label; the whole label and the real path are in the tip."""
    label = record.parsed.url or f"(script {record.parsed.script_id})"
    return visible(label.rstrip("/").rsplit("/", 1)[-1] or label, 80)


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
    state = "not answering" if record.state is IsolateState.WEDGED else str(record.state)
    told = record.state in (IsolateState.CRASHED, IsolateState.PAUSED, IsolateState.WEDGED, IsolateState.DISPOSED)
    return f"{state} · {visible(record.reason, 120)}" if told and record.reason else state


def _context_words(record: ContextRecord) -> str:
    if record.replaced_by is not None or record.released == "replaced":
        return "replaced"
    return record.released or ("default context" if record.created.is_default else "context")


def _script_words(record: ScriptRecord) -> str:
    words = [format_bytes(record.parsed.length)]
    if record.parsed.kind.value == "module":
        words.append("module")
    if record.runs:
        words.append("1 run" if record.runs == 1 else f"{record.runs} runs")
    if record.outcome is not None:
        words.append(str(record.outcome))
    return " · ".join(words)
