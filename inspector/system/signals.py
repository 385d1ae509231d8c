"""Being told to end, and ending others, where a system has signals and where it has not (Windows).

POSIX gives the loop a handler of its own; elsewhere Python's handler runs between two bytecodes of the main thread and
passes the call on to the loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any

__all__ = ["end_process", "on_signals"]

log = logging.getLogger(__name__)


def on_signals(
    loop: asyncio.AbstractEventLoop, acts: Mapping[signal.Signals, Callable[[], object]]
) -> Callable[[], None]:
    """Call `acts[number]` on the loop each time that signal comes; returns what undoes it. Main thread only.

    Where neither way is open (another thread, a loop without handlers), nothing is heard and nothing fails.
    """
    before: dict[signal.Signals, Any] = {}  # handlers: a function, or one of signal's own

    def handle(received: int, _: FrameType | None) -> None:
        loop.call_soon_threadsafe(acts[signal.Signals(received)])

    for number, act in acts.items():
        try:
            loop.add_signal_handler(number, act)
        except (NotImplementedError, RuntimeError, ValueError):  # Windows; not the main thread
            with contextlib.suppress(ValueError):
                before[number] = signal.signal(number, handle)

    def undo() -> None:
        for number in acts:
            if number in before:
                signal.signal(number, before[number])
                continue
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.remove_signal_handler(number)

    return undo


def end_process(pid: int, kill: Callable[[], None]) -> None:
    """End a process that leads a group of its own, and whatever it started, now; one that is gone is no error.

    `kill`: how to end it alone, where there are no groups.
    """
    try:
        if hasattr(os, "killpg"):
            os.killpg(pid, signal.SIGKILL)
        else:
            kill()
    except (ProcessLookupError, PermissionError) as error:
        log.debug("Kill process %d: %s", pid, error)
