"""Exports of a recording, read by others' own readers from npm: `python -m tests.export.with_readers SESSION ISOLATE`.

Chrome's CPU profile model, which spreads time evenly over samples, must tell the same of each function, its trace
engine our thread with all its calls, and speedscope's schema must find nothing wrong. Prints a JSON object; the exit
code is 1 when something differs, 2 without npm.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from inspector.analysis.functions import functions
from inspector.analysis.tree import IDLE_NAME, ROOT_NAME
from inspector.export.calls import calls
from inspector.export.formats import chosen_tracks, exported
from inspector.recording.session import Session

READERS = Path(__file__).parent / "readers"
_TOLERANCE = 0.02  # of all time: Chrome's model moves single samples between a function and the collector


def main(recording: str, isolate: str) -> int:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        print("npm and node are needed.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in READERS.iterdir():
            shutil.copy(part, folder)
        subprocess.run([npm, "install", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True, timeout=300)
        files = []
        with Session.open(Path(recording)) as session:
            for form in ("cpuprofile", "speedscope", "trace"):
                files.append(folder / f"out.{form}")
                files[-1].write_bytes(b"".join(exported(session, form, isolate)))
            track = chosen_tracks(session, isolate)[0]
        done = subprocess.run([node, "read.mjs", *files], cwd=folder, check=True, capture_output=True, timeout=120)
    found = json.loads(done.stdout)
    assert track.profile is not None
    profile = track.profile
    wrong = list(found["speedscopeErrors"])
    hits = functions(profile.tree, np.bincount(profile.node, minlength=len(profile.tree)).astype(float)).own
    each_us = (profile.until_us - profile.from_us) / len(profile.node)
    expected: dict[str, float] = {}
    for frame, count in zip(profile.tree.frames, hits, strict=True):
        name = IDLE_NAME if frame.name == ROOT_NAME else frame.name  # the format tells gaps as idle
        expected[name] = expected.get(name, 0.0) + float(count) * each_us
    for function, self_us in expected.items():
        theirs = found["selfMs"].get(function, 0.0) * 1000
        if abs(theirs - self_us) > _TOLERANCE * sum(expected.values()):
            wrong.append(f"self time of {function}: ours {self_us:.0f} us, Chrome's {theirs:.0f} us")
    thread = found["threads"].get(str(track.isolate_id), {"entries": 0})
    count = sum(1 for _ in calls(track.profile))
    if thread["entries"] < count:
        wrong.append(f"calls in the trace: ours {count}, Chrome's {thread['entries']}")
    told = {"functions": len(expected), "samples": len(profile.node), "calls": count, "wrong": wrong}
    print(json.dumps(told))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
