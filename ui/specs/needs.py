"""What an action may need: each tells "" when it is there, else the sentence that says what is missing."""

from __future__ import annotations

from inspector.states import IsolateState
from ui.specs.spec import Situation

__all__ = [
    "a_busy_isolate",
    "a_file",
    "a_file_that_ran",
    "a_live_isolate",
    "a_paused_isolate",
    "a_pool",
    "a_running_isolate",
    "an_extra_context",
    "an_isolate",
    "ended_rows",
    "stopped_starts",
]


def a_pool(now: Situation) -> str:
    return "" if now.ready else now.trouble or "The pool is starting."


def stopped_starts(now: Situation) -> str:
    return "" if now.stopped else "Host processes are started as they are needed."


def a_live_isolate(now: Situation) -> str:
    if now.isolate is None:
        return now.trouble or "Select an isolate first."
    return "" if now.isolate.state.alive else "This isolate has ended."


def an_isolate(now: Situation) -> str:
    """It may have ended."""
    return "" if now.isolate is not None else now.trouble or "Select an isolate first."


def a_file(now: Situation) -> str:
    trouble = a_live_isolate(now)
    return trouble or ("" if now.file else "Select a script that is from a file first.")


def a_file_that_ran(now: Situation) -> str:
    trouble = a_live_isolate(now)
    if trouble or now.isolate is None:
        return trouble
    return "" if any(run.queued.path for run in now.isolate.runs) else "No file has run in this isolate yet."


def a_busy_isolate(now: Situation) -> str:
    trouble = a_live_isolate(now)
    if trouble or now.isolate is None:
        return trouble
    return "" if any(run.active for run in now.isolate.runs) else "Nothing runs or waits in this isolate."


def a_running_isolate(now: Situation) -> str:
    trouble = a_live_isolate(now)
    if trouble or now.isolate is None:
        return trouble
    if now.isolate.state is IsolateState.PAUSED:
        return "It is paused already."
    return "" if now.isolate.state is IsolateState.RUNNING else "Nothing runs in this isolate."


def a_paused_isolate(now: Situation) -> str:
    trouble = a_live_isolate(now)
    if trouble or now.isolate is None:
        return trouble
    return "" if now.isolate.state is IsolateState.PAUSED else "It is not paused."


def an_extra_context(now: Situation) -> str:
    trouble = a_live_isolate(now)
    if trouble:
        return trouble
    if now.context is None:
        return "Select a context first."
    if now.context.released:
        return "This context has ended."
    return "The default context ends with its isolate." if now.context.created.is_default else ""


def ended_rows(now: Situation) -> str:
    return "" if now.ended else "No ended isolates to clear."
