"""Run the benchmarks one after another: `python -m tests.benchmarks [NAME ...]`, all of them without a name.

Each prints its own lines on standard output, a JSON object each; what goes wrong is said on standard error, and the
exit code is then 1.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
PATIENCE_S = 600


def names() -> list[str]:
    """Every benchmark of this folder: a file whose name has no leading underscore."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))


def run(name: str) -> bool:
    """Whether it ended well, in time."""
    command = [sys.executable, "-m", f"{__package__}.{name}"]
    try:
        code = subprocess.run(command, stdin=subprocess.DEVNULL, timeout=PATIENCE_S, check=False).returncode
    except subprocess.TimeoutExpired:
        code = None
    if code != 0:
        ended = f"exit code {code}" if code is not None else f"not over after {PATIENCE_S} s"
        print(f"Running the benchmark {name}: {ended}.", file=sys.stderr)
    return code == 0


def main(wanted: list[str]) -> int:
    """Exit code: 0, 1 when a benchmark failed, 2 for a name that is none."""
    known = names()
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        print(f"Running benchmarks: there is no {', '.join(unknown)}. There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    results = [run(name) for name in wanted or known]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
