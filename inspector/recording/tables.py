"""The tables of a recording: how each row is asked for, and what it becomes."""

from __future__ import annotations

from inspector.recording.reading import Cells, read_json
from inspector.recording.tracks import (
    ContextTrack,
    DropTrack,
    HeapProfileTrack,
    HostTrack,
    IsolateTrack,
    LimitTrack,
    ProblemTrack,
    RunTrack,
    ScriptTrack,
)

META = "SELECT key, value FROM meta"
HOSTS = (
    "SELECT host_id, letter, pid, engine, v8_version, v8_flags, lacks, alone, started_us, ended_us, end_state, "
    "exit_code, end_reason, last_words FROM hosts ORDER BY host_id"
)
ISOLATES = (
    "SELECT isolate_id, host_id, name, memory_limit_bytes, v8_limit_bytes, alone, on_limit, replaces_isolate_id, "
    "created_us, ended_us, end_state, end_reason FROM isolates ORDER BY isolate_id"
)
CONTEXTS = (
    "SELECT isolate_id, context_id, name, is_default, created_us, released_us, release_reason FROM contexts "
    "WHERE isolate_id = ? ORDER BY created_us"
)
SCRIPTS = (
    "SELECT isolate_id, script_id, context_id, at_us, url, path, length, hash, kind, internal FROM scripts "
    "WHERE isolate_id = ? ORDER BY at_us"
)
SOURCE = "SELECT source FROM sources WHERE hash = ?"
RUNS = (
    "SELECT run_id, isolate_id, context_id, label, path, kind, queued_us, started_us, settled_us, outcome, evidence, "
    "script_id, compile_ms, run_ms, cpu_ms, queued_ms, used_bytes, external_bytes, peak_used_bytes, peak_from, "
    "preview, error FROM runs WHERE ? IS NULL OR isolate_id = ? ORDER BY run_id"
)
LIMITS = (
    "SELECT at_us, isolate_id, outcome, used_bytes, external_bytes, limit_bytes, run_id FROM limit_hits ORDER BY at_us"
)
PROBLEMS = "SELECT at_us, severity, action, cause, remedy, isolate_id, host_id FROM problems ORDER BY at_us"
DROPS = "SELECT at_us, what, count, isolate_id, host_id FROM drops ORDER BY at_us"
CPU_NODES = (
    "SELECT node, parent, function, script_id, url, line, column FROM cpu_nodes WHERE isolate_id = ? ORDER BY node"
)
HEAP_PROFILE = "SELECT isolate_id, began_us, at_us, profile FROM heap_profiles WHERE isolate_id = ?"
HEAP_ISOLATES = "SELECT isolate_id FROM heap_profiles ORDER BY isolate_id"


def host(cells: Cells) -> HostTrack:
    return HostTrack(
        host_id=cells.whole(),
        letter=cells.text(),
        pid=cells.whole_or_none() or 0,
        engine=cells.text(),
        v8_version=cells.text(),
        v8_flags=tuple(str(flag) for flag in read_json(cells.text(), [])),
        lacks={str(name): str(reason) for name, reason in read_json(cells.text(), {}).items()},
        alone=cells.flag(),
        started_us=cells.whole(),
        ended_us=cells.whole_or_none(),
        end_state=cells.text(),
        exit_code=cells.whole_or_none(),
        end_reason=cells.text(),
        last_words=cells.text(),
    )


def isolate(cells: Cells) -> IsolateTrack:
    return IsolateTrack(
        isolate_id=cells.whole(),
        host_id=cells.whole(),
        name=cells.text(),
        memory_limit_bytes=cells.whole(),
        v8_limit_bytes=cells.whole(),
        alone=cells.flag(),
        on_limit=cells.text(),
        replaces_isolate_id=cells.whole_or_none(),
        created_us=cells.whole(),
        ended_us=cells.whole_or_none(),
        end_state=cells.text(),
        end_reason=cells.text(),
    )


def context(cells: Cells) -> ContextTrack:
    return ContextTrack(
        isolate_id=cells.whole(),
        context_id=cells.whole(),
        name=cells.text(),
        is_default=cells.flag(),
        created_us=cells.whole(),
        released_us=cells.whole_or_none(),
        release_reason=cells.text(),
    )


def script(cells: Cells) -> ScriptTrack:
    return ScriptTrack(
        isolate_id=cells.whole(),
        script_id=cells.text(),
        context_id=cells.whole(),
        at_us=cells.whole(),
        url=cells.text(),
        path=cells.text(),
        length=cells.whole(),
        hash=cells.text(),
        kind=cells.text(),
        internal=cells.flag(),
    )


def run(cells: Cells) -> RunTrack:
    return RunTrack(
        run_id=cells.whole(),
        isolate_id=cells.whole(),
        context_id=cells.whole(),
        label=cells.text(),
        path=cells.text(),
        kind=cells.text(),
        queued_us=cells.whole(),
        started_us=cells.whole_or_none(),
        settled_us=cells.whole_or_none(),
        outcome=cells.text(),
        evidence=cells.text(),
        script_id=cells.text(),
        compile_ms=cells.number_or_none(),
        run_ms=cells.number_or_none(),
        cpu_ms=cells.number_or_none(),
        queued_ms=cells.number_or_none(),
        used_bytes=cells.whole_or_none(),
        external_bytes=cells.whole_or_none(),
        peak_used_bytes=cells.whole_or_none(),
        peak_from=cells.text(),
        preview=cells.text(),
        error=read_json(cells.text(), {}) or None,
    )


def limit(cells: Cells) -> LimitTrack:
    return LimitTrack(
        at_us=cells.whole(),
        isolate_id=cells.whole(),
        outcome=cells.text(),
        used_bytes=cells.whole(),
        external_bytes=cells.whole(),
        limit_bytes=cells.whole(),
        run_id=cells.whole_or_none(),
    )


def problem(cells: Cells) -> ProblemTrack:
    return ProblemTrack(
        at_us=cells.whole(),
        severity=cells.text(),
        action=cells.text(),
        cause=cells.text(),
        remedy=cells.text(),
        isolate_id=cells.whole_or_none(),
        host_id=cells.whole_or_none(),
    )


def drop(cells: Cells) -> DropTrack:
    return DropTrack(
        at_us=cells.whole(),
        what=cells.text(),
        count=cells.whole(),
        isolate_id=cells.whole_or_none(),
        host_id=cells.whole_or_none(),
    )


def cpu_node(cells: Cells) -> tuple[int, int, str, str, str, int, int]:
    number, parent = cells.whole(), cells.whole()
    function, script_id, url = cells.text(), cells.text(), cells.text()
    return number, parent, function, script_id, url, cells.whole(), cells.whole()


def heap_profile(cells: Cells) -> HeapProfileTrack:
    return HeapProfileTrack(isolate_id=cells.whole(), began_us=cells.whole(), at_us=cells.whole(), profile=cells.raw())
