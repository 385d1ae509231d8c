"""One recording of everything, made once by the V8 inspector engine, and what it was made of."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from inspector.events import RunReport
from inspector.pool import Pool
from inspector.recording.options import Preset, RecordOptions
from inspector.recording.recorder import Finished, Recorder
from inspector.sources import read_source

SHAPE = Path(__file__).parent / "data" / "shape.js"


@dataclass(frozen=True, slots=True)
class Recorded:
    path: Path
    finished: Finished
    report: RunReport


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """`shape.js` under the preset Everything, a mark, and a second isolate that was disposed."""
    return asyncio.run(_record(tmp_path_factory.mktemp("recorded") / "shape.isosession"))


async def _record(path: Path) -> Recorded:
    async with Pool(engine="native") as pool:
        recorder = Recorder(pool, path, RecordOptions(Preset.EVERYTHING))
        await recorder.start()
        isolate = await pool.create_isolate(name="shape", memory_limit="256 MiB")
        other = await pool.create_isolate(name="other")
        report = await isolate.run(read_source(SHAPE))
        recorder.mark("the run has settled", isolate.isolate_id)
        await other.dispose()
        finished = await recorder.close()
    return Recorded(path, finished, report)
