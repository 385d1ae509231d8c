"""A report as the caller of the Python API wants it: nothing when the run completed, else the error that says why."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from inspector.errors import (
    CpuLimitError,
    MemoryLimitError,
    RunCancelledError,
    RunError,
    RunLostError,
    RunTimedOutError,
    ScriptThrewError,
    UsageError,
)
from inspector.events import RunReport
from inspector.sources.hints import missing_global_hint
from inspector.states import Outcome
from inspector.units import parse_seconds

__all__ = ["DEFAULT_TIMEOUT_S", "UNSET", "Limits", "Time", "Unset", "raise_for"]

DEFAULT_TIMEOUT_S = 30.0  # of a call that names none: a forgotten timeout must not hang its caller for ever
Time = float | str | None


class Unset:
    """Nobody named a timeout."""

    def __repr__(self) -> str:
        return f"{DEFAULT_TIMEOUT_S:g} s"


UNSET: Final = Unset()

_KINDS: dict[Outcome, type[RunError]] = {
    Outcome.TIMED_OUT: RunTimedOutError,
    Outcome.CPU_LIMIT: CpuLimitError,
    Outcome.HEAP_LIMIT: MemoryLimitError,
    Outcome.EXTERNAL_LIMIT: MemoryLimitError,
    Outcome.CANCELLED: RunCancelledError,
    Outcome.HOST_LOST: RunLostError,
}


class Limits(Struct, frozen=True):
    """Of one run, in seconds; None: no limit. `is_default`: nobody named the timeout."""

    timeout_s: float | None
    cpu_limit_s: float | None
    is_default: bool

    @classmethod
    def read(cls, timeout: Time | Unset, cpu_limit: Time) -> Limits:
        """`timeout`, `cpu_limit`: seconds, or words such as "250ms". UsageError for anything else."""
        if isinstance(timeout, Unset):
            return cls(DEFAULT_TIMEOUT_S, _seconds(cpu_limit, "Set the CPU limit"), True)
        return cls(_seconds(timeout, "Set the timeout"), _seconds(cpu_limit, "Set the CPU limit"), False)


def _seconds(time: Time, action: str) -> float | None:
    if time is None:
        return None
    if isinstance(time, str):
        return parse_seconds(time, action=action)
    if isinstance(time, bool) or not isinstance(time, int | float):
        cause = f"{type(time).__name__} is no time"
        raise UsageError(action, cause, 'Give seconds, or words such as "250ms"; None for no limit.')
    return float(time)


def raise_for(report: RunReport, action: str, limits: Limits) -> None:
    """Nothing when the run completed. `action`: "Run handler.js"."""
    if report.outcome is Outcome.COMPLETED:
        return
    if report.outcome is Outcome.THREW:
        raise _threw(report, action)
    remedy = ""
    if report.outcome is Outcome.TIMED_OUT and limits.is_default:
        remedy = (
            f"No timeout was given, so {DEFAULT_TIMEOUT_S:g} s was taken: pass timeout=..., or timeout=None for none."
        )
    raise _KINDS[report.outcome](action, report.evidence.rstrip("."), remedy, report=report)


def _threw(report: RunReport, action: str) -> ScriptThrewError:
    error = report.error
    if error is None:
        return ScriptThrewError(action, report.evidence.rstrip("."), report=report)
    place = f" ({error.file}:{error.line}:{error.column})" if error.line and error.file else ""
    named = error.message if error.name in ("", "Uncaught") else f"{error.name}: {error.message}"
    hint = missing_global_hint(error.name, error.message)
    return ScriptThrewError(action, f"{named}{place}", hint, report=report)
