"""Prepare what a command of this project needs, then become that command.

    python3 packaging/bootstrap.py window -- python -m ui        .venv, and a display
    python3 packaging/bootstrap.py tools  -- python -m pytest    .venv
    python3 packaging/bootstrap.py engine -- python -m pytest    .venv-engine, without Qt
    python3 packaging/bootstrap.py build  -- python ...          .venv-build, for what is shipped

This file alone keeps to a syntax that every Python reads, 2.7 included, so that an older one gets a sentence instead of
a traceback; what follows in `prepare.py` is Python 3.11 with the standard library alone.
"""

import os
import subprocess
import sys


def answers(python):  # type: ignore[no-untyped-def]  # any Python reads this file, to be told that it is too old
    """Whether a command of this name starts (a version manager's shim may be there and refuse)."""
    with open(os.devnull, "w") as nowhere:
        try:
            return subprocess.call([python, "-c", ""], stdout=nowhere, stderr=nowhere) == 0
        except OSError:
            return False


if sys.version_info[:2] < (3, 11):
    found = ".".join(str(part) for part in sys.version_info[:3])
    newer = next((name for name in ["python3.%d" % minor for minor in range(15, 10, -1)] if answers(name)), None)
    remedy = "Use the newer one that is here: add PYTHON=%s to the command." % newer
    if newer is None:
        remedy = "Install a newer one; add PYTHON=python3.12 to the command when python3 stays the old one."
    sys.stderr.write(
        "Starting Isolate Inspector: it needs Python 3.11 or newer, and %s is %s.\n%s\n"
        % (sys.executable, found, remedy)
    )
    sys.exit(2)

from prepare import main

if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
