"""A recording of a script of a known shape says what happened, within stated bounds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import numpy as np
import pytest

from inspector.analysis.functions import functions
from inspector.recording.layout import CONSOLE_KINDS, STATES
from inspector.recording.session import Session
from inspector.states import Capability
from inspector.values import console_text
from tests.fixtures.engines import MAIN, skip_without
from tests.fixtures.recorded import SHAPE, Recorded

KEPT_BYTES = 40 * 6_250 * 20  # map, properties, elements, two small integers


@pytest.fixture
def session(recorded: Recorded) -> Iterator[Session]:
    with Session.open(recorded.path) as opened:
        yield opened


def test_one_file_is_left_and_it_ended_in_order(recorded: Recorded, session: Session) -> None:
    assert recorded.finished.trouble == ""
    assert [path.name for path in recorded.path.parent.iterdir()] == [recorded.path.name]
    info = session.info
    assert (info.end_reason, info.preset, info.scope, session.notices) == ("stopped", "everything", "all", ())
    assert info.began_us == recorded.finished.began_us
    assert session.span[1] >= session.samples()["at_us"][-1]
    raw = sqlite3.connect(recorded.path)
    assert raw.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    raw.close()


def test_isolates_and_runs_are_those_that_were(recorded: Recorded, session: Session) -> None:
    shape, other = session.isolates()
    assert (shape.name, shape.memory_limit_bytes, shape.ended_us) == ("shape", 256 << 20, None)
    assert (other.name, other.end_state) == ("other", "disposed")
    assert session.hosts()[0].engine == MAIN
    (run,) = session.runs()
    assert (run.label, run.outcome, run.run_ms) == ("shape.js", "completed", recorded.report.timings.run_ms)
    assert run.path == str(SHAPE)
    assert run.started_us is not None and run.settled_us is not None
    assert recorded.report.timings.run_ms <= (run.settled_us - run.queued_us) / 1000
    assert session.runs(other.isolate_id) == []


@skip_without(Capability.BUSY_SAMPLES)
def test_the_heap_grew_by_what_was_kept(session: Session) -> None:
    shape = session.isolates()[0]
    samples = session.samples(shape.isolate_id)
    assert (np.diff(samples["at_us"]) >= 0).all()
    assert samples["used_bytes"].max() - samples["used_bytes"].min() >= KEPT_BYTES
    gcs = session.gcs(shape.isolate_id)
    assert len(gcs) and (gcs["before_bytes"] >= gcs["after_bytes"]).any()
    half = int(samples["at_us"][len(samples) // 2])
    assert len(session.samples(shape.isolate_id, to_us=half)) + len(
        session.samples(shape.isolate_id, from_us=half + 1)
    ) == len(samples)


def test_console_marks_and_states(session: Session) -> None:
    shape, other = session.isolates()
    lines = session.console_lines(shape.isolate_id)
    assert [console_text(line.args) for line in lines[:2]] == ["line 0 {line: 0}", "line 1 {line: 1}"]
    assert [line.kind for line in lines] == ["log"] * 10 + ["error", "warning"]
    assert "Error: told" in console_text(lines[10].args)
    assert [CONSOLE_KINDS[kind] for kind in session.console(shape.isolate_id)["kind"]] == [one.kind for one in lines]
    assert session.console_lines(shape.isolate_id, 3, 1)[0] == lines[3]
    marks = [(mark.name, mark.source, mark.isolate_id) for mark in session.marks()]
    assert marks == [
        ("measured", "performance.mark", shape.isolate_id),
        ("over", "console.timeStamp", shape.isolate_id),
        ("the run has settled", "user", shape.isolate_id),
    ]
    began_us = session.runs()[0].started_us or 0
    assert 0 < began_us <= min(mark.at_us for mark in session.marks())
    assert [STATES[state] for state in session.states(other.isolate_id)["state"]][-1] == "disposed"


def test_sources_are_kept_by_hash(session: Session) -> None:
    shape = session.isolates()[0]
    scripts = {script.url.rsplit("/", 1)[-1]: script for script in session.scripts(shape.isolate_id)}
    assert session.source(scripts["shape.js"].hash) == SHAPE.read_text(encoding="utf-8")
    assert session.source("nothing") is None


@skip_without(Capability.CPU_PROFILE)
def test_functions_took_the_shares_of_time_that_they_were_made_to_take(recorded: Recorded, session: Session) -> None:
    """1 to 3 within a third, by samples: while the machine does other things V8 takes none, but the clock goes on."""
    profile = session.cpu_profile(session.isolates()[0].isolate_id)
    assert profile is not None
    tree = profile.tree
    counts = np.bincount(profile.node, minlength=len(tree)).astype(float)
    names = [frame.name for frame in tree.frames]
    samples = dict(zip(names, functions(tree, counts).total, strict=True))
    assert samples["threeQuarters"] / samples["quarter"] == pytest.approx(3, rel=0.33)
    ours = [frame.url.endswith("shape.js") for frame in tree.frames]
    assert samples["quarter"] + samples["threeQuarters"] > 0.5 * functions(tree, counts).own[ours].sum()
    own_us = functions(tree, profile.self_us()).own[ours].sum()
    assert own_us <= 1.05 * recorded.report.timings.run_ms * 1000 + 50_000
    lines = profile.ticks.line[profile.ticks.ticks > 0]
    assert 9 in lines  # the loop of `burn`


@skip_without(Capability.CPU_PROFILE)
def test_allocations_name_who_kept(session: Session) -> None:
    import orjson

    found = session.heap_profile(session.isolates()[0].isolate_id)
    assert found is not None
    waiting, sizes = [orjson.loads(found.profile)["head"]], dict[str, int]()
    while waiting:
        node = waiting.pop()
        name = node["callFrame"]["functionName"]
        sizes[name] = sizes.get(name, 0) + node["selfSize"]
        waiting += node["children"]
    assert sizes["keep"] == max(sizes.values())
    assert sizes["keep"] == pytest.approx(KEPT_BYTES, rel=0.5)
