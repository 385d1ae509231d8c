"""What the figures of a trial mean, in one word and one sentence."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.containment.trial import Trial
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
    Outcome.HOST_LOST: "the end of its host process",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`words` are STOPPED, ENDED, LATE, OVER, HOST LOST, NOT USABLE: several may hold; `contained`: the first two alone."""

    words: tuple[str, ...]
    mechanism: str
    figures: str

    @property
    def contained(self) -> bool:
        return not {"HOST LOST", "NOT STOPPED", "NOT USABLE"} & set(self.words)


def judge(trial: Trial) -> Verdict:
    """LATE: a memory or CPU limit took over 2 s, or a timeout 2 s more than it is. OVER: 4 times its limit in resident memory."""
    words: list[str] = []
    figures: list[str] = []
    if trial.host_lost:
        words.append("HOST LOST")
        figures.append(trial.host_lost)
    elif not trial.settled:
        words.append("NOT STOPPED")
    if trial.late_ms > LATE_AFTER_MS:
        words.append("LATE")
        figures.append(f"{format_ms(trial.late_ms)} late")
    if trial.resident_growth_bytes > OVER_FACTOR * trial.limit_bytes:
        words.append("OVER")
        figures.append(f"resident memory grew by {format_bytes(trial.resident_growth_bytes)}")
    if trial.settled and not trial.host_lost and not trial.usable_after:
        words.append("NOT USABLE")
    if not words:
        ended = trial.outcome in (Outcome.COMPLETED, Outcome.THREW)
        words.append("ENDED" if ended else "STOPPED")
    mechanism = _MECHANISM[trial.outcome]
    if trial.outcome is Outcome.THREW and trial.error:
        mechanism = f"{mechanism}: {trial.error}"
    return Verdict(tuple(words), mechanism, ", ".join(figures))
