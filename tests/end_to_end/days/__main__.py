"""Walks through the days in one real window over real isolates, with a picture of each step, light and dark.

    python -m tests.end_to_end.days [--pictures build/days] [--day "1 leak"]

Not part of the default run: two to five minutes. Exit code 1 when a step did not come; look at the pictures. The
longest time for which the window stood still is printed for each day (aim: 50 ms on a machine that does nothing else).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import traceback
from concurrent.futures import Future
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from inspector.pool import Isolate
from tests.end_to_end.days.days import DAYS
from tests.end_to_end.days.person import Person
from ui.assembly import Assembly
from ui.driven import drive

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

    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = folder  # its recordings are not the user's

        async def walked(window: Assembly, _first: Future[Isolate]) -> int:
            window.window.resize(*SIZE)
            return await walk(Person(window, options.pictures, Path(folder)), options.day or list(DAYS))

        failed = drive(walked, Path(folder), isolate="isolate 1")
    print(f"Pictures are in {options.pictures}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
