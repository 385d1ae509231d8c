"""The built window in use, with a real mouse and keyboard under a virtual screen: a file is dropped on it, its heap is
drawn, a recording is made and kept, and opened again by a second start.

    .venv/bin/python packaging/drive.py [FOLDER OF PICTURES]       (make drive; after make build)

Linux, with Xvfb, openbox, xdotool and ImageMagick's `import` on the PATH (Debian: xvfb openbox xdotool imagemagick).
What can be read is checked (the recording's report, the exit codes); the pictures are for a person to look at.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from release import NAME, ROOT, TITLE

__all__ = ["main"]

_PROGRAM = ROOT / "dist" / NAME / NAME
_SOURCE = Path(__file__).with_name("drag_source.py")
_SCRIPT = ROOT / "resources" / "examples" / "leak.js"
_NEEDED = {"Xvfb": "xvfb", "openbox": "openbox", "xdotool": "xdotool", "import": "imagemagick"}
_PATIENCE_S = 60.0
_SIGHT_S = 4.0  # until a picture shows what was done: another process tells of nothing, so it is not waited for
_SCREEN = "1440x900x24"
T = TypeVar("T")


class Screen:
    """A virtual screen with a window manager, and the hands of who sits before it."""

    def __init__(self, environment: Mapping[str, str], pictures: Path) -> None:
        self.environment = dict(environment)
        self._pictures = pictures

    def tool(self, *words: object) -> str:
        told = subprocess.run(
            ["xdotool", *map(str, words)], env=self.environment, capture_output=True, text=True, check=False
        )
        return told.stdout.strip()

    def window(self, title: str) -> str:
        """The id of the window that is called so, once it is there."""
        return wait_for(f"a window called {title!r}", lambda: self.tool("search", "--onlyvisible", "--name", title))

    def picture(self, name: str) -> None:
        path = self._pictures / f"{name}.png"
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, check=True)
        print(f"        {path.name}", flush=True)

    def keys(self, keys: str) -> None:
        self.tool("key", "--clearmodifiers", keys)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """As a hand does it: press, leave the spot, go there, rest, let go."""
        self.tool("mousemove", *start, "mousedown", 1)
        for step in range(1, 21):
            place = (round(a + (b - a) * step / 20) for a, b in zip(start, end, strict=True))
            self.tool("mousemove", *place)
            time.sleep(0.03)  # a hand's pace: faster, and X tells of no move in between
        time.sleep(0.5)  # let the target tell what will happen, for the picture
        self.picture("2 while dragging")
        self.tool("mouseup", 1)


def wait_for(what: str, look: Callable[[], T]) -> T:
    """What `look` finds; RuntimeError when it finds nothing in time."""
    end = time.monotonic() + _PATIENCE_S
    while not (found := look()):
        if time.monotonic() > end:
            raise RuntimeError(f"there was no {what} within {_PATIENCE_S:g} s")
        time.sleep(0.1)  # another program's window tells us of nothing: it is looked for
    return found


@contextlib.contextmanager
def process(words: list[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(words, env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as one:
        try:
            yield one
        finally:
            one.terminate()


@contextlib.contextmanager
def screen(home: Path, pictures: Path) -> Iterator[Screen]:
    reading, writing = os.pipe()
    with subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", _SCREEN, "-nolisten", "tcp"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    ) as server:
        os.close(writing)
        try:
            with os.fdopen(reading) as told:
                display = told.readline().strip()
            environment = {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "DISPLAY": f":{display}"}
            with process(["openbox"], environment):
                yield Screen(environment, pictures)
        finally:
            server.terminate()


def recordings(home: Path) -> list[Path]:
    return sorted(home.rglob("*.isosession"))


def names_in(recording: Path, environment: Mapping[str, str]) -> list[str]:
    """The names of the isolates that it is of."""
    told = subprocess.run(
        [str(_PROGRAM), "report", str(recording), "--json"], env=dict(environment), capture_output=True, check=True
    )
    return [str(one["name"]) for one in json.loads(told.stdout)["isolates"]]


def first_session(hands: Screen) -> None:
    """Drop, graph, record, save."""
    with process([str(_PROGRAM)], hands.environment) as program:
        window = hands.window(TITLE)
        hands.tool("windowmove", "--sync", window, 160, 0, "windowsize", "--sync", window, 1270, 880)
        time.sleep(_SIGHT_S)
        hands.picture("1 started")
        with process([sys.executable, str(_SOURCE), str(_SCRIPT)], hands.environment):
            source = hands.window("drag source")
            hands.tool("windowmove", "--sync", source, 0, 100)
            hands.drag((60, 160), (400, 600))
            time.sleep(_SIGHT_S)  # inside: what was dropped is asked of the program that it comes from
        hands.picture("3 dropped, its heap drawn")
        hands.tool("windowactivate", "--sync", window)
        hands.keys("ctrl+e")
        wait_for("recording in the recordings folder", lambda: recordings(Path(hands.environment["HOME"])))
        time.sleep(_SIGHT_S)
        hands.picture("4 recording")
        hands.keys("ctrl+e")
        time.sleep(_SIGHT_S)
        hands.picture("5 recorded")
        hands.keys("ctrl+q")
        code = program.wait(_PATIENCE_S)
        print(f"ok      dropped, drawn, recorded, closed with exit code {code}")
        if code != 0:
            raise RuntimeError(f"the window closed with exit code {code}")


def second_session(hands: Screen, recording: Path) -> None:
    """Opened again."""
    with process([str(_PROGRAM), str(recording)], hands.environment) as program:
        hands.window(TITLE)
        time.sleep(_SIGHT_S)
        hands.picture("6 opened again")
        hands.keys("ctrl+q")
        program.wait(_PATIENCE_S)
    print("ok      opened again by a second start")


def main(arguments: list[str]) -> int:
    """Exit code: 0, 1 when something was not there, 2 when it can't be driven here."""
    missing = [package for tool, package in _NEEDED.items() if shutil.which(tool) is None]
    if missing or not _PROGRAM.exists():
        what = f"it takes {' '.join(missing)}" if missing else f"there is no {_PROGRAM}; build it: make build"
        print(f"Drive the built window: {what}", file=sys.stderr)
        return 2
    pictures = Path(arguments[0] if arguments else ROOT / "build" / "drive")
    pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="drive-") as home, screen(Path(home), pictures) as hands:
        try:
            first_session(hands)
            (recording,) = recordings(Path(home))
            names = names_in(recording, hands.environment)
            if _SCRIPT.stem not in names:
                raise RuntimeError(f"{_SCRIPT.name} did not arrive: the isolates recorded are {names}")
            print(f"ok      one recording, of the isolates {names}")
            second_session(hands, recording)
        except (RuntimeError, subprocess.SubprocessError, ValueError) as error:
            hands.picture("failed")
            print(f"FAILED  {error}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
