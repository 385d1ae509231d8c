"""What is imported after the first isolate, and in which thread."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ALONE = Path(__file__).parent.parent / "data" / "pyqtgraph_in_a_thread.py"


def test_pyqtgraph_makes_no_class_of_qts_in_its_thread() -> None:
    """In a process of its own: here pyqtgraph is imported already."""
    ended = subprocess.run([sys.executable, str(ALONE)], capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stdout) == (0, "no class, no module\n"), ended.stderr
