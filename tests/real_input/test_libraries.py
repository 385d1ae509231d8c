"""Real libraries, from a test-only dependency, run unmodified; a second script uses what they define."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import files
from pathlib import Path

import pytest

from tests.fixtures.engines import ENGINES

USES = {
    "xstatic-js-yaml": ("js-yaml.js", "jsyaml.load('a: [1, two]').a[1]", "two"),
    "xstatic-d3": ("d3.js", "d3.scale.linear().domain([0, 10]).range([0, 100])(4)", 40),
}


def script_of(package: str, name: str) -> Path:
    found = [Path(str(file.locate())) for file in files(package) or () if file.name == name]
    assert found, f"{package} has no {name}"
    return found[0]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("package", USES)
def test_a_library_runs_and_can_be_used(package: str, engine: str, tmp_path: Path) -> None:
    name, use, answer = USES[package]
    (tmp_path / "use.js").write_text(use)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "inspector",
            "run",
            "--json",
            "--engine",
            engine,
            script_of(package, name),
            tmp_path / "use.js",
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["outcome"] for one in told] == ["completed", "completed"], done.stderr
    assert told[1]["value"] == answer
