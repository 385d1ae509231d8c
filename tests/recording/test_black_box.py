"""The last minute is saved when a limit is hit or a host is lost, with the neighbours, and tells what was before."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

from inspector.events import HostLost, LimitHit, RunStarted, SampleBatchArrived
from inspector.pool import Pool
from inspector.recording import black_box, ring
from inspector.recording.black_box import BlackBox, BlackBoxSaved
from inspector.recording.folder import listed
from inspector.recording.ring import Ring
from inspector.recording.session import Session
from inspector.sources import source_from_text
from tests.pool.recorder import Recorder


async def test_a_limit_and_a_lost_host_are_saved_with_their_neighbours(tmp_path: Path) -> None:
    saved: asyncio.Queue[BlackBoxSaved] = asyncio.Queue()
    async with Pool(engine="native") as pool:
        events = Recorder()
        pool.subscribe(events)
        kept = Ring(pool)
        box = BlackBox(pool, kept, tmp_path, saved.put_nowait)
        hungry = await pool.create_isolate(name="hungry", memory_limit="16 MiB")
        neighbour = await pool.create_isolate(name="neighbour")
        apart = await pool.create_isolate(name="apart", host="own")
        await neighbour.run(source_from_text("console.log('hello'); 1", "neighbour.js"))
        await hungry.run(source_from_text("const all = []; for (;;) all.push({})", "hungry.js"))
        limit = await asyncio.wait_for(saved.get(), 60)
        assert limit.error is None
        assert limit.isolate_ids == (hungry.isolate_id,)

        os.kill(apart.host.started.pid if apart.host.started else 0, signal.SIGKILL)
        lost = await asyncio.wait_for(saved.get(), 60)
        assert "lost" in lost.reason
        await box.close()
        kept.close()
    hit = events.of(LimitHit)[0]
    with Session.open(limit.path) as session:
        assert [one.name for one in session.isolates()] == ["hungry", "neighbour"]
        assert (session.info.focus_isolate_id, session.info.focus_us) == (hungry.isolate_id, hit.at_us)
        assert session.limit_hits()[0].used_bytes == hit.used_bytes
        assert session.runs(hungry.isolate_id)[0].outcome == "heap-limit"
        assert len(session.console(neighbour.isolate_id)) == 1
        script = next(one for one in session.scripts(hungry.isolate_id) if one.url == "hungry.js")
        assert "all.push" in (session.source(script.hash) or "")
    with Session.open(lost.path) as session:
        (alone,) = session.isolates()
        assert (alone.name, alone.end_state) == ("apart", "crashed")
        told = events.of(HostLost)[0]
        assert next(one for one in session.hosts() if one.host_id == told.host_id).exit_code == -signal.SIGKILL
    assert [one.focus_isolate_id for one in listed(tmp_path)] == [apart.isolate_id, hungry.isolate_id]


async def test_what_fell_out_of_the_ring_still_explains_what_is_in_it(tmp_path: Path) -> None:
    async with Pool(engine="native") as pool:
        events = Recorder()
        pool.subscribe(events)
        kept = Ring(pool, seconds=0)  # everything falls out at once
        isolate = await pool.create_isolate(name="old", sample_rate_hz=50)
        gone = await pool.create_isolate(name="gone")
        await gone.dispose()
        run = asyncio.ensure_future(
            isolate.run(source_from_text("const end = Date.now() + 1500; while (Date.now() < end);", "old.js"))
        )
        await events.heard(RunStarted)
        await events.next(SampleBatchArrived)
        await events.next(SampleBatchArrived)
        path = await kept.save(tmp_path / "ring.isosession", "asked for")
        await run
        kept.close()
    with Session.open(path) as session:
        assert [one.name for one in session.isolates()] == ["old"]
        assert [run.label for run in session.runs()] == ["old.js"]
        assert len(session.samples(isolate.isolate_id)) >= 1
        assert [one.url for one in session.scripts(isolate.isolate_id) if not one.internal] == ["old.js"]


def test_only_the_newest_black_boxes_are_kept(tmp_path: Path) -> None:
    for number in range(black_box.KEPT + 3):
        (tmp_path / f"black box 2026-01-01 00.00.{number:02}.isosession").touch()
    (tmp_path / "recording 2026-01-01 00.00.00.isosession").touch()
    black_box._keep_newest(tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == black_box.KEPT + 1
    assert names[0] == "black box 2026-01-01 00.00.03.isosession"


def test_a_flood_does_not_outgrow_the_ring() -> None:
    class Nobody:
        def subscribe(self, listener: object) -> object:
            return lambda: None

    kept = Ring(Nobody())  # type: ignore[arg-type]
    for _ in range(100):
        kept._hear(SampleBatchArrived(0, 1, bytes(2 << 20)))
    assert kept._bytes <= ring._MOST_BYTES
    assert len(kept._kept) < 40
