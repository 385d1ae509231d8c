"""The pool by the clock: births, round trips, the replacement of a killed host, 200 working isolates.

Run it with `python -m tests.benchmarks.pool`. "peer" and "limit" say what the figure is held against.
"""

from __future__ import annotations

import json
import os
import signal
import statistics
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from inspector.events import BytesDropped, ConsoleDropped, Event, HostStarted
from inspector.pool import Isolate, PoolDoor
from tests.benchmarks._node import node_inspector

BIRTHS = 40
ROUND_TRIPS = 1000
MANY = 200
LOOPING = 4
WATCHED_S = 10.0
ONE_MS_OF_WORK = "setInterval(() => { const end = Date.now() + 1; while (Date.now() < end); }, 100); 0"
ENDLESS = "for (;;);"

T = TypeVar("T")


def main() -> None:
    engine = sys.argv[1] if len(sys.argv) > 1 else "auto"
    for measure in (births, round_trips, replacement, many):
        door = PoolDoor(engine=engine)
        try:
            door.open(warm_up=True).result(60)
            measure(door)
        finally:
            door.close(60)


def births(door: PoolDoor) -> None:
    """One isolate after another in a warm host, against the stages that the host itself timed."""
    whole, inside = [], []

    def hear(event: Event) -> None:
        birth = getattr(event, "birth", None)
        if birth is not None:
            inside.append(birth.isolate_ms + (birth.inspector_ms or 0) + birth.context_ms + birth.prelude_ms)

    door.submit(_call(lambda: door.pool.subscribe(hear))).result(10)
    for _ in range(BIRTHS):
        whole.append(_timed(door, door.pool.create_isolate())[0])
    say("create_isolate in a warm host, ms", statistics.median(whole), "peer", statistics.median(inside), BIRTHS)


def round_trips(door: PoolDoor) -> None:
    """`1+1`, in turns with `node --inspect` asked by the same loop; as a run with its events, and as bare CDP."""
    isolate = door.submit(door.pool.create_isolate()).result(30)
    run, bare, node = door.submit(_in_turns(isolate)).result(300)
    peer = statistics.median(node) if node else None
    say("Runtime.evaluate('1+1') through the pool, ms", statistics.median(bare), "peer", peer, ROUND_TRIPS)
    say("isolate.evaluate('1+1'), a run with events and report, ms", statistics.median(run), "peer", peer, ROUND_TRIPS)
    across = [_timed(door, isolate.evaluate("1+1"))[0] for _ in range(ROUND_TRIPS)]
    say("isolate.evaluate('1+1') from another thread, ms", statistics.median(across), "peer", peer, ROUND_TRIPS)


def replacement(door: PoolDoor) -> None:
    """kill -9 until the new host has said hello; twice, far enough from the third loss."""
    times = []
    for _ in range(2):
        ready = threading.Event()
        came: list[float] = []
        known = set(door.pool.hosts)

        def hear(
            event: Event, known: set[int] = known, came: list[float] = came, ready: threading.Event = ready
        ) -> None:
            if isinstance(event, HostStarted) and event.host_id not in known:
                came.append(time.perf_counter())
                ready.set()

        leave = door.submit(_call(partial(door.pool.subscribe, hear))).result(10)
        pid = next(host.pid for host in door.pool.hosts.values() if host.pid)
        began = time.perf_counter()
        os.kill(pid, signal.SIGKILL)
        if ready.wait(20):
            times.append((came[0] - began) * 1000)
        door.submit(_call(leave)).result(10)
    say("kill -9 until a new host is ready, ms (first, at once)", times[0], "limit", 2000, 1)
    say("kill -9 until a new host is ready, ms (second, after a pause of 500)", times[1], "limit", 2000, 1)


def many(door: PoolDoor) -> None:
    """200 isolates: born one after another; then all but 4 work 1 ms in 100, and 4 never end."""
    events: dict[str, int] = {}
    dropped: list[Event] = []

    def hear(event: Event) -> None:
        name = type(event).__name__
        events[name] = events.get(name, 0) + 1
        if isinstance(event, BytesDropped | ConsoleDropped):
            dropped.append(event)

    door.submit(_call(lambda: door.pool.subscribe(hear))).result(10)
    began = time.perf_counter()
    isolates = [door.submit(door.pool.create_isolate()).result(60) for _ in range(MANY)]
    spent_ms = (time.perf_counter() - began) * 1000
    hosts = len({isolate.host_id for isolate in isolates})
    say(f"{MANY} isolates in {hosts} hosts, ms each, hosts' start included", spent_ms / MANY, "limit", None, MANY)
    runs = [
        door.submit(isolate.evaluate(ENDLESS if index < LOOPING else ONE_MS_OF_WORK))
        for index, isolate in enumerate(isolates)
    ]
    while events.get("RunStarted", 0) < MANY and not any(run.done() for run in runs):
        threading.Event().wait(0.05)
    cpu_before = door.submit(_call(time.thread_time)).result(30)
    wall_before = time.perf_counter()
    threading.Event().wait(WATCHED_S)
    cpu = door.submit(_call(time.thread_time)).result(30) - cpu_before
    share = 100 * cpu / (time.perf_counter() - wall_before)
    say(f"pool thread with {MANY} working isolates, % of a core", share, "limit", 10, MANY)
    say(f"events dropped in {WATCHED_S:g} s of that", len(dropped), "limit", 0, sum(events.values()))


def say(name: str, ours: float, held: str, against: float | None, n: int) -> None:
    """One line of JSON."""
    ratio = round(ours / against, 3) if against else None
    line = {"name": name, "ours": round(ours, 3), held: None if against is None else round(against, 3)}
    print(json.dumps({**line, "ratio": ratio, "n": n}), flush=True)


def _timed(door: PoolDoor, coroutine: Coroutine[Any, Any, T]) -> tuple[float, T]:
    began = time.perf_counter()
    answer = door.submit(coroutine).result(120)
    return (time.perf_counter() - began) * 1000, answer


async def _in_turns(isolate: Isolate) -> tuple[list[float], list[float], list[float]]:
    params = {"expression": "1+1"}
    async with node_inspector() as node:
        run, bare, peer = [], [], []
        for _ in range(ROUND_TRIPS):
            run.append(await _clocked(isolate.evaluate("1+1")))
            bare.append(await _clocked(isolate.send("Runtime.evaluate", params)))
            if node is not None:
                peer.append(await _clocked(node.send("Runtime.evaluate", params)))
    return run, bare, peer


async def _clocked(work: Coroutine[Any, Any, object]) -> float:
    began = time.perf_counter()
    await work
    return (time.perf_counter() - began) * 1000


async def _call(function: Callable[[], T]) -> T:
    return function()


if __name__ == "__main__":
    main()
