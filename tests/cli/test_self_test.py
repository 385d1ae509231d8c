"""`--self-test` over a real host process, and how it tells what is wrong."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from inspector.cli import self_test_checks as checks
from inspector.errors import InspectorError, UnsupportedError


def self_test(*words):
    command = [sys.executable, "-m", "inspector.cli.main", "--self-test", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, check=False, stdin=subprocess.DEVNULL)


@pytest.mark.parametrize(("engine", "lacking"), [("native", []), ("portable", ["A second context"])])
def test_each_engine_proves_itself(engine, lacking):
    answer = self_test("--no-window", "--json", "--engine", engine)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    told = [json.loads(line) for line in answer.stdout.splitlines()]
    assert len(told) == len(checks.CHECKS)
    assert [one["check"] for one in told if one["lacking"]] == lacking
    assert all(one["ok"] or one["lacking"] for one in told)


async def passes(bench):
    """Passes."""
    return "well"


async def lacks(bench):
    """Lacks."""
    raise UnsupportedError("Do", "the engine can't")


async def wrong(bench):
    """Wrong."""
    raise checks.Wrong("2 is not 3")


async def refuses(bench):
    """Refuses."""
    raise InspectorError("Do", "it broke", "Mend it.")


async def hangs(bench):
    """Hangs."""
    raise TimeoutError


async def test_a_check_that_fails_fails_alone():
    heard = []
    found = await checks.run_checks([passes, lacks, wrong, refuses, hangs, passes], "auto", heard.append)
    assert heard == found
    assert [(one.name, one.failed, one.lacking) for one in found] == [
        ("Passes", False, False),
        ("Lacks", False, True),
        ("Wrong", True, False),
        ("Refuses", True, False),
        ("Hangs", True, False),
        ("Passes", False, False),
    ]
    assert found[2].words == "2 is not 3"
    assert "it broke" in found[3].words


def test_a_failure_is_told_and_is_the_exit_code(monkeypatch, capsys):
    from inspector.cli import self_test

    monkeypatch.setattr(checks, "CHECKS", (passes, wrong))
    assert self_test.main(["--no-window"]) == 1
    told = capsys.readouterr().out
    assert "FAILED" in told
    assert "1 passed, 1 failed" in told
