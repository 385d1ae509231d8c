"""The command line: in this process where that proves the same, in one of its own as a user's shell has it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fixtures.command import Ended, run_here
from tests.fixtures.engines import ENGINES

COMMAND = [sys.executable, "-m", "inspector"]
PATIENCE_S = 90
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The user's, with logs and the self-test's cache in a folder of the test run, and its output buffered."""
    folder = tmp_path_factory.mktemp("home")
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return kept | {
        "XDG_STATE_HOME": str(folder),
        "XDG_CACHE_HOME": str(folder),
        "PYTHONPATH": str(REPOSITORY),
    }


@pytest.fixture
def cli(environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ended]:
    """`cli("run", "a.js")` in the test's folder; standard output and error are no terminal. In this process."""
    monkeypatch.chdir(tmp_path)
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, environment[name])
    return run_here


@pytest.fixture
def shell(environment: dict[str, str], tmp_path: Path) -> Callable[..., Ended]:
    """The same in a process of its own; standard output and error are pipes, as in a script."""

    def call(*words: str) -> Ended:
        done = subprocess.run(
            [*COMMAND, *words],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            cwd=tmp_path,
            env=environment,
            timeout=PATIENCE_S,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    return call


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Both engines, one after the other."""
    return str(request.param)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """`write("a.js", "1 + 1")`: a file in the test's folder."""

    def put(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return put
