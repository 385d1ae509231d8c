"""The rounds: every variant once in each, in an order that turns, so that what else the machine does hits all alike."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from inspector.coldstart.node import Node
from inspector.coldstart.records import NODE, VARIANTS, WORKER, ColdStart, Round, Variant
from inspector.coldstart.summary import summarise
from inspector.coldstart.variants import Ours
from inspector.diagnostics.versions import machine
from inspector.errors import UsageError
from inspector.pool import Pool
from inspector.sources import read_source

__all__ = ["measure"]

_WARM_ROUNDS = 1  # not counted: files come into the system's cache
_MOST_ROUNDS = 10_000

Start = Callable[[], Awaitable[Round]]


async def measure(
    file: Path,
    *,
    rounds: int = 50,
    engine: str = "auto",
    memory_limit_bytes: int = 128 << 20,
    with_node: bool = True,
    on_round: Callable[[Round], None] = lambda _: None,
) -> ColdStart:
    """Measure `file`; `on_round` hears each counted round as it comes. SourceError when the file can't be read,
    UsageError when its run does not complete or `rounds` is out of range. `with_node`: Node runs it with all rights.
    """
    if not 1 <= rounds <= _MOST_ROUNDS:
        raise UsageError("Measure cold starts", f"{rounds} rounds are outside 1 to {_MOST_ROUNDS}")
    source = await asyncio.to_thread(read_source, file)
    node = Node(file, wanted=with_node)
    try:
        async with Pool(engine=engine) as pool:
            ours = await Ours(pool, source, memory_limit_bytes).prepare()
            await node.open()
            counted, unavailable = await _turns(_starts(ours, node), rounds, on_round)
            return ColdStart(
                file=str(file),
                engine=pool.engine_choice.name,
                v8_version=pool.engine_choice.v8_version,
                node_version=node.version,
                machine=f"{machine()}, {os.cpu_count()} processors",
                n=rounds,
                variants=summarise(counted, unavailable),
            )
    finally:
        await node.close()


def _starts(ours: Mapping[Variant, Start | str], node: Node) -> dict[Variant, Start | str]:
    """How each variant is started, or why it can't be; in their own order."""
    wanted: Mapping[Variant, Start | str] = {
        **ours,
        WORKER: node.worker_unavailable or node.worker,
        NODE: node.process_unavailable or node.process,
    }
    return {variant: wanted[variant] for variant in VARIANTS}


async def _turns(
    wanted: Mapping[Variant, Start | str], rounds: int, on_round: Callable[[Round], None]
) -> tuple[list[Round], dict[Variant, str]]:
    """The counted rounds, and why some variants are not among them."""
    starts = [start for start in wanted.values() if not isinstance(start, str)]
    counted: list[Round] = []
    for number in range(-_WARM_ROUNDS, rounds):
        turn = number % len(starts)
        for start in (*starts[turn:], *starts[:turn]):
            one = await start()
            if number >= 0:
                counted.append(one)
                on_round(one)
    return counted, {variant: why for variant, why in wanted.items() if isinstance(why, str)}
