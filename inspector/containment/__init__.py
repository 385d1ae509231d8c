"""Proof that limits contain: each case runs in a disposable isolate beside a neighbour that ticks.

cases.py what can run away; record.py what is asked and seen; trial.py one case, run; verdict.py what its figures mean;
campaign.py many cases, one after another. No Qt: the CLI and the window share it.
"""

from inspector.containment.campaign import Campaign
from inspector.containment.cases import Case, all_cases, case_named, file_case
from inspector.containment.progress import CaseBegan, CaseEnded, CaseFailed, CaseGrew, Progress
from inspector.containment.record import Limits, Trial
from inspector.containment.trial import run_trial
from inspector.containment.verdict import Verdict, judge

__all__ = [
    "Campaign",
    "Case",
    "CaseBegan",
    "CaseEnded",
    "CaseFailed",
    "CaseGrew",
    "Limits",
    "Progress",
    "Trial",
    "Verdict",
    "all_cases",
    "case_named",
    "file_case",
    "judge",
    "run_trial",
]
