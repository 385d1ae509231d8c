"""Logs rotate, faults are kept, and the text to copy holds nothing of the user's."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import inspector.diagnostics.log as log_module
from inspector.diagnostics import cache_folder, diagnostics_text, start_logging, state_folder
from inspector.events import HostStarted


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    yield state_folder()
    for name in ("inspector", "ui"):
        logger = logging.getLogger(name)
        for handler in logger.handlers[:]:
            logger.removeHandler(handler)
            handler.close()
        logger.setLevel(logging.NOTSET)


def test_the_level_decides_what_is_written(folder: Path) -> None:
    path = start_logging("info", program="test")
    assert path is not None
    assert path.parent == folder
    logging.getLogger("inspector.pool").info("a host was started")
    logging.getLogger("inspector.pool").debug("not written")
    logging.getLogger("ui.app").warning("from the window")
    text = path.read_text()
    assert "a host was started" in text
    assert "from the window" in text
    assert "not written" not in text


def test_a_message_can_not_forge_a_line_or_steer_a_terminal(folder: Path) -> None:
    path = start_logging("info", program="test")
    assert path is not None
    logging.getLogger("inspector").info("first\n2026-01-01 forged\x1b[31m")
    lines = path.read_text().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("    2026")
    assert "\x1b" not in path.read_text()


def test_logs_rotate_and_old_ones_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_module, "_FILE_BYTES", 2000)
    path = start_logging("info", program="test")
    assert path is not None
    for number in range(200):
        logging.getLogger("inspector").info("line %d of many", number)
    kept = sorted(one.name for one in folder.glob("test.log*"))
    assert kept == ["test.log", "test.log.1", "test.log.2", "test.log.3"]
    assert all(one.stat().st_size <= 2000 for one in folder.glob("test.log*"))


def test_logging_may_start_again(folder: Path) -> None:
    start_logging("info", program="test")
    path = start_logging("error", program="test")
    assert path is not None
    logging.getLogger("inspector").error("once")
    logging.getLogger("inspector").warning("no more")
    assert path.read_text().count("once") == 1
    assert "no more" not in path.read_text()


def test_a_folder_that_can_not_be_written_is_no_error(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(log_module, "state_folder", lambda: tmp_path / "file" / "below")
    assert start_logging("info", program="test") is None
    logging.getLogger("inspector").warning("nowhere to go, and no harm")


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGSEGV to send")
def test_a_fault_leaves_its_stacks(folder: Path) -> None:
    program = (
        "import os, signal\n"
        "from inspector.diagnostics import start_logging\n"
        "start_logging(program='test')\n"
        "os.kill(os.getpid(), signal.SIGSEGV)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, timeout=60)
    assert done.returncode < 0
    assert "Segmentation fault" in (folder / "test-faults.log").read_text()


def test_folders_follow_the_platform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    monkeypatch.setenv("XDG_STATE_HOME", "not/absolute")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert state_folder() == tmp_path / ".local/state/isolate-inspector"
    assert cache_folder() == tmp_path / ".cache/isolate-inspector"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert state_folder() == tmp_path / "Library/Logs/isolate-inspector"
    monkeypatch.setattr(sys, "platform", "win32")
    assert state_folder() == tmp_path / "Local/isolate-inspector/Logs"
    assert cache_folder() == tmp_path / "Local/isolate-inspector/Cache"


def test_copied_diagnostics_tell_versions_walls_and_no_home(folder: Path, tmp_path: Path) -> None:
    host = HostStarted(
        at_us=0,
        host_id=1,
        letter="A",
        pid=1234,
        engine="native",
        engine_reason="all checks passed\x1b[31m",
        v8_version="14.4",
        v8_flags=("--trace-gc-nvp",),
        capabilities={"contexts": "", "heap-snapshot": "not built"},
        walls={"core-dumps": "", "network": "none"},
        start_ms=200.0,
        alone=False,
    )
    text = diagnostics_text([host], {"isolates": "3"})
    assert "mini-racer 0." in text
    assert "host process A: native" in text
    assert "can't heap-snapshot: not built" in text
    assert "no wall network: none" in text
    assert "isolates: 3" in text
    assert "\x1b" not in text
    assert str(tmp_path / "home") not in text
