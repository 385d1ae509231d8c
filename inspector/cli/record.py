"""Run files on one isolate and record what happens, without a window.

The files run in the order given, in one context; with --repeat the whole row runs again that many times, each time in a
fresh context of the same isolate. The recording ends when all files have completed, or after --duration, which ends
what still runs. Presets:

  basic       heap, garbage collections, runs, console, messages
  cpu         and sampled stacks, one a millisecond (--interval)
  allocation  and a sampling heap profile
  everything  all of it

The exit code is that of run: the first failure's, which stops the rest unless --keep-going. What the scripts log is in
the recording; report, diff and export read it, and the window opens it.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from msgspec import Struct

from inspector.cli.arguments import Parser, add_engine, add_log_level, verb_parser
from inspector.errors import UsageError
from inspector.units import parse_bytes, parse_seconds

__all__ = ["RecordCommand", "main", "parse"]

_PRESETS = ("basic", "cpu", "allocation", "everything")


class RecordCommand(Struct, frozen=True):
    files: tuple[Path, ...]
    output: Path
    preset: str
    interval_us: int
    duration_s: float | None
    repeat: int
    memory_limit_bytes: int
    timeout_s: float | None
    engine: str
    keep_going: bool
    force: bool
    log_level: str | None


def main(words: list[str]) -> int:
    """Returns the exit code. UsageError, RecordingError."""
    command = parse(words)
    from inspector.cli.record_session import record_session
    from inspector.diagnostics.log import start_logging

    start_logging(command.log_level or "warning", program="record", to_terminal=command.log_level is not None)
    return asyncio.run(record_session(command, sys.stderr))


def parse(words: list[str]) -> RecordCommand:
    """UsageError, or the parser's own exit with 2."""
    options = _parser().parse_args(words)
    if options.repeat < 1:
        raise UsageError("Read --repeat", f"{options.repeat} is too few", "Give it 1 or more.")
    return RecordCommand(
        files=tuple(options.files),
        output=options.output,
        preset=options.preset,
        interval_us=round(parse_seconds(options.interval, action="Read --interval") * 1e6),
        duration_s=None if options.duration is None else parse_seconds(options.duration, action="Read --duration"),
        repeat=options.repeat,
        memory_limit_bytes=parse_bytes(options.memory_limit, action="Read --memory-limit"),
        timeout_s=None if options.timeout is None else parse_seconds(options.timeout, action="Read --timeout"),
        engine=options.engine,
        keep_going=options.keep_going,
        force=options.force,
        log_level=options.log_level,
    )


def _parser() -> Parser:
    parser = verb_parser("record", __doc__)
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path, help="a .js, .mjs or .cjs file")
    parser.add_argument("-o", "--output", metavar="OUT", type=Path, required=True, help="the recording to write")
    parser.add_argument("--preset", choices=_PRESETS, default="cpu", help="how much is recorded (default cpu)")
    parser.add_argument("--interval", metavar="TIME", default="1ms", help="between two stacks, 100us to 10ms")
    parser.add_argument("--duration", metavar="TIME", help="end what still runs after this time, and the recording")
    parser.add_argument("--repeat", metavar="N", type=int, default=1, help="run all files N times")
    parser.add_argument("--memory-limit", metavar="SIZE", default="128 MiB", help="of the isolate (default 128 MiB)")
    parser.add_argument("--timeout", metavar="TIME", help="wall clock of each file")
    parser.add_argument("--keep-going", action="store_true", help="run the next file after a failure")
    parser.add_argument("--force", action="store_true", help="replace a recording that is there")
    add_engine(parser)
    add_log_level(parser)
    return parser
