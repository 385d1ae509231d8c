"""`RunReport` and its parts as JSON (camelCase). `inspector.target.reports` is the other direction."""

from __future__ import annotations

from typing import Any

from inspector.records import Birth, LedgerEntry, RunHeap, RunReport, ScriptError

__all__ = ["write_birth", "write_error", "write_ledger", "write_report"]

_LONG = 1 << 16  # characters


def write_report(report: RunReport) -> dict[str, Any]:
    value_is_in_result = _travels_once(report)
    return {
        "outcome": str(report.outcome),
        "evidence": report.evidence,
        "result": report.result,
        "hasValue": report.has_value,
        "value": None if value_is_in_result else report.value,
        "valueIsInResult": value_is_in_result,  # a long string travels once
        "preview": report.preview,
        "error": None if report.error is None else write_error(report.error),
        "timings": {
            "compileMs": report.timings.compile_ms,
            "runMs": report.timings.run_ms,
            "cpuMs": report.timings.cpu_ms,
            "queuedMs": report.timings.queued_ms,
        },
        "heap": None if report.heap is None else _heap(report.heap),
        "scriptId": report.script_id,
    }


def _travels_once(report: RunReport) -> bool:
    """Whether the value is a long string that the result holds already."""
    value, result = report.value, report.result
    return isinstance(value, str) and len(value) > _LONG and result is not None and result.get("value") == value


def write_birth(birth: Birth, added_bytes: int | None) -> dict[str, Any]:
    """`added_bytes`: what the process grew by meanwhile; None when another isolate was born at the same time."""
    return {
        "isolateMs": birth.isolate_ms,
        "inspectorMs": birth.inspector_ms,
        "contextMs": birth.context_ms,
        "preludeMs": birth.prelude_ms,
        "addedBytes": added_bytes,
    }


def write_ledger(ledger: LedgerEntry) -> dict[str, Any]:
    return {
        "residentBeforeBytes": ledger.resident_before_bytes,
        "residentAfterBytes": ledger.resident_after_bytes,
        "usedBytes": ledger.used_bytes,
        "externalBytes": ledger.external_bytes,
        "disposeMs": ledger.dispose_ms,
    }


def write_error(error: ScriptError) -> dict[str, Any]:
    return {
        "name": error.name,
        "message": error.message,
        "file": error.file,
        "line": error.line,
        "column": error.column,
        "stack": error.stack,
        "sourceLine": error.source_line,
    }


def _heap(heap: RunHeap) -> dict[str, Any]:
    return {
        "usedBytes": heap.used_bytes,
        "externalBytes": heap.external_bytes,
        "peakUsedBytes": heap.peak_used_bytes,
        "peakFrom": heap.peak_from,
        "limitBytes": heap.limit_bytes,
        "v8LimitBytes": heap.v8_limit_bytes,
    }
