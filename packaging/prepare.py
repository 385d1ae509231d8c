"""What `bootstrap.py` does: refuse what can't work, install what is missing, then become the command.

Every refusal comes before anything is installed or made; its message says action, cause, remedy.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import environment
import system_packages
from refusal import Refusal

__all__ = ["display_refusal", "main", "prepare"]

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = {"window": ".venv", "tools": ".venv", "engine": ".venv-engine", "build": ".venv-build"}
USAGE = f"usage: bootstrap.py {'|'.join(FOLDERS)} -- command [argument ...]"


def display_refusal(platform: str, environ: Mapping[str, str]) -> Refusal | None:
    """Why no window can open, or None. Only X11 and Wayland need a display's name; offscreen Qt needs none."""
    qt_platform = environ.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]
    if not platform.startswith("linux") or qt_platform not in ("", "xcb", "wayland"):
        return None
    if environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"):
        return None
    cause = "there is no display, neither DISPLAY nor WAYLAND_DISPLAY is set"
    remedy = "Start it in a desktop session, or on a virtual screen: xvfb-run -a make run"
    return Refusal("Opening the window", cause, remedy, exit_code=2)


def prepare(purpose: str) -> Path:
    """Install what is missing; return the folder of the environment's programs. Raises Refusal."""
    window = purpose == "window"
    refusal = display_refusal(sys.platform, os.environ) if window else None
    if refusal is not None:
        raise refusal
    with_qt = purpose != "engine"
    builds = purpose == "build"
    plan = environment.Plan.read(ROOT, FOLDERS[purpose], with_qt=with_qt, builds=builds)
    with one_at_a_time():
        ready = plan.is_ready()
        system_packages.ensure(qt=with_qt, window=window, venv=not ready, ships=builds)
        if not ready:
            plan.build()
    return plan.programs


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two makes at once must not build one environment twice: the second waits for a lock on this file (POSIX only)."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with Path(__file__).open("rb") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            environment.say("Waiting for another make that prepares an environment ...")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def become(programs: Path, words: Sequence[str]) -> int:
    """Replace this process by a program of the environment; on Windows, which can't, run it to its end."""
    os.chdir(ROOT)
    if os.name == "nt":
        return subprocess.call([str(programs / f"{words[0]}.exe"), *words[1:]])
    program = str(programs / words[0])
    os.execv(program, [program, *words[1:]])


def main(arguments: Sequence[str]) -> int:
    """Exit code: the command's own, or 2 when these words or this machine won't do, 1 when a step failed."""
    if len(arguments) < 3 or arguments[0] not in FOLDERS or arguments[1] != "--":
        print(USAGE, file=sys.stderr)
        return 2
    try:
        return become(prepare(arguments[0]), arguments[2:])
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return refusal.exit_code
