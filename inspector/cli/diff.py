"""Compare two recordings: figures and functions of one isolate of each, with the interval of each difference.

A verdict is given only where the 95 % interval of the difference excludes zero. Each side starts at its first run, so
that loading does not count. Without --isolate each recording must have one isolate that ran something; a name chooses
the isolate of that name in both.

--fail-if "run.p95>+5%" ends with exit code 5 when that figure grew by more than 5 % and the interval of the difference
excludes zero; "<-5%" asks for the other direction. It may be repeated. A figure that can't be compared does not fail,
and is told. report --json lists the names of all figures.
"""

from __future__ import annotations

import sys
from pathlib import Path

from inspector.cli.arguments import Parser, verb_parser
from inspector.cli.exit_codes import ExitCode
from inspector.text import for_terminal

__all__ = ["main"]


def main(words: list[str]) -> int:
    """Returns the exit code. UsageError, FormatError, RecordingError."""
    options = _parser().parse_args(words)
    from inspector.analysis.comparison import compare
    from inspector.cli.diff_conditions import Condition
    from inspector.cli.diff_text import diff_json, diff_text, side_of
    from inspector.recording.session import Session

    conditions = [Condition.parse(text) for text in options.fail_if]
    with Session.open(options.before) as before, Session.open(options.after) as after:
        for session in (before, after):
            for notice in session.notices:
                sys.stderr.write(f"{for_terminal(session.path.name)}: {for_terminal(notice)}\n")
        old, new = side_of(before, options.isolate), side_of(after, options.isolate)
        comparison = compare(old, new)
    for condition in conditions:
        condition.check(comparison)
    if options.json:
        sys.stdout.write(diff_json(old, new, comparison, conditions))
    else:
        sys.stdout.write(diff_text(old, new, comparison, conditions))
    return ExitCode.WORSE if any(one.failed for one in conditions) else ExitCode.COMPLETED


def _parser() -> Parser:
    parser = verb_parser("diff", __doc__)
    parser.add_argument("before", metavar="A", type=Path, help="a recording")
    parser.add_argument("after", metavar="B", type=Path, help="a recording of what changed")
    parser.add_argument("--isolate", metavar="NAME", help="the isolate of this name in both")
    parser.add_argument("--json", action="store_true", help="one JSON object, in microseconds and bytes")
    parser.add_argument("--fail-if", action="append", default=[], metavar="CONDITION", help='such as "run.p95>+5%%"')
    return parser
