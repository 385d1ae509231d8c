"""What a campaign tells while it runs. `position`: of the case in the campaign, from 0."""

from __future__ import annotations

from dataclasses import dataclass, field

from inspector.containment.cases import Case
from inspector.containment.record import HeapPoint, Trial
from inspector.containment.verdict import Verdict

__all__ = ["CaseBegan", "CaseEnded", "CaseFailed", "CaseGrew", "Progress"]


@dataclass(frozen=True, slots=True)
class Progress:
    """Base of all that is told."""

    position: int


@dataclass(frozen=True, slots=True)
class CaseBegan(Progress):
    at_us: int


@dataclass(frozen=True, slots=True)
class CaseGrew(Progress):
    """New samples of the runaway's heap, oldest first."""

    points: tuple[HeapPoint, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class CaseEnded(Progress):
    trial: Trial
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class CaseFailed(Progress):
    """The trial could not be made: nothing is known of the case. `unsupported`: the engine lacks what it takes."""

    case: Case
    reason: str
    unsupported: bool
