"""Tell what a recording shows: figures of each isolate, the functions that took the time, and findings.

Figures are of the whole recording. Those with an interval hold the true value 95 times in 100. Self times add up to the
busy time of their isolate.
"""

from __future__ import annotations

import sys
from pathlib import Path

from inspector.cli.arguments import Parser, verb_parser
from inspector.cli.exit_codes import ExitCode

__all__ = ["main"]


def main(words: list[str]) -> int:
    """Returns the exit code. FormatError, RecordingError."""
    options = _parser().parse_args(words)
    from inspector.cli.report_text import report_json, report_text
    from inspector.recording.session import Session

    with Session.open(options.session) as session:
        sys.stdout.write(report_json(session) if options.json else report_text(session))
    return ExitCode.COMPLETED


def _parser() -> Parser:
    parser = verb_parser("report", __doc__)
    parser.add_argument("session", metavar="SESSION", type=Path, help="a recording (.isosession)")
    parser.add_argument("--json", action="store_true", help="one JSON object, in microseconds and bytes")
    return parser
