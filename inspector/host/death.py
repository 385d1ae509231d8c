"""How a host ends: with its parent, on SIGTERM, or on request; always within a grace time.

A thread of its own reads standard input until its end, which means that the pool is gone, even by `kill -9`. mini-racer
can hang at interpreter exit while an isolate is open, so a host never exits through the interpreter: `os._exit`.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable

__all__ = ["GRACE_S", "die", "die_after", "remove_at_end", "watch_parent"]

GRACE_S = 2.0
_ORPHANED = 75  # exit code when the pool was gone and the isolates did not close in time
_folders: list[str] = []


def watch_parent(ask_to_end: Callable[[str], None], descriptor: int = 0) -> None:
    """Start the watching thread, and have SIGTERM ask for the end too. `ask_to_end(reason)` runs on any thread."""
    threading.Thread(
        target=_wait_for_end_of_input, args=(descriptor, ask_to_end), name="parent-watch", daemon=True
    ).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal reaches the whole group: the pool decides
    if sys.platform != "win32":
        signal.signal(signal.SIGTERM, lambda *_: _end(ask_to_end, "it was told to (SIGTERM)"))


def die_after(seconds: float, code: int) -> None:
    """End the process after `seconds`, whatever its other threads do."""
    timer = threading.Timer(seconds, die, (code,))
    timer.daemon = True
    timer.start()


def remove_at_end(folder: str) -> None:
    """This folder goes with the process: a pool that was killed can't remove it."""
    _folders.append(folder)


def die(code: int) -> None:
    """End now, past the interpreter's exit: what was written is flushed, nothing else is waited for."""
    try:
        sys.stderr.flush()
        for folder in _folders:
            import shutil  # price: 5 ms of a start

            os.chdir(os.path.dirname(folder))  # noqa: PTH120 (Windows removes no directory that is in use)
            shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        pass  # the pool removes it, or the next one that starts
    finally:
        os._exit(code)


def _wait_for_end_of_input(descriptor: int, ask_to_end: Callable[[str], None]) -> None:
    while True:
        try:
            if not os.read(descriptor, 4096):
                break
        except OSError:
            break
    _end(ask_to_end, "the pool is gone")


def _end(ask_to_end: Callable[[str], None], reason: str) -> None:
    die_after(GRACE_S, _ORPHANED)
    ask_to_end(reason)
