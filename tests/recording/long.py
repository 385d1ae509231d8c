"""A long recording of many isolates: what it takes, and whether it can be looked at afterwards.

    python -m tests.recording.long [--minutes 30] [--isolates 50] [--preset cpu]

The real window stands beside it, its overview in front (QT_QPA_PLATFORM=offscreen by default). Each isolate answers
requests: bursts of work by timers, a heap that grows and is collected, a console line and a mark now and then. Prints
one JSON object: the file's size, resident memory of this process (window, pool, recorder and writer) after each tenth
of the time, what was dropped, how long the file takes to open, and the frames of its tracks when they are moved, zoomed
and scrolled. Exit code 1 when something was dropped or a host was lost.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from inspector.events import Event, HostLost
from inspector.pool import Pool
from inspector.recording.analysis_tracks import tracks_of
from inspector.recording.options import Preset, RecordOptions
from inspector.recording.recorder import Finished, Recorder
from inspector.recording.session import Session
from inspector.sources.reading import read_source
from ui.assembly import Assembly
from ui.driven import drive
from ui.views.centre import OVERVIEW

_SERVER = Path(__file__).parent / "data" / "long.js"
_FRAMES = 30


async def record(window: Assembly, path: Path, minutes: float, isolates: int, preset: Preset) -> dict[str, Any]:
    lost: list[str] = []
    resident: list[float] = []

    def hear(events: list[Event]) -> None:
        lost.extend(event.reason for event in events if isinstance(event, HostLost))

    async def recorded(pool: Pool) -> Finished:
        recorder = Recorder(pool, path, RecordOptions(preset))
        await recorder.start()
        made = [await pool.create_isolate(name=f"server {i}", memory_limit="64 MiB") for i in range(isolates)]
        runs = [asyncio.ensure_future(isolate.run(read_source(_SERVER))) for isolate in made]
        await asyncio.sleep(minutes * 60)
        finished = await recorder.close()
        ends = [isolate.dispose() for isolate in made]  # on a machine without a core to spare some take over 30 s
        await asyncio.gather(*ends, *runs, return_exceptions=True)
        return finished

    async def weigh() -> None:
        for _ in range(10):
            await asyncio.sleep(minutes * 6)
            resident.append(_resident_mib())

    window.bridge.events_arrived.connect(hear)
    window.views.centre.go_to(OVERVIEW)
    finished, _ = await asyncio.gather(window.bridge.submit(recorded(window.commands._pool)), weigh())
    return {"events": finished.events, "trouble": finished.trouble, "hosts_lost": lost, "resident_mib": resident}


def look(path: Path) -> dict[str, Any]:
    """Open it as the window does, and paint its tracks."""
    from PySide6.QtGui import QPixmap
    from PySide6.QtWidgets import QApplication

    from ui.models.session_window import SessionWindow
    from ui.theme import Themes
    from ui.views.session_tracks import SessionTracks

    began = time.perf_counter()
    with Session.open(path) as session:
        tracks, (low, high), drops = tracks_of(session), session.span, session.drops()
    opened_s = time.perf_counter() - began
    application = QApplication.instance() or QApplication([])
    window = SessionWindow()
    chart = SessionTracks(window, Themes())
    chart.resize(1200, 700)
    window.put_whole(low, high)
    chart.show_tracks(tracks, low)
    chart.show()
    application.processEvents()
    target, span = QPixmap(chart.size()), float(high - low)

    def frame_ms(change: Callable[[int], None]) -> dict[str, float]:
        took = []
        for i in range(_FRAMES):
            start = time.perf_counter()
            change(i)
            chart.viewport().render(target)
            took.append((time.perf_counter() - start) * 1e3)
        return {"median": round(statistics.median(took), 1), "worst": round(max(took), 1)}

    bar = chart.verticalScrollBar()
    return {
        "opened_s": round(opened_s, 2),
        "dropped": [f"{drop.count} {drop.what}" for drop in drops],
        "samples": sum(len(track.samples) for track in tracks),
        "stacks": sum(len(track.profile.at_us) for track in tracks if track.profile is not None),
        "first_frame_ms": frame_ms(lambda _: chart.show_tracks(tracks, low)),
        "moved_ms": frame_ms(lambda i: window.show(low + i * span / 3000, low + i * span / 3000 + span / 10)),
        "zoomed_ms": frame_ms(lambda i: window.show(low + span / 2 - span * 0.4**i, low + span / 2 + span * 0.4**i)),
        "scrolled_ms": frame_ms(lambda i: bar.setValue(i * 60)),
    }


def _resident_mib() -> float:
    return round(int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / (1 << 20), 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--isolates", type=int, default=50)
    parser.add_argument("--preset", choices=[preset.value for preset in Preset], default=Preset.CPU.value)
    options = parser.parse_args()
    sys.setswitchinterval(0.0005)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.isosession"

        async def recorded(window: Assembly, opened: Future[None]) -> dict[str, Any]:
            window.window.resize(1280, 800)
            await asyncio.wrap_future(opened)
            return await record(window, path, options.minutes, options.isolates, Preset(options.preset))

        told = drive(recorded, Path(folder))
        told["file_mib"] = round(path.stat().st_size / (1 << 20), 1)
        told |= look(path)
    print(json.dumps(vars(options) | told))
    return 1 if told["dropped"] or told["trouble"] or told["hosts_lost"] else 0


if __name__ == "__main__":
    sys.exit(main())
