"""A run's report as the host sends it (JSON, camelCase) -> `RunReport`. `inspector.host.reports` writes it.

A field that is missing or of the wrong type takes the value that says "unknown"; an unknown outcome raises `LinkError`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inspector.errors import LinkError
from inspector.events import RunHeap, RunReport, RunTimings, ScriptError
from inspector.states import Outcome

__all__ = ["read_report", "report_without_host", "script_error"]


def read_report(raw: Mapping[str, Any]) -> RunReport:
    """The report of one run. Raises `LinkError` when it names no outcome that exists."""
    try:
        outcome = Outcome(str(raw.get("outcome")))
    except ValueError:
        raise LinkError("Read a run's report", f"{raw.get('outcome')!r} is no outcome") from None
    result = raw.get("result")
    error = raw.get("error")
    heap = raw.get("heap")
    return RunReport(
        outcome=outcome,
        evidence=_text(raw, "evidence"),
        result=result if isinstance(result, Mapping) else None,
        has_value=raw.get("hasValue") is True,
        value=result.get("value")
        if raw.get("valueIsInResult") is True and isinstance(result, Mapping)
        else raw.get("value"),
        preview=_text(raw, "preview"),
        error=script_error(error) if isinstance(error, Mapping) else None,
        timings=_timings(_object(raw, "timings")),
        heap=_heap(heap) if isinstance(heap, Mapping) else None,
        script_id=_text(raw, "scriptId"),
    )


def report_without_host(outcome: Outcome, evidence: str, error: ScriptError | None = None) -> RunReport:
    """The report of a run that never reached its end in a host: it was withdrawn, or the host is gone."""
    return RunReport(outcome, evidence, None, False, None, "", error, RunTimings(None, 0.0, None), None)


def script_error(raw: Mapping[str, Any]) -> ScriptError:
    """An error in the host's words: 1-based line and column, 0 when unknown."""
    return ScriptError(
        name=_text(raw, "name"),
        message=_text(raw, "message"),
        file=_text(raw, "file"),
        line=_whole(raw, "line"),
        column=_whole(raw, "column"),
        stack=_text(raw, "stack"),
        source_line=_text(raw, "sourceLine"),
    )


def _timings(raw: Mapping[str, Any]) -> RunTimings:
    return RunTimings(
        compile_ms=_number_if_any(raw, "compileMs"),
        run_ms=_number(raw, "runMs"),
        cpu_ms=_number_if_any(raw, "cpuMs"),
        queued_ms=_number(raw, "queuedMs"),
    )


def _heap(raw: Mapping[str, Any]) -> RunHeap:
    return RunHeap(
        used_bytes=_whole(raw, "usedBytes"),
        external_bytes=_whole(raw, "externalBytes"),
        peak_used_bytes=_whole(raw, "peakUsedBytes"),
        peak_from=_text(raw, "peakFrom") or "sampled",
        limit_bytes=_whole(raw, "limitBytes"),
        v8_limit_bytes=_whole(raw, "v8LimitBytes"),
    )


def _object(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = raw.get(key)
    return value if isinstance(value, Mapping) else {}


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    return value if isinstance(value, str) else ""


def _whole(raw: Mapping[str, Any], key: str) -> int:
    value = raw.get(key)
    return int(value) if isinstance(value, int | float) else 0


def _number_if_any(raw: Mapping[str, Any], key: str) -> float | None:
    value = raw.get(key)
    return float(value) if isinstance(value, int | float) else None


def _number(raw: Mapping[str, Any], key: str) -> float:
    value = raw.get(key)
    return float(value) if isinstance(value, int | float) else 0.0
