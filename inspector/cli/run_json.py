"""`run --json`: one object per line per file. ASCII alone, so it is safe on a terminal and in any encoding."""

from __future__ import annotations

import json
from typing import Any, TextIO

from msgspec.structs import asdict

from inspector.cli.console_tape import ConsoleLine
from inspector.cli.run_result import FileResult, located
from inspector.errors import SourceError
from inspector.events import Birth, RunReport, ScriptError
from inspector.states import Outcome
from inspector.text import for_terminal

__all__ = ["JsonReporter", "as_object"]

LINES_KEPT = 10_000  # console lines in one object; what is over is counted
CHARACTERS_KEPT = 20_000_000


class JsonReporter:
    def __init__(self, out: TextIO, err: TextIO) -> None:
        self._out = out
        self._err = err
        self._lines: list[ConsoleLine] = []
        self._characters = 0
        self._dropped = 0

    def console(self, line: ConsoleLine) -> None:
        self._characters += len(line.text)
        if len(self._lines) < LINES_KEPT and self._characters <= CHARACTERS_KEPT:
            self._lines.append(line)
        else:
            self._dropped += 1

    def console_lost(self, count: int) -> None:
        self._dropped += count

    def told(self, text: str) -> None:
        self._err.write(for_terminal(text) + "\n")

    def settled(self, result: FileResult) -> None:
        console = [*self._lines, *(ConsoleLine("error", _uncaught(one)) for one in result.others)]
        self._out.write(json.dumps(as_object(result, console, self._dropped)) + "\n")
        self._out.flush()
        self._lines, self._characters, self._dropped = [], 0, 0
        if result.refusal is not None:
            self.told(str(result.refusal))

    def flush(self) -> None:
        self._out.flush()


def as_object(result: FileResult, console: list[ConsoleLine], dropped: int) -> dict[str, Any]:
    """The object of one file. `outcome` is null when the file could not be read; `error` says why."""
    report = result.report
    error = result.error
    return {
        "file": str(result.path),
        "kind": None if result.source is None else str(result.source.kind),
        "kind_reason": None if result.source is None else result.source.kind_reason,
        "outcome": None if report is None else str(report.outcome),
        "evidence": "" if report is None else report.evidence,
        "value": _value(report),
        "preview": "" if report is None else report.preview,
        "error": _refusal(result, result.refusal) if result.refusal else None if error is None else asdict(error),
        "hint": result.hint,
        "console": [{"level": line.level, "text": line.text} for line in console],
        "console_dropped": dropped,
        "timings": _timings(report, result.birth),
        "heap": None if report is None or report.heap is None else asdict(report.heap),
    }


def _value(report: RunReport | None) -> Any:
    """The result where JSON has a word for it, else null."""
    if report is None or not report.has_value:
        return None
    try:
        json.dumps(report.value, allow_nan=False)
    except (ValueError, TypeError, RecursionError):
        return None
    return report.value


def _refusal(result: FileResult, refusal: SourceError) -> dict[str, Any]:
    message = f"{refusal.cause}. {refusal.remedy}".strip()
    return asdict(ScriptError("SourceError", message, str(result.path), 0, 0, ""))


def _timings(report: RunReport | None, birth: Birth | None) -> dict[str, float | None]:
    """Milliseconds; those of the isolate's birth stand with the first file that ran. A lost host measured no run."""
    measured = report is not None and report.outcome is not Outcome.HOST_LOST
    return {
        "host_start_ms": None if birth is None else birth.host_start_ms,
        "isolate_ms": None if birth is None else birth.isolate_ms,
        "context_ms": None if birth is None else birth.context_ms,
        "compile_ms": None if report is None else report.timings.compile_ms,
        "run_ms": report.timings.run_ms if report is not None and measured else None,
        "cpu_ms": None if report is None else report.timings.cpu_ms,
    }


def _uncaught(error: ScriptError) -> str:
    found = located(error)
    where = f" ({found.file}:{found.line}:{found.column})" if found.line else ""
    return f"Uncaught {found.name}: {found.message}{where}"
