"""kill -9 of who records, of a host process, and of both, at random moments: what the file tells afterwards.

`python -m tests.recording.kills [COUNT]` does it COUNT times (20) and prints a JSON object per kill; the tests do
it a few times. `python -m tests.recording.kills --child PATH` is who records.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from inspector.recording.opening import log_of
from inspector.recording.session import Session
from tests.fixtures.engines import MAIN

VICTIMS = ("recorder", "host", "both")
_TICKER = "let i = 0; (function tick() { console.log(i++); setTimeout(tick, 5); })();"
_BURNER = "function burn() { const end = Date.now() + 20; while (Date.now() < end); } for (;;) burn();"


@dataclass(frozen=True, slots=True)
class Killed:
    """`missing_ms`: from what the file says it tells everything up to, to the kill; 0 when only a host was killed.
    `silent_ms`: from the last console line that was kept to the kill: a host that gets no processor says none.
    """

    victim: str
    after_ms: int
    lines: int
    missing_ms: float
    silent_ms: float
    stacks: int
    in_order: bool  # lines without a gap, from the first on
    one_file: bool
    locked: bool
    hosts_lost: int
    notices: tuple[str, ...]


def kill_once(path: Path, victim: str, after_s: float) -> Killed:
    """Record into `path`, kill, and look."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.recording.kills", "--child", str(path)],
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdout is not None
    host = int(child.stdout.readline() or "0")
    time.sleep(after_s)  # the moment of the kill is what this is about
    killed_us = time.monotonic_ns() // 1000
    if victim in ("host", "both"):
        os.kill(host, signal.SIGKILL)
    if victim in ("recorder", "both"):
        child.kill()
    child.wait(60)
    child.stdout.close()
    _gone(host)
    return _look(path, victim, after_s, killed_us)


def _gone(pid: int) -> None:
    """Wait until a host that lost its pool has ended by itself."""
    for _ in range(600):
        with suppress(ProcessLookupError):
            os.kill(pid, 0)
            time.sleep(0.05)
            continue
        return
    raise AssertionError(f"host process {pid} outlived its pool")


def _look(path: Path, victim: str, after_s: float, killed_us: int) -> Killed:
    with Session.open(path) as session:
        ids = {one.name: one.isolate_id for one in session.isolates()}  # none when nothing was committed yet
        lines = session.console_lines(ids.get("ticker", 0))
        numbers = [line.args[0]["value"] for line in lines]
        written_us = session.info.last_us
        last_us = lines[-1].at_us if lines else written_us
        profile = session.cpu_profile(ids.get("burner", 0))
        lost = [host for host in session.hosts() if host.end_state == "lost"]
        notices = session.notices
    with closing(sqlite3.connect(path, timeout=0.2)) as raw:
        try:
            raw.execute("BEGIN EXCLUSIVE")
            locked = False
        except sqlite3.OperationalError:
            locked = True
    return Killed(
        victim,
        round(after_s * 1000),
        len(lines),
        0.0 if victim == "host" else round((killed_us - written_us) / 1000, 1),
        round((killed_us - last_us) / 1000, 1),
        0 if profile is None else len(profile.at_us),
        numbers == list(range(len(numbers))),
        not log_of(path).exists(),
        locked,
        len(lost),
        notices,
    )


async def record(path: Path) -> None:
    """Two busy isolates; says the host's pid once both run; ends when the host is lost."""
    from inspector.events import ConsoleWritten, Event, HostLost
    from inspector.pool import Pool
    from inspector.recording.recorder import Recorder
    from inspector.sources import source_from_text

    lost, talks = asyncio.Event(), asyncio.Event()

    def hear(event: Event) -> None:
        if isinstance(event, HostLost):
            lost.set()
        elif isinstance(event, ConsoleWritten):
            talks.set()

    async with Pool(engine=MAIN) as pool:
        recorder = Recorder(pool, path)
        await recorder.start()
        pool.subscribe(hear)
        ticker = await pool.create_isolate(name="ticker")
        burner = await pool.create_isolate(name="burner")
        runs = [asyncio.ensure_future(ticker.run(source_from_text(_TICKER, "ticker.js")))]
        runs.append(asyncio.ensure_future(burner.run(source_from_text(_BURNER, "burner.js"))))
        await talks.wait()
        print(ticker.host.started.pid if ticker.host.started else 0, flush=True)
        await lost.wait()
        await asyncio.gather(*runs, return_exceptions=True)
        await recorder.close("a host process was lost")


def main(words: list[str]) -> None:
    if words[:1] == ["--child"]:
        asyncio.run(record(Path(words[1])))
        return
    chance = random.Random()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(int(words[0]) if words else 20):
            path = Path(folder) / f"{number}.isosession"
            print(json.dumps(asdict(kill_once(path, VICTIMS[number % 3], chance.uniform(0, 4)))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
