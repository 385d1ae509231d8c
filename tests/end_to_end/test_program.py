"""The program as a process: what it imports, how it ends, what it leaves behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 40


class Child:
    """A window in a process of its own, with settings and logs in a folder of the test's."""

    def __init__(self, folder: Path, *words: str) -> None:
        places = {name: str(folder / name.lower()) for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR")}
        (folder / "xdg_runtime_dir").mkdir(mode=0o700, exist_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.end_to_end.child", *words],
            cwd=ROOT,
            env={**os.environ, **places, "QT_QPA_PLATFORM": "offscreen"},
            stdout=subprocess.PIPE,
            text=True,
        )

    def told(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the program ended with {self.process.wait(PATIENCE_S)}"
        return dict(json.loads(line))

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE_S)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def children(folder: Path) -> Iterator[list[Child]]:
    made: list[Child] = []
    yield made
    for child in made:
        child.end()


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def gone(pids: list[int]) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while any(alive(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        os.sched_yield()
    return True


linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")


def test_the_first_window_imports_nothing_heavy(folder: Path, children: list[Child]) -> None:
    child = Child(folder, "first-window")
    children.append(child)
    assert child.told()["heavy"] == []
    assert child.told()["live_s"] > 0
    assert child.process.wait(PATIENCE_S) == 0


def test_without_a_display_it_says_so_and_ends_with_2(folder: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    bare.pop("QT_QPA_PLATFORM", None)
    answer = subprocess.run(
        [sys.executable, "-m", "ui"],
        cwd=ROOT,
        env=bare,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    if sys.platform == "linux":
        assert answer.returncode == 2
        assert "no display" in answer.stderr
        assert "Traceback" not in answer.stderr


@linux
def test_two_windows_at_once_and_no_process_after_they_close(folder: Path, children: list[Child]) -> None:
    loop = folder / "loop.js"
    loop.write_text("for (;;) {}")
    children += [Child(folder, "stay", str(loop)), Child(folder, "stay", str(loop))]
    hosts = [pid for child in children for pid in child.told()["hosts"]]
    assert len(set(hosts)) >= 2
    for child in children:
        child.process.send_signal(signal.SIGTERM)  # closes the window, as a session that ends does
    assert [child.process.wait(PATIENCE_S) for child in children] == [0, 0]
    assert gone(hosts)


@linux
def test_a_killed_window_leaves_no_process(folder: Path, children: list[Child]) -> None:
    loop = folder / "loop.js"
    loop.write_text("for (;;) {}")
    child = Child(folder, "stay", str(loop))
    children.append(child)
    hosts = child.told()["hosts"]
    child.process.kill()
    assert gone(hosts)
