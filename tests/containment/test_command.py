"""The verb `contain`: once as a shell runs it, the rest in this process."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.states import Capability
from tests.fixtures.command import Ended, run_here
from tests.fixtures.engines import lacks, skip_without
from tests.fixtures.leftovers import children_of, process_runs

COMMAND = [sys.executable, "-m", "inspector", "contain"]
REPOSITORY = Path(__file__).parents[2]
PATIENCE_S = 60


def environment(folder: Path) -> dict[str, str]:
    folders = {"XDG_STATE_HOME": str(folder), "XDG_CACHE_HOME": str(folder), "PYTHONPATH": str(REPOSITORY)}
    return os.environ | folders


def contain(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment(folder),
        timeout=PATIENCE_S,
        check=False,
    )


def contain_here(folder: Path, patch: pytest.MonkeyPatch, *words: str) -> Ended:
    patch.chdir(folder)
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME"):
        patch.setenv(name, str(folder))
    return run_here("contain", *words)


def test_a_line_for_each_case_and_code_0_when_all_were_contained(tmp_path: Path) -> None:
    (tmp_path / "mine.js").write_text("for (;;);")
    timeout, told = ("5s", "5 s") if lacks(Capability.EXTERNAL_LIMIT) else ("300ms", "300 ms")  # V8's own end is later
    words = ("--case", "array-buffers", "--case", "array-buffers", "mine.js", "--timeout", timeout)
    done = contain(tmp_path, *words)
    assert done.returncode == 0, done.stderr
    head, columns, *lines = done.stdout.splitlines()
    assert head == f"Memory limit 64 MiB, timeout {told}."
    assert columns.split()[0] == "case"
    buffers = "ENDED" if lacks(Capability.EXTERNAL_LIMIT) else "STOPPED"
    assert [line.split()[:2] for line in lines] == [["mine.js", "STOPPED"], ["array-buffers", buffers]]


@skip_without(Capability.EXTERNAL_LIMIT)
def test_json_says_it_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = contain_here(
        tmp_path, monkeypatch, "--case", "array-buffers", "--memory-limit", "32MiB", "--json", "--engine", "native"
    )
    told = json.loads(done.out)
    assert done.code == 0
    assert told["case"] == "array-buffers"
    assert told["verdict"] == ["STOPPED"]
    assert told["outcome"] == "external-limit"
    assert told["limit_bytes"] == 32 << 20
    assert told["contained"]
    assert told["host_alive"]
    assert told["usable_after"]
    assert told["neighbour_worst_gap_ms"] >= 0


def test_what_the_portable_engine_lacks_is_said_and_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = contain_here(tmp_path, monkeypatch, "--case", "many-contexts", "--engine", "portable", "--json")
    told = json.loads(done.out)
    assert done.code == 0
    assert told["verdict"] == ["NOT RUN"]
    assert told["contained"] is None
    assert told["reason"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--case", "endles-loop"), "endless-loop"),
        (("--memory-limit", "64"), "Did you mean 64 MiB?"),
        (("--timeout", "soon"), "soon"),
        (("missing.js",), "missing.js"),
    ],
)
def test_what_can_not_be_read_is_code_2_and_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    done = contain_here(tmp_path, monkeypatch, *words)
    assert done.code == 2
    assert said in done.err
    assert not done.out


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_leaves_no_process(tmp_path: Path, number: signal.Signals, code: int) -> None:
    process = subprocess.Popen(
        [*COMMAND, "--case", "array-buffers", "--case", "endless-loop", "--timeout", "60s"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=environment(tmp_path),
    )
    assert process.stdout is not None
    while b"array-buffers" not in process.stdout.readline():  # then the endless loop begins
        pass
    while not (hosts := children_of(process.pid)):
        select.select([], [], [], 0.01)
    select.select([], [], [], 0.4)
    process.send_signal(number)
    _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == code
    assert hosts
    assert not any(map(process_runs, hosts))
    assert b"Traceback" not in err
