"""The self-test of the native engine, a program: `python -m inspector.engine.selftest`. A wrong ABI may crash it."""

from __future__ import annotations

import json
import os
import sys
import time

from inspector.engine.choice import RESULT_PREFIX

__all__ = ["main"]


def tell(**known: object) -> None:
    """One line of JSON among V8's own lines."""
    sys.stdout.write(f"\n{RESULT_PREFIX}{json.dumps(known)}\n")
    sys.stdout.flush()


def main() -> int:
    """Print the verdict; 0 when the native engine works here."""
    from inspector.engine.native.checks import CheckFailed, check_all
    from inspector.errors import InspectorError

    began = time.perf_counter()
    checks = 0
    failure = ""
    try:
        checks = check_all(lambda version: tell(v8_version=version))
    except (CheckFailed, InspectorError) as error:
        failure = str(error)
    tell(failure=failure, checks=checks, ms=round((time.perf_counter() - began) * 1e3, 1))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1 if failure else 0)  # not by way of V8's own exit handlers: they may hang with an isolate open


if __name__ == "__main__":
    main()
