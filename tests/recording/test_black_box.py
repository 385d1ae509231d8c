"""The last minute is saved when a limit is hit or a host is lost, with the neighbours, and tells what was before."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from types import SimpleNamespace

import pytest

from inspector.events import HostLost, LimitHit, RunStarted, SampleBatchArrived
from inspector.pool import Pool
from inspector.recording import black_box, recorder, ring
from inspector.recording.black_box import BlackBox, BlackBoxSaved
from inspector.recording.folder import listed
from inspector.recording.layout import STATES
from inspector.recording.options import Preset, RecordOptions
from inspector.recording.ring import Ring
from inspector.recording.session import Session
from inspector.sources import source_from_text
from inspector.states import Capability
from tests.fixtures.engines import MAIN, skip_without
from tests.pool.recorder import Recorder

_WEDGE = "(function again() { Promise.resolve().then(again); })()"


@pytest.fixture
async def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A limit, a lost host and a wedge at once: what was saved of them, and two recordings that ended by themselves."""
    monkeypatch.setattr(black_box, "_RUN_PATIENCE_S", 60)  # a host that gets no processor ends its run late
    saved: list[BlackBoxSaved] = []
    all_saved = asyncio.Event()

    def keep(one: BlackBoxSaved) -> None:
        saved.append(one)
        if len(saved) == 3:
            all_saved.set()

    async with Pool(engine=MAIN) as pool:
        events = Recorder()
        pool.subscribe(events)
        kept = Ring(pool)
        box = BlackBox(pool, kept, tmp_path, keep)
        options = RecordOptions(Preset.BASIC, stops_on_limit=True), RecordOptions(Preset.BASIC, stops_on_crash=True)
        until = [recorder.Recorder(pool, tmp_path / f"{i}.isosession", one) for i, one in enumerate(options)]
        for one in until:
            await one.start()
        hungry = await pool.create_isolate(name="hungry", memory_limit="16 MiB")
        neighbour = await pool.create_isolate(name="neighbour")
        apart, stuck = [await pool.create_isolate(name=name, host="own") for name in ("apart", "stuck")]
        wedge = asyncio.ensure_future(stuck.run(source_from_text(_WEDGE, "wedge.js")))
        await neighbour.run(source_from_text("console.log('hello'); 1", "neighbour.js"))
        await hungry.run(source_from_text("const all = []; for (;;) all.push({})", "hungry.js"))
        limited = await asyncio.wait_for(until[0].finished, 60)
        assert not until[1].finished.done()
        os.kill(apart.host.started.pid if apart.host.started else 0, signal.SIGKILL)
        crashed = await asyncio.wait_for(until[1].finished, 60)
        await asyncio.wait_for(all_saved.wait(), 60)
        await stuck.dispose()
        await wedge
        await box.close()
        kept.close()
    return SimpleNamespace(
        saved=saved, events=events, limited=limited, crashed=crashed, hungry=hungry, neighbour=neighbour, apart=apart,
        stuck=stuck,
    )  # fmt: skip


async def test_limits_silence_and_lost_hosts_are_saved_and_end_recordings(
    broken: SimpleNamespace, tmp_path: Path
) -> None:
    boxes = [next(one for one in broken.saved if words in one.reason) for words in ("limit", "lost", "answering")]
    assert [one.error for one in boxes] == [None] * 3
    subjects = broken.hungry, broken.apart, broken.stuck
    assert [one.isolate_ids for one in boxes] == [(one.isolate_id,) for one in subjects]
    assert {one.focus_isolate_id for one in listed(tmp_path) if one.focus_isolate_id} == {
        one.isolate_id for one in subjects
    }
    hit = broken.events.of(LimitHit)[0]
    with Session.open(boxes[0].path) as session:
        assert [one.name for one in session.isolates()] == ["hungry", "neighbour"]
        assert (session.info.focus_isolate_id, session.info.focus_us) == (hit.isolate_id, hit.at_us)
        assert session.limit_hits()[0].used_bytes == hit.used_bytes
        assert session.runs(hit.isolate_id)[0].outcome == "heap-limit"
        (line,) = session.console_lines(broken.neighbour.isolate_id)
        assert (line.args[0]["value"], line.url) == ("hello", "neighbour.js")
        script = next(one for one in session.scripts(hit.isolate_id) if one.url == "hungry.js")
        assert "all.push" in (session.source(script.hash) or "")
    with Session.open(boxes[1].path) as session:
        (alone,) = session.isolates()
        assert (alone.name, alone.end_state) == ("apart", "crashed")
        told = broken.events.of(HostLost)[0]
        assert next(one for one in session.hosts() if one.host_id == told.host_id).exit_code == -signal.SIGKILL
    with Session.open(boxes[2].path) as session:
        assert [one.name for one in session.isolates()] == ["stuck"]
        assert "wedged" in [STATES[state] for state in session.states(broken.stuck.isolate_id)["state"]]
    with Session.open(broken.limited.path) as session:
        assert "reached its memory limit" in session.info.end_reason
        assert session.limit_hits()[0].isolate_id == hit.isolate_id
    with Session.open(broken.crashed.path) as session:
        assert "lost" in session.info.end_reason
        assert "lost" in [host.end_state for host in session.hosts()]


@skip_without(Capability.BUSY_SAMPLES)
async def test_what_fell_out_of_the_ring_still_explains_what_is_in_it(tmp_path: Path) -> None:
    async with Pool(engine=MAIN) as pool:
        events = Recorder()
        pool.subscribe(events)
        kept = Ring(pool, seconds=0)  # everything falls out at once
        isolate = await pool.create_isolate(name="old", sample_rate_hz=50)
        gone = await pool.create_isolate(name="gone")
        await gone.dispose()
        run = asyncio.ensure_future(isolate.run(source_from_text("for (;;);", "old.js")))
        await events.heard(RunStarted)
        await events.next(SampleBatchArrived)
        await events.next(SampleBatchArrived)
        path = await kept.save(tmp_path / "ring.isosession", "asked for")
        await isolate.stop()
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
