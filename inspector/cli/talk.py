"""Run files in an isolate each, with channels between them, and print every message.

The first FILE gets a port to each of the others: `port` to the one other, or port1, port2, ... when there are more;
each of the others has its `port` to the first. `port.postMessage(value)` sends, `port.onmessage = (event) => ...` gets
event.data. --value binds what a JSON file holds as `given` in each isolate first. It ends when all files have
completed and nothing has been on its way for 200 ms; --timeout ends it earlier, as a limit.

Printed are console lines, and messages: the second, from, to, bytes, how long copying took, and what became of it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from msgspec.structs import asdict

from inspector.cli.arguments import Parser, add_engine, verb_parser
from inspector.cli.exit_codes import ExitCode, code_of_outcome
from inspector.cli.run_text import error_text
from inspector.errors import SourceError, UsageError
from inspector.events import ConsoleWritten, Event, ExceptionThrown, RunReport
from inspector.pool import Context, Pool
from inspector.pool.names import memory_limit_bytes
from inspector.pool.settings import Place
from inspector.sources import Source, read_source
from inspector.target.clock import now_us
from inspector.text import for_terminal, visible
from inspector.units import format_bytes, parse_seconds
from inspector.value_events import ValueMoved
from inspector.values import console_text

__all__ = ["main"]

_QUIET_S = 0.2
_MOST_FILES = 32


def main(words: list[str]) -> int:
    """Returns the exit code: the first failure's. SourceError, UsageError."""
    options = _parser().parse_args(words)
    if not 2 <= len(options.files) <= _MOST_FILES:
        raise UsageError("Let files talk", f"{len(options.files)} given", f"Give 2 to {_MOST_FILES} files.")
    options.limit = memory_limit_bytes(options.memory_limit, action="Read --memory-limit")
    options.timeout_s = parse_seconds(options.timeout, action="Read --timeout")
    return asyncio.run(_Talk(options).hold())


class _Talk:
    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._began_us = now_us()
        self._names: dict[int, str] = {}  # isolate -> the file that runs in it
        self._happened = asyncio.Event()

    async def hold(self) -> int:
        options = self._options
        sources = [await asyncio.to_thread(read_source, path) for path in options.files]
        given = None if options.value is None else await asyncio.to_thread(_value, options.value)
        async with Pool(engine=options.engine) as pool:
            pool.subscribe(self._hear)
            contexts = await self._contexts(pool, sources, given)
            runs = [self._run(context, source) for context, source in zip(contexts, sources, strict=True)]
            try:
                async with asyncio.timeout(options.timeout_s):
                    reports = await asyncio.gather(*runs)
                    await self._quiet(contexts)
            except TimeoutError:
                sys.stderr.write(f"ended after {options.timeout}\n")
                return ExitCode.LIMIT
        codes = (code_of_outcome(report.outcome) for report in reports)
        return next((code for code in codes if code), ExitCode.COMPLETED)

    async def _contexts(self, pool: Pool, sources: list[Source], given: Any) -> list[Context]:
        """An isolate for each file, ports and the value in their places."""
        options = self._options
        place: Place = "own" if options.apart else "shared"
        made = [await pool.create_isolate(memory_limit=options.limit, host=place) for _ in sources]
        for isolate, path in zip(made, options.files, strict=True):
            self._names[isolate.isolate_id] = visible(path.name, 40)
        contexts = [isolate.default_context for isolate in made]
        for number, other in enumerate(contexts[1:], 1):
            name = "port" if len(contexts) == 2 else f"port{number}"
            await contexts[0].open_channel(other, name=name, other_name="port")
        if options.value is not None:
            copy = pool.external_copy(given)
            for context in contexts:
                (await copy.into(context, name="given")).release()
            copy.release()
        return contexts

    async def _run(self, context: Context, source: Source) -> RunReport:
        report = await context.isolate.run(source)
        if report.error is not None:
            sys.stderr.write(for_terminal(error_text(report.error)) + "\n")
        return report

    async def _quiet(self, contexts: list[Context]) -> None:
        """Until nothing waits and nothing has happened for a while."""
        while True:
            self._happened.clear()
            try:
                async with asyncio.timeout(_QUIET_S):
                    await self._happened.wait()
            except TimeoutError:
                ports = [pair for context in contexts for pair in context.isolate.ports.values()]
                # What waits for a port without a handler waits for ever: it is told as dropped at the end.
                if not any(port.waiting and port.takes for _, port in ports):
                    return

    def _hear(self, event: Event) -> None:
        self._happened.set()
        if isinstance(event, ValueMoved) and event.mode == "message":
            self._tell_message(event)
        elif isinstance(event, ConsoleWritten):
            words = console_text(event.args)
            told = {"console": words, "isolate": self._name(event.isolate_id)}
            self._say(told, f"{self._name(event.isolate_id)}: {words}")
        elif isinstance(event, ExceptionThrown):
            sys.stderr.write(for_terminal(f"{self._name(event.isolate_id)}: {error_text(event.error)}") + "\n")

    def _tell_message(self, moved: ValueMoved) -> None:
        there = self._name(moved.from_isolate_id), self._name(moved.to_isolate_id)
        seconds = (moved.at_us - self._began_us) / 1e6
        took = f"out {moved.out_us or '–'} µs, in {moved.in_us or '–'} µs"
        outcome = f"{moved.outcome}: {moved.cause}" if moved.cause else moved.outcome
        line = f"{seconds:9.3f}  {there[0]} → {there[1]}  {format_bytes(moved.size_bytes)}  {took}  {outcome}"
        self._say(asdict(moved) | {"from": there[0], "to": there[1]}, line)

    def _say(self, told: dict[str, Any], line: str) -> None:
        text = json.dumps(told, ensure_ascii=False) if self._options.json else for_terminal(line)
        sys.stdout.write(text + "\n")

    def _name(self, isolate_id: int | None) -> str:
        return self._names.get(isolate_id or 0, "Python")


def _value(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SourceError(f"Read {visible(str(path), 200)}", str(error), "Name a file of JSON.") from None


def _parser() -> Parser:
    parser = verb_parser("talk", __doc__)
    parser.add_argument("files", metavar="FILE", type=Path, nargs="+", help="JavaScript, an isolate for each")
    parser.add_argument("--value", metavar="JSON", type=Path, help="a file of JSON, `given` in each isolate")
    parser.add_argument("--apart", action="store_true", help="each isolate alone in its host process")
    parser.add_argument("--timeout", metavar="TIME", default="10s", help="of all of it (default 10s)")
    parser.add_argument("--memory-limit", metavar="SIZE", default="128 MiB", help="of each isolate (default 128 MiB)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    add_engine(parser)
    return parser
