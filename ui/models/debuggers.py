"""Foreign debuggers in words, for rows, tips and the status bar."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.events import AttachedDebugger
from inspector.text import visible

__all__ = ["attached_count", "attached_words", "debugger_tip"]


def attached_count(debuggers: Sequence[AttachedDebugger]) -> str:
    return "1 debugger" if len(debuggers) == 1 else f"{len(debuggers)} debuggers"


def attached_words(debuggers: Sequence[AttachedDebugger]) -> str:
    """ "1 debugger", "2 debuggers: CPU profile": how many are attached, and what they have going on."""
    count = attached_count(debuggers)
    doing = list(dict.fromkeys(words for one in debuggers for words in one.doing))
    return f"{count}: {', '.join(doing)}" if doing else count


def debugger_tip(debuggers: Sequence[AttachedDebugger]) -> str:
    """A line for each: who it is, whether it pauses, what it does, how often it may have changed something."""
    return "\n".join(_line(one) for one in debuggers)


def _line(one: AttachedDebugger) -> str:
    words = [f"Debugger {one.session}: {visible(one.client, 80)}"]
    if one.debugging:
        words.append("pauses here")
    words += one.doing
    if one.changes:
        words.append("1 evaluation or change" if one.changes == 1 else f"{one.changes:,} evaluations or changes")
    return " · ".join(words)
