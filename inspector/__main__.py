"""`python -m inspector` is the command `isolate-inspector`."""

from __future__ import annotations

import sys

from inspector.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
