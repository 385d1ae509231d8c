"""Exports of one real recording: each against what its format's documentation asks for, and against each other."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inspector.analysis.cpuprofile import read_cpuprofile
from inspector.analysis.heap_profile import read_heapprofile
from inspector.errors import RecordingError, UsageError
from inspector.export.csv_table import safe_cell
from inspector.export.formats import exported
from inspector.export.sharing import save_for_sharing
from inspector.export.whole_file import write_whole
from inspector.recording.session import Session
from inspector.states import Capability
from tests.fixtures.engines import skip_without
from tests.fixtures.recorded import SHAPE, Recorded


@pytest.fixture(scope="module")
def session(recorded: Recorded) -> Iterator[Session]:
    with Session.open(recorded.path) as opened:
        yield opened


def text_of(session: Session, name: str, isolate: str | None = "shape") -> bytes:
    return b"".join(exported(session, name, isolate))


@skip_without(Capability.CPU_PROFILE)
def test_cpuprofile_has_what_the_protocol_asks_for(session: Session) -> None:
    raw = text_of(session, "cpuprofile")
    told = json.loads(raw)
    nodes = {node["id"]: node for node in told["nodes"]}
    assert told["nodes"][0]["callFrame"]["functionName"] == "(root)"
    assert len(told["samples"]) == len(told["timeDeltas"]) > 100
    assert set(told["samples"]) <= set(nodes) - {1}
    assert sum(node["hitCount"] for node in nodes.values()) == len(told["samples"])
    children = [child for node in nodes.values() for child in node["children"]]
    assert sorted(children) == sorted(set(nodes) - {1})
    for node in nodes.values():
        frame = node["callFrame"]
        assert isinstance(frame["scriptId"], str) and isinstance(frame["lineNumber"], int)
    assert told["startTime"] + sum(told["timeDeltas"]) <= told["endTime"]
    profile = session.cpu_profile(session.isolates()[0].isolate_id)
    assert profile is not None
    again = read_cpuprofile(raw)
    assert again.self_us().sum() == pytest.approx(profile.self_us().sum(), rel=1e-6)
    assert [frame.name for frame in again.tree.frames if frame.url] == [
        frame.name for frame in profile.tree.frames if frame.url
    ]


@skip_without(Capability.CPU_PROFILE)
def test_speedscope_adds_up_to_the_same_total(session: Session) -> None:
    told = json.loads(text_of(session, "speedscope", None))
    assert told["$schema"] == "https://www.speedscope.app/file-format-schema.json"
    frames = told["shared"]["frames"]
    (shape,) = (one for one in told["profiles"] if one["name"] == "shape")
    assert (shape["type"], shape["unit"], len(shape["samples"])) == ("sampled", "microseconds", len(shape["weights"]))
    assert shape["endValue"] - shape["startValue"] == sum(shape["weights"])
    assert all(0 <= frame < len(frames) for stack in shape["samples"] for frame in stack)
    busy = sum(weight for stack, weight in zip(shape["samples"], shape["weights"], strict=True) if stack)
    profile = session.cpu_profile(session.isolates()[0].isolate_id)
    assert profile is not None
    assert busy == pytest.approx(profile.self_us().sum(), rel=1e-6)
    assert {"name": "quarter", "file": SHAPE.as_uri(), "line": 13, "col": 17} in frames


@skip_without(Capability.CPU_PROFILE)
def test_trace_nests_its_calls_and_holds_every_kind_of_event(session: Session) -> None:
    told = json.loads(text_of(session, "trace", None))
    events: list[dict[str, Any]] = told["traceEvents"]
    assert {event["ph"] for event in events} >= {"M", "X", "b", "e", "C", "i"}
    assert all(isinstance(event[key], int) for event in events for key in ("ts", "pid", "tid"))
    named = {(e["pid"], e["tid"]): e["args"]["name"] for e in events if e["name"] == "thread_name"}
    assert sorted(named.values()) == ["other", "shape"]
    asynchronous = [event for event in events if event["ph"] in "be"]
    begun = [event["id"] for event in asynchronous if event["ph"] == "b"]
    assert len(set(begun)) == len(begun)
    assert sorted(begun) == sorted(event["id"] for event in asynchronous if event["ph"] == "e")
    calls = [event for event in events if event["ph"] == "X"]
    open_until: list[int] = []
    for call in sorted(calls, key=lambda one: (one["tid"], one["ts"], -one["dur"])):
        while open_until and open_until[-1] <= call["ts"]:
            open_until.pop()
        assert not open_until or call["ts"] + call["dur"] <= open_until[-1]
        open_until.append(call["ts"] + call["dur"])
    assert {"burn", "quarter", "threeQuarters"} <= {call["name"] for call in calls}


@skip_without(Capability.CPU_PROFILE)
def test_heapprofile_is_as_v8_wrote_it(session: Session) -> None:
    raw = text_of(session, "heapprofile")
    assert set(json.loads(raw)) == {"head", "samples"}
    assert read_heapprofile(raw).own_bytes.sum() > 0


def test_csv_has_units_and_makes_no_formulas(session: Session) -> None:
    rows = list(csv.DictReader(io.StringIO(text_of(session, "csv", None).decode())))
    samples = session.samples()
    assert len(rows) == len(samples)
    assert sorted(int(row["heap_used_bytes"]) for row in rows) == sorted(samples["used_bytes"].tolist())
    cells = {"=1+1": "'=1+1", "-5": "-5", "+3.5e3": "+3.5e3", "-x": "'-x", "@a": "'@a", "plain": "plain", "": ""}
    assert {cell: safe_cell(cell) for cell in cells} == cells


@skip_without(Capability.CPU_PROFILE)
def test_a_format_of_one_isolate_wants_to_know_which(recorded: Recorded, tmp_path: Path) -> None:
    path = tmp_path / "copy.isosession"
    shutil.copyfile(recorded.path, path)
    with sqlite3.connect(path) as raw:
        raw.execute("DELETE FROM heap_profiles WHERE isolate_id = 2")
        raw.execute("DELETE FROM chunks WHERE track = 'cpu_samples' AND isolate_id = 2")
        raw.execute("INSERT INTO heap_profiles SELECT 2, began_us, at_us, profile FROM heap_profiles")
    raw.close()
    with Session.open(path) as session:
        with pytest.raises(UsageError, match=r'no isolate "nobody".*Isolates: shape, other'):
            text_of(session, "cpuprofile", "nobody")
        with pytest.raises(UsageError, match="this isolate has none"):
            text_of(session, "cpuprofile", "other")
        with pytest.raises(UsageError, match=r"2 isolates have one.*--isolate\. Isolates: shape, other"):
            text_of(session, "heapprofile", None)
        assert text_of(session, "heapprofile", "1") == text_of(session, "heapprofile", "other")


@skip_without(Capability.CPU_PROFILE)
def test_a_copy_for_sharing_has_no_sources_no_console_and_no_values(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "shared.isosession"
    save_for_sharing(session, path)
    raw = path.read_bytes()
    for secret in (b"function threeQuarters", b"line %d", b"Error: told", b"measured"):
        assert secret not in raw
    with Session.open(path) as shared:
        assert shared.notices == ()
        assert len(shared.samples()) == len(session.samples())
        assert len(shared.console()) == 0
        assert [mark.name for mark in shared.marks()] == ["", "", "the run has settled"]
        assert [mark.at_us for mark in shared.marks()] == [mark.at_us for mark in session.marks()]
        assert [run.outcome for run in shared.runs()] == ["completed"]
        assert shared.cpu_profile(1) is not None


def test_files_are_written_whole_and_never_over_others_unasked(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("mine")

    def parts() -> Iterator[bytes]:
        yield b"half"
        raise sqlite3.OperationalError("gone")

    with pytest.raises(RecordingError, match="exists already"):
        write_whole(path, [b"other"])
    with pytest.raises(sqlite3.OperationalError):
        write_whole(path, parts(), over=True)
    assert path.read_text() == "mine"
    assert write_whole(path, [b"an", b"other"], over=True) == 7
    assert path.read_text() == "another"
    assert write_whole(tmp_path / "new.csv", [b"new"]) == 3
    assert sorted(one.name for one in tmp_path.iterdir()) == ["new.csv", "out.csv"]


class Enough(Exception):
    pass


@pytest.mark.parametrize("looks", [1, 3, 20])
def test_a_copy_for_sharing_that_is_cancelled_leaves_nothing(session: Session, tmp_path: Path, looks: int) -> None:
    """At its beginning, in the middle, and whenever SQLite works long."""
    left = iter(range(looks))

    def still_wanted() -> None:
        if next(left, None) is None:
            raise Enough

    path = tmp_path / "shared.isosession"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("inspector.export.sharing._STEPS_BETWEEN_LOOKS", 10)
        with pytest.raises(Enough):
            save_for_sharing(session, path, still_wanted=still_wanted)
    assert list(tmp_path.iterdir()) == []
