"""`python -m ui [FILE...]`: the window, and nothing else of the command line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ui.app import main

parser = argparse.ArgumentParser(prog="python -m ui", description="Show live V8 isolates in a window.")
parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="JavaScript files, each run in a new isolate")
parser.add_argument("--engine", choices=("auto", "native", "portable"), default="auto", help="which engine to use")
parser.add_argument("--log-level", choices=("debug", "info", "warning", "error"), help="what goes to the log")
parser.add_argument("--reset-settings", action="store_true", help="start with the defaults, and keep what was set")

if __name__ == "__main__":
    wanted = parser.parse_args()
    sys.exit(main(wanted.files, engine=wanted.engine, log_level=wanted.log_level, reset_settings=wanted.reset_settings))
