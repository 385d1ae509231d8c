"""Prove what the limits contain: run scripts that run away, each in a disposable isolate beside a neighbour that ticks.

Without FILE and --case, all bundled cases run, one after another. Each line tells: stopped by which mechanism, after how long,
the highest heap and off-heap memory against the limit, the growth of the host process's resident memory, the longest time the
neighbour waited for its 10 ms tick, whether the isolate is usable afterwards, and whether the host process lives.

LATE: the stop took over 2 s more than it may. OVER: resident memory grew by more than 4 times the limit. NOT STOPPED, NOT USABLE
and HOST LOST are what they say. The exit code is 0 when every case was contained, else 3; 4 when a host process was lost.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from inspector.cli.arguments import Parser, add_engine, verb_parser
from inspector.cli.exit_codes import ExitCode
from inspector.containment import Case, Limits, Trial, Verdict, all_cases, case_named, file_case, judge, run_trial
from inspector.text import for_terminal
from inspector.units import format_bytes, format_ms, parse_bytes, parse_seconds

__all__ = ["main"]

_COLUMNS = "{name:<24} {verdict:<14} {mechanism:<26} {after:>9} {peak:>10} {resident:>10} {gap:>9} {usable:>7}"


def main(words: list[str]) -> int:
    """Returns the exit code. UsageError for a bad size, time or case; SourceError for a file that can't be read."""
    parser = _parser()
    options = parser.parse_args(words)
    cases = [*(file_case(path) for path in options.files), *(case_named(name) for name in options.case)]
    limits = Limits(
        parse_bytes(options.memory_limit, action="Read --memory-limit"),
        parse_seconds(options.timeout, action="Read --timeout"),
        None if options.cpu_limit is None else parse_seconds(options.cpu_limit, action="Read --cpu-limit"),
    )
    return asyncio.run(_run(cases or all_cases(), limits, options.engine, options.json, sys.stdout))


def _parser() -> Parser:
    parser = verb_parser("contain", __doc__)
    parser.add_argument("files", nargs="*", metavar="FILE", type=Path, help="your own runaway")
    parser.add_argument("--case", action="append", default=[], metavar="NAME", help="a bundled case; may be repeated")
    parser.add_argument(
        "--memory-limit", metavar="SIZE", default="64 MiB", help="used heap and off-heap (default 64 MiB)"
    )
    parser.add_argument("--timeout", metavar="TIME", default="10s", help="wall clock (default 10s)")
    parser.add_argument("--cpu-limit", metavar="TIME", help="CPU time of the isolate's own thread (default none)")
    parser.add_argument("--json", action="store_true", help="one JSON object per line per case")
    add_engine(parser)
    return parser


async def _run(cases: list[Case], limits: Limits, engine: str, as_json: bool, out: TextIO) -> int:
    code = ExitCode.COMPLETED
    if not as_json:
        out.write(_heading(limits))
    for case in cases:
        trial = await run_trial(case, limits, engine=engine)
        verdict = judge(trial)
        out.write(_json_line(trial, verdict) if as_json else _line(trial, verdict))
        out.flush()
        if trial.host_lost:
            code = ExitCode.HOST_LOST
        elif not verdict.contained and code is ExitCode.COMPLETED:
            code = ExitCode.LIMIT
    return code


def _heading(limits: Limits) -> str:
    cpu = "" if limits.cpu_s is None else f", CPU {format_ms(limits.cpu_s * 1000)}"
    told = f"Memory limit {format_bytes(limits.memory_bytes)}, timeout {format_ms(limits.timeout_s * 1000)}{cpu}.\n"
    return told + _COLUMNS.format(
        name="case", verdict="verdict", mechanism="by", after="after", peak="peak", resident="resident",
        gap="neighb.", usable="usable",
    ) + "\n"  # fmt: skip


def _line(trial: Trial, verdict: Verdict) -> str:
    line = _COLUMNS.format(
        name=trial.case.name,
        verdict=" ".join(verdict.words),
        mechanism=verdict.mechanism[:26],
        after=format_ms(trial.after_ms),
        peak=format_bytes(trial.peak_bytes),
        resident="+" + format_bytes(trial.resident_growth_bytes),
        gap=format_ms(trial.neighbour_worst_gap_ms),
        usable="yes" if trial.usable_after else "no",
    )
    return for_terminal(f"{line}  {verdict.figures}".rstrip()) + "\n"


def _json_line(trial: Trial, verdict: Verdict) -> str:
    from orjson import dumps

    return dumps(dict(_fields(trial, verdict))).decode() + "\n"


def _fields(trial: Trial, verdict: Verdict) -> Iterator[tuple[str, object]]:
    yield "case", trial.case.name
    yield "title", trial.case.title
    yield "engine", trial.engine
    yield "verdict", list(verdict.words)
    yield "contained", verdict.contained
    yield "outcome", trial.outcome.value
    yield "mechanism", verdict.mechanism
    yield "evidence", trial.evidence
    yield "after_ms", round(trial.after_ms, 1)
    yield "limit_bytes", trial.limit_bytes
    yield "peak_bytes", trial.peak_bytes
    yield "resident_growth_bytes", trial.resident_growth_bytes
    yield "neighbour_worst_gap_ms", trial.neighbour_worst_gap_ms
    yield "usable_after", trial.usable_after
    yield "host_lost", trial.host_lost or None
