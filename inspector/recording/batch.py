"""Events as rows and arrays: what one commit writes. Belongs to the writer's thread."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeAlias

import numpy as np
import orjson
from msgspec.structs import asdict
from numpy.typing import NDArray

from inspector.events import (
    BytesDropped,
    ConsoleCleared,
    ConsoleDropped,
    ConsoleWritten,
    ContextCreated,
    ContextReleased,
    Event,
    ExceptionThrown,
    GcBatchArrived,
    HostLost,
    HostMeasured,
    HostStarted,
    HostStateChanged,
    IsolateCreated,
    IsolateEnded,
    IsolateStateChanged,
    LimitHit,
    MarkSet,
    ProblemReported,
    RunQueued,
    RunSettled,
    RunStarted,
    SampleBatchArrived,
    ScriptParsed,
)
from inspector.recording.cpu_tree import CpuTree
from inspector.recording.facts import CpuPieceTaken, HeapProfileTaken, SourceRead
from inspector.recording.layout import CONSOLE_KINDS, DTYPES, MARK_SOURCES, MESSAGE_KINDS, STATES
from inspector.states import HostState
from inspector.value_events import ValueMoved
from inspector.wire import GC_DTYPE, SAMPLE_DTYPE

__all__ = ["Batch", "Chunk", "Scope"]

Array: TypeAlias = NDArray[Any]
Chunk: TypeAlias = tuple[str, int | None, int, int, int, str, bytes, bytes | None]  # a row of `chunks`
Scope: TypeAlias = Collection[int] | None  # isolate ids, which may grow; None: all

_ARRAYS = {track: np.dtype(fields) for track, fields in DTYPES.items()}
_DECLARED = {track: orjson.dumps(fields).decode() for track, fields in DTYPES.items()}
_STATE = {name: index for index, name in enumerate(STATES)}
_LEVEL = {name: index for index, name in enumerate(CONSOLE_KINDS)}
_OTHER = _LEVEL["other"]
_LONGEST_LINE = 64 << 10  # bytes of one console line's JSON; a longer one is cut, and says so
_BIRTHS = "INSERT OR IGNORE INTO"


class Batch:
    """`add` events, then write `rows` and `chunks()`, then `clear`. Trees of profiles live as long as the batch."""

    def __init__(self, scope: Scope = None, *, values: bool = True) -> None:
        """`scope`: the isolates whose events are kept. `values`: whether console and results are."""
        self._scope = scope
        self._values = values
        self.rows: list[tuple[str, tuple[Any, ...]]] = []  # statement, parameters; in order
        self.events = 0
        self._lines: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self._texts: dict[str, bytearray] = defaultdict(bytearray)
        self._wire: dict[str, list[bytes]] = defaultdict(list)
        self._pieces: list[Chunk] = []
        self._trees: dict[int, CpuTree] = defaultdict(CpuTree)
        self._table: Mapping[type[Event], Callable[[Any], None]] = {
            BytesDropped: self._bytes_dropped,
            ConsoleCleared: lambda event: self._line(event, "cleared", b"[]"),
            ConsoleDropped: self._console_dropped,
            ConsoleWritten: self._console_written,
            ContextCreated: self._context_created,
            ContextReleased: self._context_released,
            CpuPieceTaken: self._cpu_piece_taken,
            ExceptionThrown: self._exception_thrown,
            GcBatchArrived: lambda event: self._wire["gcs"].append(event.records),
            HeapProfileTaken: self._heap_profile_taken,
            HostLost: self._host_lost,
            HostMeasured: self._host_measured,
            HostStarted: self._host_started,
            HostStateChanged: self._host_state_changed,
            IsolateCreated: self._isolate_created,
            IsolateEnded: self._isolate_ended,
            IsolateStateChanged: self._isolate_state_changed,
            LimitHit: self._limit_hit,
            MarkSet: self._mark_set,
            ProblemReported: self._problem_reported,
            RunQueued: self._run_queued,
            RunSettled: self._run_settled,
            RunStarted: self._run_started,
            SampleBatchArrived: lambda event: self._wire["samples"].append(event.records),
            ScriptParsed: self._script_parsed,
            SourceRead: self._source_read,
            ValueMoved: self._value_moved,
        }

    def add(self, events: Iterable[Event]) -> None:
        table, scope = self._table, self._scope
        for event in events:
            put = table.get(type(event))
            if put is None or (scope is not None and getattr(event, "isolate_id", None) not in (None, 0, *scope)):
                continue
            put(event)
            self.events += 1

    def chunks(self) -> list[Chunk]:
        """What was gathered for `chunks`, a row per track."""
        made = [chunk for track, raw in self._wire.items() if (chunk := self._from_wire(track, b"".join(raw)))]
        for track, lines in self._lines.items():
            if not lines:  # a host was measured whose isolates are none of the scope's
                continue
            records = np.array(lines, _ARRAYS[track])
            texts = bytes(self._texts[track]) if track in self._texts else None
            made.append(chunk_of(track, records, texts))
        return made + self._pieces

    def clear(self) -> None:
        self.rows.clear()
        self._lines.clear()
        self._texts.clear()
        self._wire.clear()
        self._pieces.clear()

    # --- hosts and isolates ---

    def _host_started(self, event: HostStarted) -> None:
        lacks = {name: reason for name, reason in event.capabilities.items() if reason}
        row = (event.host_id, event.letter, event.pid, event.engine, event.v8_version, _json(event.v8_flags))
        self._do(
            f"{_BIRTHS} hosts (host_id, letter, pid, engine, v8_version, v8_flags, lacks, alone, started_us) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *row, _json(lacks), event.alone, event.at_us,
        )  # fmt: skip

    def _host_state_changed(self, event: HostStateChanged) -> None:
        if event.state is HostState.CLOSED:
            self._do(
                "UPDATE hosts SET ended_us = ?, end_state = ? WHERE host_id = ?",
                event.at_us, str(event.state), event.host_id,
            )  # fmt: skip

    def _host_lost(self, event: HostLost) -> None:
        self._do(
            "UPDATE hosts SET ended_us = ?, end_state = ?, exit_code = ?, end_reason = ?, last_words = ? "
            "WHERE host_id = ?",
            event.at_us, str(HostState.LOST), event.exit_code, event.reason, event.last_words, event.host_id,
        )  # fmt: skip

    def _host_measured(self, event: HostMeasured) -> None:
        self._lines["host_figures"].append((event.host_id, 0, event.at_us, event.resident_bytes, event.cpu_us))
        self._lines["isolate_times"] += [
            (one, 0, event.at_us, -1 if cpu is None else cpu, -1 if run is None else run)
            for one, cpu, run in event.isolates
            if self._scope is None or one in self._scope
        ]

    def _isolate_created(self, event: IsolateCreated) -> None:
        limits = (event.memory_limit_bytes, event.v8_limit_bytes, event.alone, event.on_limit)
        row = (event.isolate_id, event.host_id, event.name, *limits, event.replaces_isolate_id)
        self._do(
            f"{_BIRTHS} isolates (isolate_id, host_id, name, memory_limit_bytes, v8_limit_bytes, alone, on_limit, "
            "replaces_isolate_id, birth, created_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *row, _json(asdict(event.birth)), event.at_us,
        )  # fmt: skip

    def _isolate_state_changed(self, event: IsolateStateChanged) -> None:
        self._lines["states"].append((event.isolate_id, _STATE[str(event.state)], event.at_us))

    def _isolate_ended(self, event: IsolateEnded) -> None:
        self._lines["states"].append((event.isolate_id, _STATE[str(event.state)], event.at_us))
        ledger = None if event.ledger is None else _json(asdict(event.ledger))
        self._do(
            "UPDATE isolates SET ended_us = ?, end_state = ?, end_reason = ?, ledger = ? WHERE isolate_id = ?",
            event.at_us, str(event.state), event.reason, ledger, event.isolate_id,
        )  # fmt: skip

    def _limit_hit(self, event: LimitHit) -> None:
        figures = (event.used_bytes, event.external_bytes, event.limit_bytes, event.run_id)
        row = (event.at_us, event.isolate_id, str(event.outcome), *figures)
        self._do("INSERT INTO limit_hits VALUES (?, ?, ?, ?, ?, ?, ?)", *row)

    def _context_created(self, event: ContextCreated) -> None:
        row = (event.isolate_id, event.context_id, event.name, event.is_default, event.replaces_context_id)
        self._do(
            f"{_BIRTHS} contexts (isolate_id, context_id, name, is_default, replaces_context_id, created_us) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            *row, event.at_us,
        )  # fmt: skip

    def _context_released(self, event: ContextReleased) -> None:
        self._do(
            "UPDATE contexts SET released_us = ?, release_reason = ? WHERE isolate_id = ? AND context_id = ?",
            event.at_us, event.reason, event.isolate_id, event.context_id,
        )  # fmt: skip

    # --- scripts and runs ---

    def _script_parsed(self, event: ScriptParsed) -> None:
        where = (event.isolate_id, event.script_id, event.context_id, event.at_us, event.url, event.path)
        row = (*where, event.length, event.hash, str(event.kind), event.internal)
        self._do(f"{_BIRTHS} scripts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", *row)

    def _source_read(self, event: SourceRead) -> None:
        if self._values:
            self._do(f"{_BIRTHS} sources VALUES (?, ?)", event.hash, event.source)

    def _run_queued(self, event: RunQueued) -> None:
        row = (event.run_id, event.isolate_id, event.context_id, event.label, event.path, str(event.kind), event.at_us)
        self._do(
            f"{_BIRTHS} runs (run_id, isolate_id, context_id, label, path, kind, queued_us) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            *row,
        )

    def _run_started(self, event: RunStarted) -> None:
        self._do("UPDATE runs SET started_us = coalesce(started_us, ?) WHERE run_id = ?", event.at_us, event.run_id)

    def _run_settled(self, event: RunSettled) -> None:
        report = event.report
        timings, heap = report.timings, report.heap
        figures: tuple[Any, ...] = (None,) * 4
        if heap is not None:
            figures = (heap.used_bytes, heap.external_bytes, heap.peak_used_bytes, heap.peak_from)
        words = (report.preview, None if report.error is None else _json(asdict(report.error)))
        self._do(
            "UPDATE runs SET settled_us = ?, outcome = ?, evidence = ?, script_id = ?, compile_ms = ?, run_ms = ?, "
            "cpu_ms = ?, queued_ms = ?, used_bytes = ?, external_bytes = ?, peak_used_bytes = ?, peak_from = ?, "
            "preview = ?, error = ? WHERE run_id = ?",
            event.at_us, str(report.outcome), report.evidence, report.script_id, timings.compile_ms, timings.run_ms,
            timings.cpu_ms, timings.queued_ms, *figures, *(words if self._values else (None, None)), event.run_id,
        )  # fmt: skip

    # --- what is many ---

    def _console_written(self, event: ConsoleWritten) -> None:
        if self._values:
            self._line(event, event.level, _line_json(event.url, event.args), event.line, event.run_id)

    def _exception_thrown(self, event: ExceptionThrown) -> None:
        if self._values:
            error = event.error
            args = ({"type": "object", "subtype": "error", "description": error.stack or error.message},)
            self._line(event, "exception", _line_json(error.file, args), error.line, event.run_id)

    def _console_dropped(self, event: ConsoleDropped) -> None:
        self._line(event, "dropped", b"[%d]" % event.count)
        self._drop(event.at_us, "console lines", event.count, event.isolate_id, None)

    def _line(self, event: Any, kind: str, text: bytes, line: int = 0, run_id: int | None = None) -> None:
        texts = self._texts["console"]
        context_id = getattr(event, "context_id", 0)
        self._lines["console"].append(
            (event.isolate_id, _LEVEL.get(kind, _OTHER), event.at_us, context_id, -1 if run_id is None else run_id,
             line, len(texts), len(text))
        )  # fmt: skip
        texts += text

    def _mark_set(self, event: MarkSet) -> None:
        texts, name = self._texts["marks"], event.name.encode("utf-8", "surrogatepass")[:1000]
        row = (event.isolate_id, MARK_SOURCES.index(event.source), event.at_us, len(texts), len(name))
        self._lines["marks"].append(row)
        texts += name

    def _value_moved(self, event: ValueMoved) -> None:
        """The value's text stays out: a name and a size are what a time axis needs."""
        if self._scope is not None and not {event.from_isolate_id, event.to_isolate_id} & set(self._scope):
            return
        texts, name = self._texts["messages"], event.name.encode("utf-8", "replace")[:1000]
        arrived = event.outcome == "arrived"
        kind = event.mode if arrived else "refused"
        number = MESSAGE_KINDS.index(kind) if kind in MESSAGE_KINDS else MESSAGE_KINDS.index("copy")
        sent_us = event.at_us - event.out_us - event.in_us - event.waited_us
        self._lines["messages"].append(
            (event.from_isolate_id or 0, event.to_isolate_id or 0, number, 0, sent_us,
             event.at_us if arrived else -1, event.size_bytes, len(texts), len(name))
        )  # fmt: skip
        texts += name

    def _bytes_dropped(self, event: BytesDropped) -> None:
        self._drop(event.at_us, event.what, event.count, None, event.host_id)

    def _drop(self, at_us: int, what: str, count: int, isolate_id: int | None, host_id: int | None) -> None:
        self._do("INSERT INTO drops VALUES (?, ?, ?, ?, ?)", at_us, what, count, isolate_id, host_id)

    def _problem_reported(self, event: ProblemReported) -> None:
        words = (event.severity, event.action, event.cause, event.remedy)
        row = (event.at_us, *words, event.isolate_id, event.host_id)
        self._do("INSERT INTO problems VALUES (?, ?, ?, ?, ?, ?, ?)", *row)

    # --- profiles ---

    def _cpu_piece_taken(self, event: CpuPieceTaken) -> None:
        try:
            piece = self._trees[event.isolate_id].add(event.profile)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            self._drop(event.at_us, f"a piece of a CPU profile ({type(error).__name__})", 1, event.isolate_id, None)
            return
        for node in piece.nodes:
            self._do("INSERT INTO cpu_nodes VALUES (?, ?, ?, ?, ?, ?, ?, ?)", event.isolate_id, *node)
        self._pieces.append(chunk_of("cpu_samples", piece.samples, None, event.isolate_id))
        if len(piece.lines):
            first, last = int(piece.samples["at_us"][0]), int(piece.samples["at_us"][-1])
            declared, raw = _DECLARED["cpu_lines"], piece.lines.tobytes()
            self._pieces.append(("cpu_lines", event.isolate_id, first, last, len(piece.lines), declared, raw, None))

    def _heap_profile_taken(self, event: HeapProfileTaken) -> None:
        row = (event.isolate_id, event.began_us, event.at_us, orjson.dumps(event.profile))
        self._do("INSERT OR REPLACE INTO heap_profiles VALUES (?, ?, ?, ?)", *row)

    # --- inside ---

    def _do(self, statement: str, *parameters: Any) -> None:
        self.rows.append((statement, parameters))

    def _from_wire(self, track: str, raw: bytes) -> Chunk | None:
        given = np.frombuffer(raw, SAMPLE_DTYPE if track == "samples" else GC_DTYPE)
        if self._scope is not None:
            given = given[np.isin(given["isolate_id"], list(self._scope))]
        if not len(given):
            return None
        records = np.zeros(len(given), _ARRAYS[track])
        for name in records.dtype.names or ():
            records[name] = given[name]
        return chunk_of(track, records, None)


def chunk_of(track: str, records: Array, texts: bytes | None, isolate_id: int | None = None) -> Chunk:
    """A row of `chunks` of records that have `at_us`."""
    at_us = records["at_us"]
    first, last = int(at_us.min()), int(at_us.max())
    return (track, isolate_id, first, last, len(records), _DECLARED[track], records.tobytes(), texts)


def _line_json(url: str, args: tuple[Mapping[str, Any], ...]) -> bytes:
    try:
        text = orjson.dumps((url, args))
    except TypeError:  # half a surrogate pair: JSON's own escapes can hold it
        text = json.dumps((url, args)).encode()
    if len(text) <= _LONGEST_LINE:
        return text
    from inspector.values import console_text

    short = console_text(args, _LONGEST_LINE // 8)
    return orjson.dumps((url, ({"type": "string", "value": short},)))


def _json(value: Any) -> str:
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value)
