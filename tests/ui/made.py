"""Events as the pool sends them, with little to write."""

from __future__ import annotations

from typing import Any

from inspector.events import (
    Birth,
    ConsoleWritten,
    ContextCreated,
    HostStarted,
    IsolateCreated,
    RunQueued,
    RunReport,
    RunSettled,
    RunTimings,
    SampleBatchArrived,
    ScriptError,
    ScriptParsed,
)
from inspector.states import Capability, Outcome, SourceKind
from inspector.wire import SAMPLE

MIB = 1 << 20


def host(host_id: int = 1, **changes: Any) -> HostStarted:
    values: dict[str, Any] = {
        "at_us": 1,
        "host_id": host_id,
        "letter": "ABCDEFGH"[host_id - 1],
        "pid": 4000 + host_id,
        "engine": "native",
        "engine_reason": "all checks passed",
        "v8_version": "14.4.1",
        "v8_flags": (),
        "capabilities": {str(one): "" for one in Capability},
        "walls": {"no core dumps": ""},
        "start_ms": 120.0,
        "alone": False,
    }
    return HostStarted(**{**values, **changes})


def isolate(isolate_id: int = 1, host_id: int = 1, name: str = "") -> IsolateCreated:
    birth = Birth(None, 1.5, 0.4, 0.9, 0.7, 800_000)
    return IsolateCreated(1, isolate_id, host_id, name or f"isolate {isolate_id}", 128 * MIB, 160 * MIB, False, birth)


def context(isolate_id: int = 1, context_id: int = 1, **changes: Any) -> ContextCreated:
    values: dict[str, Any] = {"name": "main", "is_default": True, "replaces_context_id": None}
    return ContextCreated(1, isolate_id, context_id, **{**values, **changes})


def script(isolate_id: int = 1, context_id: int = 1, script_id: str = "7", url: str = "leak.js") -> ScriptParsed:
    return ScriptParsed(
        1, isolate_id, context_id, script_id, url, f"/files/{url}", 2048, "ab", SourceKind.SCRIPT, False
    )


def samples(*entries: tuple[int, int], at_us: int = 1000) -> SampleBatchArrived:
    """`entries`: (isolate id, used bytes)."""
    records = b"".join(
        SAMPLE.pack(one, 1, at_us, 10, 4 * MIB, 0, 3 * MIB, 0, used, 160 * MIB, 99, 5000, 0, 0, 2, 0, 0, 0, used * 2)
        for one, used in entries
    )
    return SampleBatchArrived(at_us, 1, records)


def written(text: str, isolate_id: int = 1, context_id: int = 1, level: str = "log") -> ConsoleWritten:
    return ConsoleWritten(5, isolate_id, context_id, level, ({"type": "string", "value": text},), "file.js", 3)


def queued(run_id: int = 1, isolate_id: int = 1, label: str = "leak.js", waits_for: str = "") -> RunQueued:
    path = "" if label == "console input" else f"/files/{label}"
    return RunQueued(10, run_id, isolate_id, 1, label, path, SourceKind.SCRIPT, waits_for)


def settled(
    run_id: int = 1,
    isolate_id: int = 1,
    outcome: Outcome = Outcome.COMPLETED,
    *,
    preview: str = "",
    error: ScriptError | None = None,
    script_id: str = "7",
) -> RunSettled:
    report = RunReport(
        outcome, "it settled", None, False, None, preview, error, RunTimings(1.0, 12.0, 3.0), None, script_id
    )
    return RunSettled(20, run_id, isolate_id, 1, report)


def thrown(message: str = "no such thing") -> ScriptError:
    return ScriptError("TypeError", message, "leak.js", 3, 7, f"TypeError: {message}\n    at leak.js:3:7")
