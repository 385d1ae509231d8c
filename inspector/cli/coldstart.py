"""Measure how long one script takes from nothing: in a fresh context, a fresh isolate (with and without V8's code
cache), a fresh host process, and, where Node is installed, in a Worker and as `node FILE`.

Each round starts every variant once, in an order that turns. The total is the wall clock from the wish until the run
has settled; the stages are what V8 and the host say of it. The ratio is a variant's median against a fresh isolate's,
and holds for this machine, this file and this many rounds.

Node runs the file with all your rights: use --no-node for one that you don't trust.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

from inspector.cli.arguments import Parser, add_engine, verb_parser
from inspector.cli.exit_codes import ExitCode
from inspector.coldstart import ColdStart, Figure, Round, VariantFigures, measure
from inspector.pool.names import memory_limit_bytes
from inspector.text import for_terminal
from inspector.units import format_bytes, format_ms

__all__ = ["main"]

_COLUMNS = "{title:<32} {n:>5} {median:>10} {p95:>10} {memory:>10} {ratio:>7}"


def main(words: list[str]) -> int:
    """Returns the exit code. SourceError for a file that can't be read; UsageError for one that does not complete."""
    options = _parser().parse_args(words)
    limit = memory_limit_bytes(options.memory_limit, action="Read --memory-limit")
    progress = _Progress(options.rounds)
    measuring = measure(
        options.file,
        rounds=options.rounds,
        engine=options.engine,
        memory_limit_bytes=limit,
        with_node=not options.no_node,
        on_round=progress.saw,
    )
    result = asyncio.run(measuring)
    progress.clear()
    sys.stdout.write(_json(result) if options.json else "".join(_text(result)))
    return ExitCode.COMPLETED


def _parser() -> Parser:
    parser = verb_parser("coldstart", __doc__)
    parser.add_argument("file", metavar="FILE", type=Path, help="JavaScript that completes by itself")
    parser.add_argument("-n", dest="rounds", metavar="ROUNDS", type=int, default=50, help="rounds (default 50)")
    parser.add_argument("--memory-limit", metavar="SIZE", default="128 MiB", help="of each isolate (default 128 MiB)")
    parser.add_argument("--no-node", action="store_true", help="leave Node out")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    add_engine(parser)
    return parser


class _Progress:
    """Rounds so far, on a terminal alone."""

    def __init__(self, rounds: int) -> None:
        self._rounds = rounds
        self._seen: dict[str, int] = {}
        self._shown = sys.stderr.isatty()

    def saw(self, one: Round) -> None:
        self._seen[one.variant.name] = self._seen.get(one.variant.name, 0) + 1
        if self._shown:
            sys.stderr.write(f"\rRound {max(self._seen.values())} of {self._rounds}")
            sys.stderr.flush()

    def clear(self) -> None:
        if self._shown:
            sys.stderr.write("\r\033[K")


def _text(result: ColdStart) -> Iterator[str]:
    node = f", Node {result.node_version}" if result.node_version else ""
    made_of = f"{result.engine} engine, V8 {result.v8_version}{node}"
    yield for_terminal(f"{result.file}: {result.n} rounds, interleaved; {made_of}\n")
    yield for_terminal(f"{result.machine}\n\n")
    head = {"title": "from nothing", "n": "n", "median": "median", "p95": "p95", "memory": "memory", "ratio": "ratio"}
    yield _COLUMNS.format(**head) + "\n"
    for one in result.variants:
        yield from _lines(one)
    yield f"\nRatio: median against a fresh isolate's, n = {result.n}, on the machine above. Memory:\n"
    for one in result.variants:
        if one.memory_bytes is not None:
            yield f"  {one.variant.title}: {one.variant.memory_of}\n"


def _lines(one: VariantFigures) -> Iterator[str]:
    if one.total_ms is None:
        yield for_terminal(f"{one.variant.title:<32} not measured: {one.unavailable}\n")
        return
    yield _COLUMNS.format(
        title=one.variant.title,
        n=one.n,
        median=format_ms(one.total_ms.median),
        p95=format_ms(one.total_ms.p95),
        memory=format_bytes(one.memory_bytes),
        ratio="-" if one.ratio is None else f"{one.ratio:.2f}",
    ) + "\n"  # fmt: skip
    stages = ", ".join(f"{name} {format_ms(stage.median)}" for name, stage in one.stages.items())
    if stages:
        yield f"    {stages}\n"


def _json(result: ColdStart) -> str:
    from orjson import OPT_INDENT_2, dumps

    fields = {
        "file": result.file,
        "n": result.n,
        "machine": result.machine,
        "engine": result.engine,
        "v8": result.v8_version,
        "node": result.node_version or None,
        "variants": [_variant(one) for one in result.variants],
    }
    return dumps(fields, option=OPT_INDENT_2).decode() + "\n"


def _variant(one: VariantFigures) -> dict[str, object]:
    return {
        "name": one.variant.name,
        "title": one.variant.title,
        "n": one.n,
        "unavailable": one.unavailable or None,
        "total_ms": _figure(one.total_ms),
        "stages_ms": {name: _figure(stage) for name, stage in one.stages.items()},
        "memory_bytes": one.memory_bytes,
        "memory_of": one.variant.memory_of,
        "ratio": None if one.ratio is None else round(one.ratio, 3),
    }


def _figure(figure: Figure | None) -> dict[str, float] | None:
    return None if figure is None else {"median": round(figure.median, 3), "p95": round(figure.p95, 3)}
