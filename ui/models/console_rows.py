"""What becomes a row of the console: what a value holds, how a run ended, what to do about it, words on hovering."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inspector.events import RunReport, RunSettled, ScriptError
from inspector.sources.hints import missing_global_hint
from inspector.states import Outcome
from inspector.text import visible
from inspector.values import Member, preview_text
from ui.models.console_log import Level, Line, Place, Row, branch_of, error_text, outcome_line, plain

__all__ = ["CONSOLE_INPUT", "TOLD_INPUT", "hint_line", "line_tip", "member_row", "result_line", "settled_line"]

CONSOLE_INPUT = "console input"  # the label of a run that a person typed
TOLD_INPUT = "console input, told"  # of one whose value was told while its timers were pending
_FITS = 40  # characters: more may be cut at the edge of the window, and are told on hovering
_TIP_CHARS = 1_500
_MEMBER_CHARS = 500


def member_row(parent: Row, member: Member) -> Row:
    """The row of one thing that a value holds."""
    name = visible(member.name, 200)
    if (place := _location(member)) is not None:
        words = (
            f"{member.value.get('description')}:{place.line}" if place.url else f"script {place.script_id}:{place.line}"
        )
        return Row(parent.line, f"{name}: {visible(words, 200)}", False, None, parent.level + 1, place)
    can_open = member.kind in ("range", "getter") or "objectId" in member.value
    branch = branch_of((member.value,), member) if can_open else None
    if member.kind in ("range", "failure"):
        text = name
    elif member.kind == "getter":
        text = f"{name}: (…)"
    else:
        shown = preview_text(member.value, _MEMBER_CHARS) if member.value else "(no getter)"
        text = f"{name}: {shown}" if name else shown
    return Row(parent.line, text, False, branch, parent.level + 1)


def _location(member: Member) -> Place | None:
    """Where V8 says that a function stands; `url` is what the script calls itself, "" for nameless ones."""
    if member.value.get("subtype") != "internal#location":
        return None
    found = member.value.get("value") or {}
    line, column = int(found.get("lineNumber", -1)) + 1, int(found.get("columnNumber", -1)) + 1
    return Place(str(member.value.get("url", "")), line, column, str(found.get("scriptId", "")))


def settled_line(label: str, event: RunSettled, uncaught: ScriptError | None) -> Line | None:
    """`uncaught`: the error that was told already, so that its stack isn't told twice."""
    report: RunReport = event.report
    told = uncaught is not None and report.error is not None and _same(uncaught, report.error)
    if label not in (CONSOLE_INPUT, TOLD_INPUT):
        return outcome_line(label, report, event.at_us, event.context_id, event.run_id, told=told)
    if told or (label == TOLD_INPUT and report.outcome is Outcome.COMPLETED):
        return None
    if report.outcome is Outcome.COMPLETED:
        return result_line(report.result or {}, report.preview, event.at_us, event.context_id, event.run_id)
    text = error_text(report.error) if report.error is not None else plain(f"{report.outcome}: {report.evidence}")
    level = Level.NOTE if report.outcome is Outcome.CANCELLED else Level.ERROR
    return Line(level, text, event.at_us, event.context_id, run_id=event.run_id)


def result_line(result: Mapping[str, Any], preview: str, at_us: int, context_id: int, run_id: int) -> Line:
    """What console input gave."""
    line = Line(Level.RESULT, plain(preview), at_us, context_id, run_id=run_id)
    line.branch = branch_of((result,)) if "objectId" in result else None
    return line


def _same(one: ScriptError, other: ScriptError) -> bool:
    return (one.name, one.message) == (other.name, other.message)


def hint_line(report: RunReport) -> str:
    """What to do about a failure that has one well-known cause."""
    return "" if report.error is None else missing_global_hint(report.error.name, report.error.message)


def line_tip(line: Line) -> str:
    words = [line.level.value if not line.origin else f"{line.level.value} · {line.origin}"]
    if len(line.text) > _FITS:
        words.append(visible(line.text, _TIP_CHARS, lines=True))
    if line.released:
        words.append("value released: V8 was told to let go of its objects, so they can't be expanded any more")
    elif line.branch is not None:
        words.append("Enter, → or a click on the triangle shows what it holds")
    return "\n".join(words)
