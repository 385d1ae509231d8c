"""Ctrl+C, a closed pipe, the hint on a terminal, and that no process is left behind."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inspector.cli.run_session import HINT_AFTER_S
from tests.cli.conftest import COMMAND, PATIENCE_S
from tests.fixtures.leftovers import children_of, process_runs

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals and terminals")

Write = Callable[[str, str], Path]
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Starts the command with pipes (or what `streams` says); whatever is left of it is ended after the test."""
    started: list[subprocess.Popen[bytes]] = []

    def call(*words: str, command: list[str] = COMMAND, **streams: int) -> subprocess.Popen[bytes]:
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams
        process = subprocess.Popen([*command, *words], cwd=tmp_path, env=environment, **pipes)
        started.append(process)
        return process

    yield call
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def first_line(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdout is not None
    return process.stdout.readline()


def until_born(process: subprocess.Popen[bytes]) -> None:
    """Read the log on standard error until the isolate is there: --json holds the console back until a file settles."""
    assert process.stderr is not None
    for line in process.stderr:
        if b"was born" in line:
            return
    raise AssertionError("it ended before it had an isolate")


def ended(process: subprocess.Popen[bytes]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=PATIENCE_S)
    return process.returncode, (out or b"").decode(), err.decode()


@pytest.mark.parametrize("text", ["console.log('up'); for (;;);", "console.log('up'); new Promise(() => {})"])
def test_ctrl_c_cancels_and_leaves_no_process(start: Start, write: Write, text: str) -> None:
    write("a.js", text)
    process = start("run", "a.js")
    assert first_line(process) == b"up\n"
    hosts = children_of(process.pid)
    assert hosts
    process.send_signal(signal.SIGINT)
    code, _, err = ended(process)
    assert code == 130
    assert "a.js: cancelled" in err
    assert "Traceback" not in err
    deadline = time.monotonic() + 10
    while any(map(process_runs, hosts)) and time.monotonic() < deadline:
        select.select([], [], [], 0.05)
    assert not any(map(process_runs, hosts))


def test_ctrl_c_is_told_in_json(start: Start, write: Write) -> None:
    write("a.js", "console.error('up'); for (;;);")
    process = start("run", "--json", "--log-level", "info", "a.js", "b.js")
    until_born(process)
    process.send_signal(signal.SIGINT)
    code, out, _ = ended(process)
    assert code == 130
    (told,) = [json.loads(line) for line in out.splitlines()]
    assert told["outcome"] == "cancelled"


def test_ctrl_c_during_the_start(start: Start, write: Write) -> None:
    write("a.js", "1")
    for pause_s in (0.05, 0.2, 0.35, 0.5):
        process = start("run", "a.js")
        select.select([], [], [], pause_s)
        process.send_signal(signal.SIGINT)
        code, _, err = ended(process)
        # 0: it was quicker; 1 and -2: the interpreter itself was still starting
        assert code in (130, 0) or (code in (1, -signal.SIGINT) and "inspector/cli" not in err)


def test_sigterm_ends_it_too(start: Start, write: Write) -> None:
    write("a.js", "console.log('up'); for (;;);")
    process = start("run", "a.js")
    first_line(process)
    process.send_signal(signal.SIGTERM)
    assert ended(process)[0] == 143


def test_kill_leaves_no_host(start: Start, write: Write) -> None:
    write("a.js", "console.log('up'); for (;;);")
    process = start("run", "a.js")
    first_line(process)
    hosts = children_of(process.pid)
    process.kill()
    ended(process)
    deadline = time.monotonic() + 15
    while any(map(process_runs, hosts)) and time.monotonic() < deadline:
        select.select([], [], [], 0.1)
    assert not any(map(process_runs, hosts))


def test_a_reader_that_leaves_ends_the_run(start: Start, write: Write) -> None:
    write("a.js", "setInterval(() => console.log('tick'), 1)")
    process = start("run", "a.js")
    first_line(process)
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 141
    assert b"Traceback" not in err
    assert b"Exception" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_told(start: Start, write: Write) -> None:
    write("a.js", "setInterval(() => console.log('tick'), 1)")
    full = os.open("/dev/full", os.O_WRONLY)
    process = start("run", "a.js", stdout=full)
    os.close(full)
    code, _, err = ended(process)
    assert code == 141
    assert "No space left on device" in err
    assert "Traceback" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_verb_that_prints_once_tells_a_full_disk(start: Start) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    process = start("doctor", stdout=full)
    os.close(full)
    code, _, err = ended(process)
    assert (code, err) == (141, "isolate-inspector: Write to standard output: No space left on device.\n")


def test_a_host_that_is_killed_is_code_4(start: Start, write: Write) -> None:
    write("a.js", "console.log('up'); for (;;);")
    process = start("run", "--json", "--log-level", "info", "a.js")
    until_born(process)
    os.kill(next(iter(children_of(process.pid))), signal.SIGKILL)
    code, out, err = ended(process)
    assert code == 4
    told = json.loads(out)
    assert told["outcome"] == "host-lost"
    assert told["timings"]["run_ms"] is None  # nobody was left to measure it
    assert "SIGKILL" in err


def on_terminal(
    start: Start, *words: str, until: bytes, then: int = signal.SIGINT, command: list[str] = COMMAND
) -> tuple[int, bytes]:
    """Runs with a terminal as standard output and error; signals once `until` was shown."""
    import pty

    ours, theirs = pty.openpty()
    process = start(*words, command=command, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    signalled = False
    with contextlib.suppress(OSError):  # the terminal's other end is gone
        while select.select([ours], [], [], PATIENCE_S)[0]:
            piece = os.read(ours, 65536)
            if not piece:
                break
            shown += piece
            if until in shown and not signalled:
                signalled = True
                process.send_signal(then)
    os.close(ours)
    return process.wait(PATIENCE_S), shown


IMPATIENT = """\
import sys
from inspector.cli import run_session
from inspector.cli.main import main
run_session.HINT_AFTER_S = 0.2
sys.exit(main())
"""


def test_a_terminal_is_told_after_5_s_that_nothing_stops_it(start: Start, write: Write) -> None:
    assert HINT_AFTER_S == 5
    write("a.js", "for (;;);")
    impatient = [sys.executable, "-c", IMPATIENT]
    code, shown = on_terminal(start, "run", "a.js", until=b"still runs", command=impatient)
    assert code == 130
    assert b"a.js still runs. Nothing stops it without --timeout; Ctrl+C does." in shown
    assert b"a.js: cancelled" in shown


def test_a_terminal_sees_plain_text_the_result_and_the_outcome(start: Start, write: Write) -> None:
    write("\u202ea.js", "console.log('\\x1b]0;title\\x07\\u202e', 'x'.repeat(20000)); '\\x1b[2J'")
    code, shown = on_terminal(start, "run", "\u202ea.js", until=b"completed in", then=0)
    assert code == 0
    assert b"\x1b" not in shown
    assert b"\\x1b]0;title\\x07\\u202e" in shown
    assert b"=> '\\x1b[2J'" in shown
    assert "\u202e".encode() not in shown
    assert "… (+10,0".encode() in shown
