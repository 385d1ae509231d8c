"""Tell what works on this machine and what does not: versions, V8's flags, engines, walls, folders, what is missing.

Every figure comes from a real host process, one for each engine. Exit code 0 when isolates can be had, else 4.
"""

from __future__ import annotations

import asyncio
import sys

from inspector.cli.arguments import add_engine, add_log_level, verb_parser
from inspector.cli.exit_codes import ExitCode

__all__ = ["main"]


def main(words: list[str]) -> int:
    """Returns the exit code."""
    parser = verb_parser("doctor", __doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    add_engine(parser)
    add_log_level(parser)
    options = parser.parse_args(words)
    from inspector.cli.doctor_facts import gather
    from inspector.diagnostics.log import start_logging

    log = start_logging(options.log_level or "warning", program="doctor", to_terminal=options.log_level is not None)
    facts = asyncio.run(gather(options.engine, log))
    if options.json:
        from inspector.cli.doctor_text import as_json

        sys.stdout.write(as_json(facts) + "\n")
    else:
        from inspector.cli.doctor_text import as_text

        sys.stdout.write(as_text(facts))
    return ExitCode.COMPLETED if facts.engine else ExitCode.HOST_LOST
