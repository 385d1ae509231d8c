"""Debuggers that others made, against `serve`: npm's chrome-remote-interface, and the DevTools front end in Chromium.

    python -m tests.real_clients FOLDER [--shots FOLDER]

FOLDER gets the npm packages, unless it has them. Needs node, npm and chromium on the PATH. Not part of the default run.
Look at the screenshots.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
PACKAGES = ("chrome-remote-interface@0.34.0", "chrome-devtools-frontend@1.0.1705227", "esbuild@0.28.2")
PATIENCE_S = 300
APP = Path(__file__).with_name("app.js")


def install(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if all((folder / "node_modules" / name.partition("@")[0]).is_dir() for name in PACKAGES):
        return
    subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), *PACKAGES], check=True)


@contextmanager
def started(*words: str) -> Iterator[str]:
    """A server's first line; the server is ended at the end."""
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline()
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def node(script: str, *words: str) -> None:
    subprocess.run(["node", str(HERE / script), *words], check=True, timeout=PATIENCE_S)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shots", type=Path, default=Path(tempfile.gettempdir()) / "front-end-shots")
    options = parser.parse_args()
    install(options.folder)
    options.shots.mkdir(parents=True, exist_ok=True)
    folder = str(options.folder)
    with started("node", str(HERE / "front_end_server.mjs"), folder) as line:
        origin = f"http://127.0.0.1:{line.strip()}"
        serve = [
            sys.executable,
            "-m",
            "inspector",
            "serve",
            str(APP),
            "--json",
            "--port",
            "0",
            "--allow-origin",
            origin,
        ]
        with started(*serve) as told:
            address = json.loads(told)
            node("remote_interface.mjs", folder, str(address["port"]))
            url = address["isolates"][0]["webSocketDebuggerUrl"]
            node("front_end.mjs", folder, url, line.strip(), str(options.shots))
    print(f"screenshots: {options.shots}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
