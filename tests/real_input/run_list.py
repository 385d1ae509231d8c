"""Fetch the libraries of `libraries.py` from npm, run each unmodified with `isolate-inspector run`, use it: a table.

    python -m tests.real_input.run_list [--engine native|portable] [--keep FOLDER]

Not part of the default tests: it needs npm and its registry. Exit code 0 when every library ran and answered rightly,
1 when one did not, 2 where npm is missing or can't fetch.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Any

from inspector.units import format_bytes, format_ms
from tests.real_input.libraries import LIBRARIES, Library

REPOSITORY = Path(__file__).parents[2]
PATIENCE_S = 180
ROW = "{library:<18} {file:<22} {size:>9} {kind:<7} {outcome:<10} {compile:>9} {run:>9} {whole:>8}  {answer}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", default="auto", choices=["auto", "native", "portable"])
    parser.add_argument("--keep", type=Path, help="fetch into this folder, and use what is there already")
    options = parser.parse_args()
    npm = shutil.which("npm")
    if npm is None:
        print("npm is missing: install Node.js, or run the default tests, which use files from PyPI.")
        return 2
    with tempfile.TemporaryDirectory(prefix="isolate-inspector-npm-") as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        print(ROW.format(library="library", file="file", size="size", kind="kind", outcome="outcome", compile="compile",
                         run="run", whole="whole", answer="used"))  # fmt: skip
        right = [tried(library, folder, npm, options.engine) for library in LIBRARIES]
        return 0 if all(right) else 1


def tried(library: Library, folder: Path, npm: str, engine: str) -> bool:
    """Run one library and print its row; True when the second script got the right answer from it."""
    path = fetched(library, folder, npm)
    if path is None:
        print(f"{library.package:<18} could not be fetched")
        return False
    use = folder / "use.js"
    use.write_text(library.use, encoding="utf-8")
    began = time.perf_counter()
    command = [
        sys.executable,
        "-m",
        "inspector",
        "run",
        "--json",
        "--engine",
        engine,
        "--timeout",
        "60s",
        str(path),
        str(use),
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY, timeout=PATIENCE_S, check=False)
    whole_ms = (time.perf_counter() - began) * 1000
    told: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    right = len(told) == 2 and told[1]["outcome"] == "completed" and told[1]["value"] == library.answer
    first = told[0] if told else {"kind": "?", "outcome": "nothing", "timings": {"compile_ms": None, "run_ms": None}}
    wrong = (told[-1]["error"] or told[-1]["value"]) if told else done.stderr.strip()
    print(
        ROW.format(
            library=library.package,
            file=library.file,
            size=format_bytes(path.stat().st_size),
            kind=str(first["kind"]),
            outcome=str(first["outcome"]),
            compile=format_ms(first["timings"]["compile_ms"]),
            run=format_ms(first["timings"]["run_ms"]),
            whole=format_ms(whole_ms),
            answer="yes" if right else f"NO: {wrong}",
        ),
        flush=True,
    )
    return right


def fetched(library: Library, folder: Path, npm: str) -> Path | None:
    """The library's file, unpacked below `folder`; None when npm could not fetch it."""
    name = library.package.strip("@").replace("/", "-").replace("@", "-")
    home = folder / name
    if not (home / "package" / library.file).is_file():
        done = subprocess.run(
            [npm, "pack", "--silent", "--pack-destination", str(folder), library.package],
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        if done.returncode:
            return None
        with tarfile.open(folder / done.stdout.split()[-1]) as archive:
            archive.extractall(home, filter="data")
    path = home / "package" / library.file
    return path if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
