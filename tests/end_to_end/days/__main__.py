"""Walks through the days in one real window over real isolates, with a picture of each step, light and dark.

    python -m tests.end_to_end.days [--pictures build/days] [--day "1 leak"]

Not part of the default run: two to five minutes. Exit code 1 when a step did not come; look at the pictures. The
longest time for which the window stood still is printed for each day (aim: 50 ms on a machine that does nothing else).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import traceback
from concurrent.futures import Future
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from inspector.pool import Isolate, PoolDoor
from tests.end_to_end.days.days import DAYS
from tests.end_to_end.days.person import Person
from ui.assembly import Assembly
from ui.event_queue import EventQueue
from ui.ground import Ground
from ui.opening import open_window
from ui.settings import Settings

SIZE = (1440, 900)


async def walk(person: Person, wanted: list[str]) -> int:
    """The number of days that could not be walked to their end."""
    await person.until(lambda: person.isolate("isolate 1").figures.at_us)
    failed = 0
    for day in wanted:
        print(day, flush=True)
        person.begin(day.replace(" ", "-"))
        try:
            await DAYS[day](person)
        except Exception:
            traceback.print_exc()
            failed += 1
        person.end()
        print(f"  the window stood still for {person.longest_ms:.0f} ms at most", flush=True)
        for dialog in QApplication.topLevelWidgets():
            if dialog is not person.all.window and dialog.isVisible():
                dialog.close()
    if problems := person.all.problems.text():
        print(f"problems:\n{problems}")
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, default=Path("build/days"))
    parser.add_argument("--day", choices=list(DAYS), action="append")
    options = parser.parse_args()
    options.pictures.mkdir(parents=True, exist_ok=True)
    QApplication.setStyle("Fusion")
    application = QApplication(sys.argv[:1])
    from qasync import QEventLoop  # type: ignore[import-untyped]

    loop = QEventLoop(application)
    queue, door = EventQueue(), PoolDoor()
    opened: Future[None] = door.open(queue.put, warm_up=True)

    async def first() -> Isolate:
        await asyncio.wrap_future(opened)
        return await door.pool.create_isolate(name="isolate 1")

    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = folder  # its recordings are not the user's
        opening = open_window(application, Settings(Path(folder) / "settings.json"))
        window = Assembly(application, Ground(opening, door, queue, loop))
        window.window.resize(*SIZE)
        window.start(opened, door.submit(first()), [])
        try:
            failed = loop.run_until_complete(
                walk(Person(window, options.pictures, Path(folder)), options.day or list(DAYS))
            )
            window.ended.connect(loop.stop)
            window.window.close()
            loop.run_forever()
        finally:
            door.close()
            loop.close()
    print(f"Pictures are in {options.pictures}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
