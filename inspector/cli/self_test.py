"""Prove that this installation works: host process, engine, isolates, recording, window. Prints a table.

Everything is made for the test alone and removed afterwards; your settings, files and windows are not touched. The
window is painted where nobody sees it, so no display is needed. Exit code 0 when every check passed, else 1.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING

from inspector.cli.arguments import add_engine, verb_parser
from inspector.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from inspector.cli.self_test_checks import Finding

__all__ = ["main"]


def main(words: list[str]) -> int:
    """Returns the exit code."""
    parser = verb_parser("--self-test", __doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object per check on standard output")
    parser.add_argument("--no-window", action="store_true", help="leave the window out, where Qt is not installed")
    add_engine(parser)
    options = parser.parse_args(words)
    from inspector.cli.self_test_checks import CHECKS, run_checks, window_paints
    from inspector.diagnostics.log import start_logging

    start_logging(program="self-test")

    def tell(found: Finding) -> None:
        sys.stdout.write(_as_json(found) if options.json else _as_line(found))
        sys.stdout.flush()

    checks = CHECKS if options.no_window else (*CHECKS, window_paints)
    findings = asyncio.run(run_checks(checks, options.engine, tell))
    failed = sum(one.failed for one in findings)
    if not options.json:
        lacking = sum(one.lacking for one in findings)
        told = f"{len(findings) - failed - lacking} passed, {failed} failed"
        sys.stdout.write(told + (f", {lacking} that this engine can't\n" if lacking else "\n"))
    return ExitCode.THREW if failed else ExitCode.COMPLETED


def _as_line(found: Finding) -> str:
    from inspector.text import for_terminal
    from inspector.units import format_ms

    verdict = "FAILED" if found.failed else "can't" if found.lacking else "ok"
    return for_terminal(f"{found.name:<28} {verdict:<7} {format_ms(found.ms):>9}  {found.words}") + "\n"


def _as_json(found: Finding) -> str:
    told = {"check": found.name, "ok": not found.failed and not found.lacking, "lacking": found.lacking}
    return json.dumps(told | {"ms": round(found.ms, 1), "words": found.words}) + "\n"
