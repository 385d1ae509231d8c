"""Run one scenario in a process of its own: `python -m tests.engine.portable.child MODULE FUNCTION`."""

from __future__ import annotations

import faulthandler
import functools
import importlib
import inspect
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.engine.portable.lab import Lab

__all__ = ["in_child"]

_ROOT = Path(__file__).resolve().parents[3]
_TIMEOUT_S = 60.0


def in_child(scenario: Callable[[Lab], None]) -> Callable[[], None]:
    """A test that runs `scenario` in a child process and fails with what it printed."""

    @functools.wraps(scenario)
    def test() -> None:
        command = [sys.executable, "-X", "faulthandler", "-m", __name__, scenario.__module__, scenario.__name__]
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)
        assert done.returncode == 0, f"exit {done.returncode}\n{done.stderr[-6000:]}"

    del test.__wrapped__  # type: ignore[attr-defined]  # or pytest would ask for its argument
    test.scenario = scenario  # type: ignore[attr-defined]
    return test


def main() -> None:
    faulthandler.enable()
    faulthandler.dump_traceback_later(_TIMEOUT_S - 10, exit=True)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # V8's trace lines
    found = getattr(importlib.import_module(sys.argv[1]), sys.argv[2])
    scenario = inspect.unwrap(found).scenario
    lab = Lab()
    try:
        scenario(lab)
    except BaseException:
        import traceback

        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    lab.close()
    sys.stdout.flush()


if __name__ == "__main__":
    main()
