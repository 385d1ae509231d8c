"""record, report, diff and export as a user's shell calls them: exit codes, silence, and figures that are so."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from inspector.states import Capability
from tests.fixtures.command import Ended
from tests.fixtures.engines import skip_without

Cli = Callable[..., Ended]
Write = Callable[[str, str], Path]

RUNS = 8
WORK = "let sum = 0; for (let i = 0; i < {work}; i++) sum = (sum * 31 + i) % 1000003; console.log(sum);"


@pytest.fixture
def recorded(cli: Cli, write: Write) -> Path:
    write("a.js", WORK.format(work=300_000))
    ended = cli("record", "a.js", "-o", "a.isosession", "--repeat", str(RUNS))
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    return write("b.js", WORK.format(work=6_000_000)).parent / "a.isosession"


@skip_without(Capability.CPU_PROFILE)
def test_two_recordings_are_reported_compared_and_judged(cli: Cli, shell: Cli, recorded: Path) -> None:
    told = json.loads(cli("report", "a.isosession", "--json").out)
    (isolate,) = told["isolates"]
    assert isolate["name"] == "a"
    assert isolate["figures"]["run.count"]["value"] == RUNS
    assert isolate["busy_us"] == pytest.approx(sum(one["self_us"] for one in isolate["functions"]), abs=RUNS * 10)
    assert "Runs" in cli("report", "a.isosession").out

    assert shell("record", "b.js", "-o", "b.isosession", "--repeat", str(RUNS)).code == 0
    worse = cli("diff", "a.isosession", "b.isosession", "--fail-if", "run.p50>+5%", "--json")
    assert worse.code == 5
    assert json.loads(worse.out)["figures"]["run.p50"]["verdict"] == "more"
    assert json.loads(worse.out)["fail_if"][0]["failed"] is True
    same = cli("diff", "a.isosession", "a.isosession", "--fail-if", "run.p95>+5%")
    assert same.code == 0
    assert "holds" in same.out
    for condition in ("run.p95>-5%", "nothing>+5%", "run.p95"):
        assert cli("diff", "a.isosession", "a.isosession", "--fail-if", condition).code == 2

    assert cli("export", "a.isosession", "--format", "speedscope", "-o", "a.json").code == 0
    assert json.loads((recorded.parent / "a.json").read_text())["profiles"][0]["name"] == "a"
    assert shell("export", "a.isosession", "--format", "png", "-o", "a.png").code == (0 if find_spec("PySide6") else 2)
    assert "exists already" in cli("export", "a.isosession", "--format", "csv", "-o", "a.json").err


def test_the_exit_code_is_that_of_run(cli: Cli, write: Write) -> None:
    write("threw.js", "throw new Error('told')")
    write("loop.js", "for (;;) {}")
    assert cli("record", "gone.js", "-o", "threw.isosession").code == 2  # and leaves the name to the next
    threw = cli("record", "threw.js", "loop.js", "-o", "threw.isosession", "--preset", "basic")
    assert threw.code == 1
    assert "Error: told" in threw.err
    assert "exists already" in cli("record", "threw.js", "-o", "threw.isosession").err
    ended = cli("record", "loop.js", "-o", "loop.isosession", "--duration", "1s")
    assert ended.code == 0
    told = json.loads(cli("report", "loop.isosession", "--json").out)
    assert told["end_reason"] == "its time was over"
    assert told["isolates"][0]["figures"]["run.count"]["value"] == 1
    assert cli("record", "loop.js", "-o", "no/such/../folder/x.isosession", "--interval", "1s").code == 2


def test_what_is_no_recording_is_refused_in_words(cli: Cli, write: Write) -> None:
    write("text.isosession", "nothing of the kind")
    write("empty.isosession", "")
    for name, words in (("text", "no SQLite file"), ("empty", "it is empty"), ("missing", "No such file")):
        ended = cli("report", f"{name}.isosession")
        assert ended.code == 2
        assert words in ended.err
