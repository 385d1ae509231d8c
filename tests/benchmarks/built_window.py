"""The first window of the built program against the source installation's: start of the process until it is painted.

Run interleaved, medians, one JSON line; the limit is 1.5. Needs `make build` first; without a build it says so and
measures nothing.
"""

from __future__ import annotations

import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.first_window import tell

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "dist" / "isolate-inspector" / "isolate-inspector"
SOURCE = Path(sys.executable).with_name("isolate-inspector")
PAINTED = re.compile(r"painted at ([0-9.]+) s")
ROUNDS = 7


def painted_ms(program: Path, folder: str) -> float:
    """Start it, read when it was painted, close it."""
    places = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"), folder)
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began_s = time.monotonic()
    with subprocess.Popen(
        [program, "--log-level", "info"],
        env={**kept, **places, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        found = next((match for line in process.stderr if (match := PAINTED.search(line))), None)
        process.send_signal(signal.SIGTERM)
        process.stderr.read()
    if found is None:
        raise RuntimeError(f"{program} told no time of its first paint")
    return (float(found.group(1)) - began_s) * 1000


def main() -> int:
    if not BUILT.exists():
        print(f"Measuring the built window: there is no {BUILT}. Build it: make build", file=sys.stderr)
        return 0
    built, source = [], []
    with tempfile.TemporaryDirectory() as folder:
        for program in (BUILT, SOURCE):
            painted_ms(program, folder)
        for _ in range(ROUNDS):
            source.append(painted_ms(SOURCE, folder))
            built.append(painted_ms(BUILT, folder))
    tell(
        "first window of the build against the source's, ms",
        statistics.median(built),
        statistics.median(source),
        ROUNDS,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
