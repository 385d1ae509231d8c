"""Why a host process is silent: stuck, or without a processor. Linux tells; elsewhere nobody knows.

Hosts stand behind everything else on the machine. Beside a load of 100 a loop that owes an answer was seen to wait for
its turn, and for threads that held Python's lock while they waited for theirs, for longer than a stuck one is given.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from msgspec import Struct

__all__ = ["Share", "look_at", "starved"]

_SHARE = 0.2  # of one processor: with less, and threads that want one, a process is starved
_STATE, _USER, _SYSTEM = 0, 11, 12  # words of /proc/PID/stat after the name


class Share(Struct, frozen=True):
    """What a process has had of the processors so far, and whether a thread of it wants one now."""

    cpu_s: float
    wants: bool


def look_at(pid: int) -> Share | None:
    """None where the system does not tell, or the process is gone. Price: a file for each of its threads."""
    tasks = Path("/proc") / str(pid) / "task"
    try:
        words = _words(tasks.parent / "stat")
        ticks = int(words[_USER]) + int(words[_SYSTEM])
        wants = any(_is_runnable(task) for task in tasks.iterdir())
    except (OSError, ValueError, IndexError):
        return None
    return Share(ticks / os.sysconf("SC_CLK_TCK"), wants)


def starved(before: Share | None, after: Share | None, seconds: float) -> bool:
    """Whether a process wanted a processor for `seconds` and had next to none. False when nobody knows."""
    if before is None or after is None:
        return False
    return after.wants and after.cpu_s - before.cpu_s < _SHARE * seconds


def _is_runnable(task: Path) -> bool:
    with contextlib.suppress(OSError):  # a thread that has ended meanwhile
        return _words(task / "stat")[_STATE] == "R"
    return False


def _words(stat: Path) -> list[str]:
    return stat.read_text().rpartition(")")[2].split()  # a name may hold anything
