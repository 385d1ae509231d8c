"""`run` for people: the console as it comes, then the outcome. Errors go to standard error; plain text on terminals."""

from __future__ import annotations

from typing import TextIO

from inspector.cli.console_tape import ConsoleLine
from inspector.cli.run_result import FileResult, located
from inspector.events import RunReport, ScriptError
from inspector.states import Outcome
from inspector.text import TEXT_LIMIT, for_terminal, visible
from inspector.units import format_bytes, format_ms

__all__ = ["TextReporter", "error_text"]

_ERROR_LEVELS = ("error", "warning", "assert", "trace")
_LINE_SHOWN = 120  # characters of a source line around the column of a syntax error
_STACK_LINES = 30


class TextReporter:
    """Standard output has the console's plain levels and, on a terminal, the result; all else is on standard error."""

    def __init__(self, out: TextIO, err: TextIO) -> None:
        self._out = out
        self._err = err

    def console(self, line: ConsoleLine) -> None:
        stream = self._err if line.level in _ERROR_LEVELS else self._out
        stream.write((for_terminal(line.text, TEXT_LIMIT) if stream.isatty() else line.text) + "\n")

    def console_lost(self, count: int) -> None:
        self.told(f"... {count:,} console lines were dropped here: they came faster than they could be read.")

    def told(self, text: str) -> None:
        self._err.write(for_terminal(text) + "\n")

    def settled(self, result: FileResult) -> None:
        self.flush()
        for error in result.others:
            self.told(f"Uncaught {error_text(located(error))}")
        if result.refusal is not None:
            self.told(str(result.refusal))
        elif result.report is not None:
            self._outcome(result, result.report)

    def flush(self) -> None:
        self._out.flush()
        self._err.flush()

    def _outcome(self, result: FileResult, report: RunReport) -> None:
        name = visible(str(result.path))
        if report.outcome is Outcome.COMPLETED:
            if report.preview not in ("", "undefined") and self._out.isatty():
                self._out.write(f"=> {for_terminal(report.preview)}\n")
            if self._err.isatty():
                heap = f", heap {format_bytes(report.heap.used_bytes)}" if report.heap else ""
                self.told(f"{name}: {report.outcome} in {format_ms(report.timings.run_ms)}{heap}")
            return
        error = result.error
        if error is not None:
            self.told(error_text(error))
        self.told(f"{name}: {report.outcome}{f': {report.evidence}' if report.evidence else ''}")
        if result.hint:
            self.told(result.hint)


def error_text(error: ScriptError) -> str:
    """`file:line:column: name: message`, the source line with a mark below for a syntax error, then the stack."""
    where = f"{error.file or '<unknown>'}:{error.line}:{error.column}: " if error.line else ""
    head = f"{error.name}: {error.message}" if error.name else error.message
    lines = [f"{where}{visible(head, TEXT_LIMIT, lines=True)}"]
    if error.source_line:
        lines += _marked(error.source_line, error.column)
    frames = [line for line in error.stack.splitlines() if line.lstrip().startswith("at ")]
    lines += frames[:_STACK_LINES]
    if len(frames) > _STACK_LINES:
        lines.append(f"    ... {len(frames) - _STACK_LINES} more")
    return "\n".join(lines)


def _marked(line: str, column: int) -> list[str]:
    """The part of a source line around a 1-based column, and a mark below that column."""
    begin = max(0, column - 1 - _LINE_SHOWN // 2)
    before = visible(line[begin : max(column - 1, 0)], _LINE_SHOWN)
    behind = visible(line[max(column - 1, 0) : begin + _LINE_SHOWN], _LINE_SHOWN)
    return [f"    {before}{behind}", f"    {' ' * len(before)}^"]
