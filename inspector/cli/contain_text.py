"""How `contain` prints a case: a line of the table, or a JSON object."""

from __future__ import annotations

import json
from collections.abc import Iterator

from inspector.containment import CaseFailed, Limits, Trial, Verdict
from inspector.text import for_terminal
from inspector.units import format_bytes, format_ms

__all__ = ["failure_json", "failure_line", "heading", "trial_json", "trial_line"]

_COLUMNS = (
    "{name:<24} {verdict:<16} {mechanism:<26} {after:>9} {peak:>10} {resident:>10} {gap:>9} {usable:>7} {host:>6}"
)
_NOT_RUN = "NOT RUN"


def heading(limits: Limits) -> str:
    cpu = "" if limits.cpu_s is None else f", CPU {format_ms(limits.cpu_s * 1000)}"
    told = f"Memory limit {format_bytes(limits.memory_bytes)}, timeout {format_ms(limits.timeout_s * 1000)}{cpu}.\n"
    return told + _COLUMNS.format(
        name="case", verdict="verdict", mechanism="by", after="after", peak="peak", resident="resident",
        gap="neighb.", usable="usable", host="host",
    ) + "\n"  # fmt: skip


def trial_line(trial: Trial, verdict: Verdict) -> str:
    line = _COLUMNS.format(
        name=trial.case.name[:24],
        verdict=" ".join(verdict.words),
        mechanism=verdict.mechanism[:26],
        after=format_ms(trial.after_ms),
        peak=format_bytes(trial.peak_bytes),
        resident="+" + format_bytes(trial.resident_growth_bytes),
        gap=format_ms(trial.neighbour_worst_gap_ms),
        usable="yes" if trial.usable_after else "no",
        host="lost" if trial.host_lost else "alive",
    )
    return for_terminal(f"{line}  {verdict.figures}".rstrip()) + "\n"


def failure_line(failed: CaseFailed) -> str:
    return for_terminal(f"{failed.case.name[:24]:<24} {_NOT_RUN:<16} {failed.reason}") + "\n"


def trial_json(trial: Trial, verdict: Verdict) -> str:
    return _json(dict(_fields(trial, verdict)))


def failure_json(failed: CaseFailed) -> str:
    return _json(
        {
            "case": failed.case.name,
            "title": failed.case.title,
            "verdict": [_NOT_RUN],
            "contained": None,
            "unsupported": failed.unsupported,
            "reason": failed.reason,
        }
    )


def _json(fields: dict[str, object]) -> str:
    return json.dumps(fields) + "\n"


def _fields(trial: Trial, verdict: Verdict) -> Iterator[tuple[str, object]]:
    yield "case", trial.case.name
    yield "title", trial.case.title
    yield "engine", trial.engine
    yield "verdict", list(verdict.words)
    yield "contained", verdict.contained
    yield "outcome", trial.outcome.value if trial.settled else None
    yield "mechanism", verdict.mechanism
    yield "evidence", trial.evidence
    yield "figures", verdict.figures
    yield "after_ms", round(trial.after_ms, 1)
    yield "late_ms", round(max(0.0, trial.late_ms), 1)
    yield "cpu_ms", None if trial.cpu_ms is None else round(trial.cpu_ms, 1)
    yield "limit_bytes", trial.limit_bytes
    yield "peak_bytes", trial.peak_bytes
    yield "resident_growth_bytes", trial.resident_growth_bytes
    yield "neighbour_ticks", trial.neighbour_ticks
    yield "neighbour_worst_gap_ms", trial.neighbour_worst_gap_ms
    yield "usable_after", trial.usable_after
    yield "disposed_ms", None if trial.disposed_ms is None else round(trial.disposed_ms, 1)
    yield "host_alive", trial.host_alive
    yield "host_lost", trial.host_lost or None
