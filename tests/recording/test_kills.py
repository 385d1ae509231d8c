"""After kill -9 every file opens, and tells all but the last moment. `tests.recording.kills` does it 20 times."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.recording.kills import kill_once

PATIENCE_MS = 10_000  # commits come twice a second; on a machine that is busy elsewhere, later


@pytest.mark.parametrize("victim", ["recorder", "host", "both"])
def test_a_killed_recording_opens(victim: str, tmp_path: Path) -> None:
    killed = kill_once(tmp_path / "killed.isosession", victim, random.uniform(0.1, 1.2))
    assert killed.one_file
    assert not killed.locked
    assert killed.in_order
    assert killed.missing_ms < PATIENCE_MS
    assert killed.hosts_lost == (1 if victim == "host" else 0)
    assert bool(killed.notices) == (victim != "host")
