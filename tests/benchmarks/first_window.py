"""The first window: from the start of the process until it is painted, against a bare PySide6 window; one JSON line
each.

Run interleaved, medians. `first live isolate` counts from our first window until it is painted in the tree, `window
filled` until console, graphs' places, menus and facts are there; the engine's self-test is cached by a run before.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BARE = """
import time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        print('{"painted_s": %r}' % time.monotonic(), flush=True)
        QTimer.singleShot(0, application.quit)
application = QApplication([])
window = Window()
window.show()
application.exec()
"""


def timed(words: list[str], folder: str) -> list[dict[str, float]]:
    """The lines that a child tells, with `start_s` of its process."""
    # a cache of its own too: a host that dies of a signal elsewhere makes the self-test's verdict void
    names = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
    places = {**dict.fromkeys(names, folder), "QT_QPA_PLATFORM": "offscreen"}
    # compiled modules are kept, as they are where a user starts it twice
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start_s = time.monotonic()
    answer = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env={**kept, **places}, capture_output=True, text=True, check=True
    )
    return [{"start_s": start_s, **json.loads(line)} for line in answer.stdout.splitlines() if line.startswith("{")]


def main(rounds: int = 7) -> None:
    bare, ours, live, filled = [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        timed(["-m", "tests.end_to_end.child", "first-window"], folder)
        for _ in range(rounds):
            (painted,) = timed(["-c", BARE], folder)
            bare.append((painted["painted_s"] - painted["start_s"]) * 1000)
            window, isolate = timed(["-m", "tests.end_to_end.child", "first-window"], folder)
            ours.append((window["painted_s"] - window["start_s"]) * 1000)
            live.append((isolate["live_s"] - window["painted_s"]) * 1000)
            filled.append((isolate["filled_s"] - window["painted_s"]) * 1000)
    tell("first window, ms", statistics.median(ours), statistics.median(bare), rounds)
    tell("first live isolate after it, ms", statistics.median(live), 300.0, rounds)
    print(json.dumps({"name": "window filled after it, ms", "ours": round(statistics.median(filled), 1), "n": rounds}))


def tell(name: str, ours: float, peer: float, rounds: int) -> None:
    print(
        json.dumps(
            {"name": name, "ours": round(ours, 1), "peer": round(peer, 1), "ratio": round(ours / peer, 2), "n": rounds}
        )
    )


if __name__ == "__main__":
    main()
