"""Let debuggers attach to an isolate: Chrome DevTools, VS Code, anything that speaks the Chrome DevTools Protocol.

The files run first, in the order given, in the isolate's default context; a failure is told, and the isolate
stays. It is announced when they have settled, or after a second while they go on. Debuggers come and go until
Ctrl+C, which ends with 0. Pauses are the debuggers': without one attached nothing pauses.

Listens on 127.0.0.1 alone. Whoever can reach that port on this machine can read the list and run code in the isolate,
as with node --inspect. Pages of the web are turned away by their Host and Origin headers.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from msgspec import Struct

from inspector.cli.arguments import Parser, add_engine, add_log_level, verb_parser
from inspector.errors import UsageError
from inspector.units import parse_bytes

__all__ = ["ServeOptions", "main", "parse"]

DEFAULT_LIMIT = "128 MiB"
_MOST_PORT = 65_535


class ServeOptions(Struct, frozen=True):
    files: tuple[Path, ...]
    port: int | None  # None: Node's, or any free one when that is taken
    memory_limit_bytes: int
    origins: tuple[str, ...]
    engine: str
    json: bool
    log_level: str | None


def main(words: list[str]) -> int:
    """Returns the exit code. UsageError for a bad size or port."""
    options = parse(words)
    from inspector.cli.serve_session import serve_session
    from inspector.diagnostics.log import start_logging

    start_logging(options.log_level or "warning", program="serve", to_terminal=options.log_level is not None)
    return asyncio.run(serve_session(options, sys.stdout, sys.stderr))


def parse(words: list[str]) -> ServeOptions:
    """UsageError, or the parser's own exit with 2."""
    options = _parser().parse_args(words)
    if options.port is not None and not 0 <= options.port <= _MOST_PORT:
        cause = f"{options.port} is no port"
        raise UsageError("Read --port", cause, f"Give 0 (any that is free) to {_MOST_PORT}.")
    return ServeOptions(
        files=tuple(options.files),
        port=options.port,
        memory_limit_bytes=parse_bytes(options.memory_limit, action="Read --memory-limit"),
        origins=tuple(options.allow_origin),
        engine=options.engine,
        json=options.json,
        log_level=options.log_level,
    )


def _parser() -> Parser:
    parser = verb_parser("serve", __doc__)
    parser.add_argument("files", nargs="*", metavar="FILE", type=Path, help="a .js, .mjs or .cjs file to run first")
    parser.add_argument(
        "--port", metavar="N", type=int, help="default 9229, Node's, or any free one if that is taken; 0: any free one"
    )
    parser.add_argument(
        "--memory-limit",
        metavar="SIZE",
        default=DEFAULT_LIMIT,
        help=f"used heap and off-heap memory together, after a garbage collection (default {DEFAULT_LIMIT})",
    )
    parser.add_argument(
        "--allow-origin",
        metavar="ORIGIN",
        action="append",
        default=[],
        help="a DevTools front end that is served from elsewhere, such as http://localhost:8090; may be repeated",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output, once ready")
    add_engine(parser)
    add_log_level(parser)
    return parser
