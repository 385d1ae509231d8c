"""What recording costs, and what it gives: the writer's CPU at 10,000 events a second, opening 1,000,000 events, and
the slow-down of a script, from runs that alternate between recorded and not. Times are CPU time.

    python -m tests.benchmarks.recording

Prints one JSON object a line: ours, the limit, their ratio (1 is the limit).
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from inspector.events import ConsoleWritten, Event, SampleBatchArrived
from inspector.pool import Pool
from inspector.recording.batch import Batch
from inspector.recording.meta import beginning, ending
from inspector.recording.options import Preset, RecordOptions
from inspector.recording.recorder import Recorder
from inspector.recording.session import Session
from inspector.recording.store import Store
from inspector.recording.writer import Writer
from inspector.sources import source_from_text
from inspector.target.clock import now_us
from inspector.wire import SAMPLE_DTYPE

EVENTS_A_SECOND, SECONDS = 10_000, 6
EVENTS = 1_000_000
ROUNDS = 9
WORK = (
    "function step(n) { let s = 0; for (let i = 0; i < n; i++) { s = (s * 31 + i) % 1000003; if (i % 64 === 0) "
    "({ i }); } return s } let t = 0; for (let i = 0; i < 60; i++) t += step(1000000); t"
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        _writer_share(Path(folder))
        _opening(Path(folder))
        asyncio.run(_slow_downs(Path(folder)))


def _writer_share(folder: Path) -> None:
    """CPU time of the whole process while console lines come at a rate; making the events is paid for first."""
    lines = [
        ConsoleWritten(0, 1 + i % 50, 1, "log", ({"type": "string", "value": f"line {i}"},), "a.js", 3, 7)
        for i in range(EVENTS_A_SECOND // 100)
    ]
    store = Store.create(folder / "rate.isosession", beginning(now_us(), "benchmark", RecordOptions()))
    writer = Writer(store, Batch(), ending, lambda error: print(error, file=sys.stderr) if error else None)
    began, cpu = time.perf_counter(), time.process_time()
    for slice_number in range(SECONDS * 100):
        for line in lines:
            writer.put(line)
        time.sleep(max(0.0, began + (slice_number + 1) / 100 - time.perf_counter()))
    writer.close("over")
    writer.join()
    share = (time.process_time() - cpu) / (time.perf_counter() - began)
    _tell("recorder, share of a core at 10,000 console lines a second", share, 0.05, SECONDS * EVENTS_A_SECOND)


def _opening(folder: Path) -> None:
    """Half of them heap samples of 50 isolates, half console lines, in batches of half a second."""
    path = folder / "million.isosession"
    store = Store.create(path, beginning(1, "benchmark", RecordOptions()))
    batch = Batch()
    chunk, at = 20_000, 1
    args = ({"type": "string", "value": "line"},)
    for _ in range(EVENTS // chunk):
        samples = np.zeros(chunk // 2, SAMPLE_DTYPE)
        samples["isolate_id"] = np.arange(chunk // 2) % 50 + 1
        samples["at_us"] = at + np.arange(chunk // 2) * 50
        events: list[Event] = [SampleBatchArrived(at, 1, samples.tobytes())]
        events += [ConsoleWritten(at + i * 50, i % 50 + 1, 1, "log", args) for i in range(chunk // 2)]
        at += chunk * 50
        batch.add(events)
        store.write(batch)
        batch.clear()
    store.write(batch, ending("over"))
    store.finish()
    times = []
    for _ in range(7):
        began = time.process_time()
        with Session.open(path) as session:
            assert len(session.samples()) + len(session.console()) == EVENTS
        times.append(time.process_time() - began)
    size = path.stat().st_size / EVENTS
    _tell("open 1,000,000 events, all arrays, s", statistics.median(times), 0.1, len(times), bytes_an_event=round(size))


async def _slow_downs(folder: Path) -> None:
    """Median CPU time of runs in pairs: not recorded, recorded; the order turns."""
    async with Pool(engine="native") as pool:
        isolate = await pool.create_isolate(name="work")
        source = source_from_text(WORK, "work.js")
        for preset, limit in ((Preset.BASIC, 0.02), (Preset.CPU, 0.10)):
            times: dict[bool, list[float]] = {True: [], False: []}
            for number in range(ROUNDS):
                for recorded in (number % 2 == 0, number % 2 == 1):
                    recorder = None
                    if recorded:
                        recorder = Recorder(pool, folder / f"{preset}{number}.isosession", RecordOptions(preset))
                        await recorder.start()
                    context = await isolate.create_context()
                    report = await isolate.run(source, context_id=context.context_id)
                    await isolate.release_context(context.context_id)
                    times[recorded].append(report.timings.cpu_ms or 0.0)
                    if recorder is not None:
                        await recorder.close()
            plain, ours = (statistics.median(times[recorded]) for recorded in (False, True))
            spread = statistics.stdev(a / b for a, b in zip(times[True], times[False], strict=True)) / ROUNDS**0.5
            _tell(f"slow-down of a script, {preset}", ours / plain - 1, limit, ROUNDS, standard_error=round(spread, 3))


def _tell(name: str, ours: float, limit: float, n: int, **more: float) -> None:
    told = {"name": name, "ours": round(ours, 4), "limit": limit, "ratio": round(ours / limit, 3), "n": n, **more}
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
