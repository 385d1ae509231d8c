"""Call a function of a file again and again, or run a script again and again, and tell what a call takes and leaves.

The function is `handler`, `handle`, `default`, `main`, `run`, the only one that a module exports, or the one that
--function names; it keeps one context. Percentiles are of the time from when a call was due until it had settled.
Growth is the slope of the heap after forced collections, with the interval that holds it in 19 of 20 cases: a leak is
told only where that interval excludes 0 and the later half of the calls leaves at least half as much. What a call
allocates is told without what an empty call allocates.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

from msgspec import to_builtins

from inspector.cli.arguments import Parser, add_engine, verb_parser
from inspector.cli.exit_codes import ExitCode
from inspector.pool import Pool
from inspector.repeat import IsolateFigures, Plan, Progress, Repeated, Repeating
from inspector.sources import read_source
from inspector.text import for_terminal
from inspector.units import format_bytes, format_ms, parse_bytes

__all__ = ["main"]

_COLUMNS = "{name:<14} {calls:>9} {failed:>7} {rate:>10} {p50:>9} {p95:>9} {p99:>9} {most:>9} {allocated:>11}"


def main(words: list[str]) -> int:
    """Returns the exit code: 1 when a call failed. SourceError, UsageError."""
    options = _parser().parse_args(words)
    limit = parse_bytes(options.memory_limit, action="Read --memory-limit")
    times = None if options.seconds is not None else options.times
    plan = Plan(
        times=times,
        seconds=options.seconds,
        warm_up=options.warm_up,
        callers=options.callers,
        rate_hz=options.rate,
        function=options.function,
        script=options.script or options.fresh_context,
        fresh_context=options.fresh_context,
        payload=options.payload,
        timeout_s=options.timeout,
    )
    done = asyncio.run(_repeat(options.file, plan, options.isolates, options.engine, limit))
    sys.stdout.write(_json(done) if options.json else "".join(_text(done)))
    return ExitCode.THREW if any(one.failed for one in done.figures) else ExitCode.COMPLETED


async def _repeat(file: Path, plan: Plan, isolates: int, engine: str, limit: int) -> Repeated:
    source = await asyncio.to_thread(read_source, file)
    shown = sys.stderr.isatty()

    def told(progress: Progress) -> None:
        if shown:
            of = f" of {progress.of:,}" if progress.of else ""
            sys.stderr.write(f"\r\033[K{progress.done:,}{of} calls, {progress.elapsed_s:.0f} s")
            sys.stderr.flush()

    async with Pool(engine=engine) as pool:
        made = [await pool.create_isolate(memory_limit=limit) for _ in range(isolates)]
        try:
            return await Repeating(pool, made, source, plan, told).run()
        finally:
            if shown:
                sys.stderr.write("\r\033[K")


def _parser() -> Parser:
    parser = verb_parser("repeat", __doc__)
    parser.add_argument("file", metavar="FILE", type=Path, help="JavaScript that defines or exports a function")
    parser.add_argument("-n", dest="times", metavar="TIMES", type=int, default=1_000, help="calls (default 1000)")
    parser.add_argument("--seconds", metavar="S", type=float, help="instead of a number: for so long")
    parser.add_argument("--warm-up", metavar="TIMES", type=int, default=50, help="calls before it (default 50)")
    parser.add_argument("--callers", metavar="N", type=int, default=1, help="concurrent callers (default 1)")
    parser.add_argument("--rate", metavar="HZ", type=float, help="calls a second that are due, in each isolate")
    parser.add_argument(
        "--isolates", metavar="N", type=int, choices=range(1, 65), default=1, help="how many (default 1)"
    )
    parser.add_argument("--function", metavar="NAME", default="", help="which function")
    parser.add_argument("--payload", metavar="JSON", default="", help="its argument, made anew for each call")
    parser.add_argument("--script", action="store_true", help="run the whole script each time, in one context")
    parser.add_argument("--fresh-context", action="store_true", help="run the script in a fresh context each time")
    parser.add_argument("--timeout", metavar="S", type=float, default=10.0, help="seconds of one call (default 10)")
    parser.add_argument("--memory-limit", metavar="SIZE", default="128 MiB", help="of each isolate (default 128 MiB)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    add_engine(parser)
    return parser


def _text(done: Repeated) -> Iterator[str]:
    yield for_terminal(f"{done.callee}; {done.engine} engine, V8 {done.v8_version}\n{done.machine}\n\n")
    names = ("name", "calls", "failed", "rate", "p50", "p95", "p99", "most", "allocated")
    heads = ("isolate", "calls", "failed", "calls/s", "p50", "p95", "p99", "longest", "alloc/call")
    yield _COLUMNS.format(**dict(zip(names, heads, strict=True))) + "\n"
    for one in done.figures:
        yield for_terminal(_line(one)) + "\n"
        yield f"    growth: {_growth(one)}\n"
        if one.first_error:
            yield for_terminal(f"    first failure: {one.first_error}\n")


def _line(one: IsolateFigures) -> str:
    def ms(value: float | None) -> str:
        return "-" if value is None else format_ms(value)

    return _COLUMNS.format(
        name=one.name,
        calls=f"{one.calls:,}",
        failed=f"{one.failed:,}",
        rate="-" if one.per_second is None else f"{one.per_second:,.0f}",
        p50=ms(one.p50_ms),
        p95=ms(one.p95_ms),
        p99=ms(one.p99_ms),
        most=ms(one.most_ms),
        allocated="-" if one.allocated_per_call is None else format_bytes(one.allocated_per_call),
    )


def _growth(one: IsolateFigures) -> str:
    found = one.growth
    if found is None:
        return "too few collections to tell"
    span = f"{found.bytes_per_call:+,.0f} bytes a call (95%: {found.low:+,.0f} to {found.high:+,.0f})"
    return f"{span}: {found.verdict}"


def _json(done: Repeated) -> str:
    from orjson import OPT_INDENT_2, dumps

    figures = [{**to_builtins(one), "per_second": one.per_second} for one in done.figures]
    return dumps({**to_builtins(done), "figures": figures}, option=OPT_INDENT_2).decode() + "\n"
