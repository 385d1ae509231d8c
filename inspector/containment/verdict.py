"""What the figures of a trial mean, in one word and one sentence."""

from __future__ import annotations

from msgspec import Struct

from inspector.containment.cases import Drive
from inspector.containment.record import Trial
from inspector.states import Outcome
from inspector.units import format_bytes, format_ms

__all__ = ["LATE_AFTER_MS", "OVER_FACTOR", "Verdict", "judge"]

LATE_AFTER_MS = 2000.0
OVER_FACTOR = 4

_MECHANISM = {
    Outcome.COMPLETED: "it ended by itself",
    Outcome.THREW: "an exception ended it",
    Outcome.TIMED_OUT: "wall-clock timeout",
    Outcome.CPU_LIMIT: "CPU limit",
    Outcome.HEAP_LIMIT: "memory limit (heap)",
    Outcome.EXTERNAL_LIMIT: "memory limit (off-heap)",
    Outcome.CANCELLED: "stopped",
    Outcome.HOST_LOST: "the end of its process",
}
_RESIDENT = "memory limit (resident)"
_NOTHING = "nothing"
_TIME_UP = "the time for it was up"  # it could have gone on


class Verdict(Struct, frozen=True):
    """`words`: STOPPED or ENDED alone, or what must be said: NOT STOPPED, HOST LOST, LATE, OVER, NOT USABLE.

    `contained`: its host process lives, and nothing but itself had to end: the run was ended, or the isolate was.
    """

    words: tuple[str, ...]
    mechanism: str
    figures: str
    contained: bool


def judge(trial: Trial) -> Verdict:
    """LATE: a memory limit took over 2 s, or a timeout or CPU limit 2 s more than it is.

    OVER: resident memory grew by over 4 times the limit (of each isolate that ran away).
    """
    words: list[str] = []
    figures: list[str] = []
    if trial.host_lost:
        words.append("HOST LOST")
        figures.append(trial.host_lost)
    elif not trial.settled:
        words.append("NOT STOPPED")
        figures.append(f"{trial.evidence}{_had(trial)}: {_dispose_words(trial)}")
    elif trial.late_ms > LATE_AFTER_MS:
        words.append("LATE")
        figures.append(f"{format_ms(trial.late_ms)} late{_had(trial)}")
    if trial.resident_growth_bytes > OVER_FACTOR * trial.limit_bytes * trial.isolates:
        words.append("OVER")
        figures.append(f"resident memory grew by {format_bytes(trial.resident_growth_bytes)}")
    if trial.settled and not trial.host_lost and not trial.usable_after:
        words.append("NOT USABLE")
        figures.append(f"it answers no more after its end: {_dispose_words(trial)}")
    if trial.outcome is Outcome.COMPLETED and trial.case.drive is Drive.CONTEXTS:
        figures.append(trial.evidence)
    if not words:
        words.append("ENDED" if trial.outcome in (Outcome.COMPLETED, Outcome.THREW) else "STOPPED")
    return Verdict(tuple(words), _mechanism(trial), ", ".join(figures), _contained(trial))


def _contained(trial: Trial) -> bool:
    if trial.host_lost:
        return False
    return (trial.settled and trial.usable_after) or trial.disposed_ms is not None


def _had(trial: Trial) -> str:
    """How much of its time was its own: what a machine with other work makes of it."""
    return "" if trial.cpu_ms is None else f", of which it had a processor for {format_ms(trial.cpu_ms)}"


def _dispose_words(trial: Trial) -> str:
    if trial.disposed_ms is None:
        return "only the end of its host process ends it"
    return f"its dispose ended it in {format_ms(trial.disposed_ms)}"


def _mechanism(trial: Trial) -> str:
    if trial.host_lost:
        return _MECHANISM[Outcome.HOST_LOST]
    if not trial.settled:
        return _NOTHING
    if trial.outcome is Outcome.COMPLETED and trial.case.drive is Drive.CONTEXTS:
        return _TIME_UP
    if trial.by_resident and trial.outcome in (Outcome.HEAP_LIMIT, Outcome.EXTERNAL_LIMIT):
        return _RESIDENT
    mechanism = _MECHANISM[trial.outcome]
    if trial.outcome is Outcome.THREW and trial.error:
        return f"{mechanism}: {trial.error}"
    return mechanism
