"""Run JavaScript files on one isolate, without a window.

The files run in the order given, in one context: what one defines the next one sees. A file has completed when
its result (a promise is awaited), its microtasks and its pending timers have settled. The first failure stops the
rest unless --keep-going; the exit code is the first failure's:

  0  completed                               3    a limit or timeout
  1  threw, or an unhandled rejection        4    the host process was lost
  2  bad usage, or a file that can't be read 130  Ctrl+C

Without --timeout nothing is stopped. Sizes and times carry their unit: 64MiB, 5s, 250ms. The portable engine runs
scripts alone, watches no CPU limit, and hears of a rejection that nobody handled when it is the result alone.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from msgspec import Struct

from inspector.cli.arguments import Parser, add_engine, add_log_level, verb_parser
from inspector.pool.names import memory_limit_bytes
from inspector.units import parse_seconds

__all__ = ["RunOptions", "main", "parse"]

DEFAULT_LIMIT = "128 MiB"


class RunOptions(Struct, frozen=True):
    files: tuple[Path, ...]
    memory_limit_bytes: int
    timeout_s: float | None
    cpu_limit_s: float | None
    engine: str
    keep_going: bool
    json: bool
    import_folders: tuple[Path, ...]
    prelude: tuple[str, ...]
    log_level: str | None


def main(words: list[str]) -> int:
    """Returns the exit code. UsageError for a bad size or time."""
    options = parse(words)
    from inspector.cli.run_session import run_session
    from inspector.diagnostics.log import start_logging

    start_logging(options.log_level or "warning", program="run", to_terminal=options.log_level is not None)
    return asyncio.run(run_session(options, sys.stdout, sys.stderr))


def parse(words: list[str]) -> RunOptions:
    """UsageError, or the parser's own exit with 2."""
    options = _parser().parse_args(words)
    return RunOptions(
        files=tuple(options.files),
        memory_limit_bytes=memory_limit_bytes(options.memory_limit, action="Read --memory-limit"),
        timeout_s=_seconds(options.timeout, "Read --timeout"),
        cpu_limit_s=_seconds(options.cpu_limit, "Read --cpu-limit"),
        engine=options.engine,
        keep_going=options.keep_going,
        json=options.json,
        import_folders=tuple(options.allow_imports),
        prelude=tuple(options.prelude),
        log_level=options.log_level,
    )


def _parser() -> Parser:
    parser = verb_parser("run", __doc__)
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        type=Path,
        help="a .js, .mjs or .cjs file, or a folder that has an index.js or the like",
    )
    parser.add_argument(
        "--memory-limit",
        metavar="SIZE",
        default=DEFAULT_LIMIT,
        help=f"used heap and off-heap memory together, after a garbage collection (default {DEFAULT_LIMIT})",
    )
    parser.add_argument("--timeout", metavar="TIME", help="wall clock of each file, waiting for promises included")
    parser.add_argument("--cpu-limit", metavar="TIME", help="CPU time of each file; waiting does not count")
    parser.add_argument("--keep-going", action="store_true", help="run the next file after a failure")
    parser.add_argument(
        "--allow-imports",
        metavar="FOLDER",
        type=Path,
        action="append",
        default=[],
        help="modules may import from here too, besides the file's own folder; may be repeated",
    )
    parser.add_argument(
        "--prelude",
        metavar="FILE",
        action="append",
        default=[],
        help="run FILE in the context before the others; or bare, to leave the web globals out; may be repeated",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per line per file, on standard output")
    add_engine(parser)
    add_log_level(parser)
    return parser


def _seconds(text: str | None, action: str) -> float | None:
    return None if text is None else parse_seconds(text, action=action)
