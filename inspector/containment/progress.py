"""What a campaign tells while it runs. `position`: of the case in the campaign, from 0."""

from __future__ import annotations

from msgspec import Struct

from inspector.containment.cases import Case
from inspector.containment.record import HeapPoint, Trial
from inspector.containment.verdict import Verdict
from inspector.records_shown import repr_without

__all__ = ["CaseBegan", "CaseEnded", "CaseFailed", "CaseGrew", "Progress"]


class Progress(Struct, frozen=True):
    """Base of all that is told."""

    position: int


class CaseBegan(Progress, frozen=True):
    at_us: int


class CaseGrew(Progress, frozen=True):
    """New samples of the runaway's heap, oldest first."""

    points: tuple[HeapPoint, ...]

    def __repr__(self) -> str:
        return repr_without(self, "points")


class CaseEnded(Progress, frozen=True):
    trial: Trial
    verdict: Verdict


class CaseFailed(Progress, frozen=True):
    """The trial could not be made: nothing is known of the case. `unsupported`: the engine lacks what it takes."""

    case: Case
    reason: str
    unsupported: bool
