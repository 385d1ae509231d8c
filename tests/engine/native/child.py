"""Tests of V8 run in a child process each: a crash fails one test, not pytest.

`@in_child` makes a test of a function that takes a `Lab`. Under pytest it starts `python -m tests.engine.native.child
MODULE NAME`, which runs the function itself with a lab of its own.
"""

from __future__ import annotations

import faulthandler
import importlib
import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from tests.engine.native.lab import Lab

ROOT = Path(__file__).parents[3]
PASSED = "the test passed"
_TIMEOUT_S = 60


def in_child(test: Callable[[Lab], None]) -> Callable[[], None]:
    """The pytest test that runs `test` in a child; `.body` is the function itself."""

    def run() -> None:
        command = [sys.executable, "-m", "tests.engine.native.child", test.__module__, test.__name__]
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, errors="replace", timeout=_TIMEOUT_S, check=False
        )
        said = "\n".join(line for line in done.stdout.splitlines() if not line.startswith("["))
        assert done.returncode == 0 and PASSED in said, (
            f"exit code {done.returncode}\n{said[-2000:]}\n{done.stderr[-6000:]}"
        )

    run.__name__ = test.__name__
    run.__doc__ = test.__doc__
    run.__module__ = test.__module__
    run.body = test  # type: ignore[attr-defined]
    return run


def main(module: str, name: str) -> None:
    faulthandler.enable()
    faulthandler.dump_traceback_later(_TIMEOUT_S - 5)
    test = getattr(importlib.import_module(module), name).body
    code = 0
    lab = Lab()
    try:
        test(lab)
        lab.close()
        print(f"\n{PASSED}", flush=True)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stderr.flush()
    os._exit(code)  # an isolate that a failed test left must not hold us


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
