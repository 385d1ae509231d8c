"""Prove what the limits contain: run scripts that run away, each in a disposable isolate beside a neighbour that ticks.

Without FILE and --case, all bundled cases run, one after another. Each line tells: stopped by which mechanism, after
how long, the highest heap and off-heap memory against the limit, the growth of the host process's resident memory, the
longest time the neighbour waited for its 10 ms tick, whether the isolate is usable afterwards, and whether the host
process lives.

LATE: the stop took over 2 s more than it may. OVER: resident memory grew by more than 4 times the limit. NOT USABLE:
the run was ended and the isolate answers no more; NOT STOPPED: nothing ended the run. Both tell whether disposing the
isolate did. HOST LOST: its process ended, and every isolate in it. NOT RUN: the engine lacks what the case needs.

The exit code is 0 when every case was contained, that is, when ending the run or the isolate was enough; else 3; 4 when
a host process was lost; 130 after Ctrl+C, which leaves no process.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from inspector.cli.arguments import Parser, add_engine, verb_parser
from inspector.cli.contain_text import failure_json, failure_line, heading, trial_json, trial_line
from inspector.cli.exit_codes import ExitCode
from inspector.cli.interrupts import interrupts
from inspector.containment import (
    Campaign,
    Case,
    CaseEnded,
    CaseFailed,
    Limits,
    Progress,
    all_cases,
    case_named,
    file_case,
)
from inspector.pool.names import memory_limit_bytes
from inspector.units import parse_seconds

__all__ = ["main"]


def main(words: list[str]) -> int:
    """Returns the exit code. UsageError for a bad size, time or case; SourceError for a file that can't be read."""
    options = _parser().parse_args(words)
    names = dict.fromkeys(options.case)  # a case that is named twice runs once
    cases = [*(file_case(path) for path in options.files), *(case_named(name) for name in names)]
    limits = Limits(
        memory_limit_bytes(options.memory_limit, action="Read --memory-limit"),
        parse_seconds(options.timeout, action="Read --timeout"),
        None if options.cpu_limit is None else parse_seconds(options.cpu_limit, action="Read --cpu-limit"),
    )
    report = _Report(limits, options.json, sys.stdout)
    return asyncio.run(_run(cases or all_cases(), limits, options.engine, report))


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


async def _run(cases: Sequence[Case], limits: Limits, engine: str, report: _Report) -> int:
    report.begin()
    campaign = Campaign(cases, limits, engine=engine, told=report)
    interrupted: list[ExitCode] = []
    ends: set[asyncio.Task[None]] = set()

    def interrupt(code: ExitCode) -> None:
        interrupted.append(code)
        ends.add(asyncio.create_task(campaign.cancel()))

    with interrupts(interrupt):
        await campaign.run()
        if ends:
            await asyncio.wait(ends)
    return interrupted[0] if interrupted else report.code


class _Report:
    """Prints each case as it ends; `code` is the exit code so far."""

    def __init__(self, limits: Limits, as_json: bool, out: TextIO) -> None:
        self._limits = limits
        self._as_json = as_json
        self._out = out
        self.code = ExitCode.COMPLETED

    def begin(self) -> None:
        if not self._as_json:
            self._write(heading(self._limits))

    def __call__(self, told: Progress) -> None:
        if isinstance(told, CaseEnded):
            trial, verdict = told.trial, told.verdict
            self._write(trial_json(trial, verdict) if self._as_json else trial_line(trial, verdict))
            if not verdict.contained:
                self._worsen(ExitCode.HOST_LOST if trial.host_lost else ExitCode.LIMIT)
        elif isinstance(told, CaseFailed):
            self._write(failure_json(told) if self._as_json else failure_line(told))
            if not told.unsupported:
                self._worsen(ExitCode.HOST_LOST)

    def _worsen(self, code: ExitCode) -> None:
        self.code = max(self.code, code)

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()
