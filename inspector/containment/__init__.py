"""Proof that limits contain: each case runs in a disposable isolate beside a neighbour that ticks.

cases.py what can run away; trial.py one case, run; verdict.py what its figures mean. No Qt: the CLI and the window share it.
"""

from inspector.containment.cases import Case, all_cases, case_named, file_case
from inspector.containment.trial import Limits, Trial, run_trial
from inspector.containment.verdict import Verdict, judge

__all__ = ["Case", "Limits", "Trial", "Verdict", "all_cases", "case_named", "file_case", "judge", "run_trial"]
