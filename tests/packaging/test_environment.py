"""An environment is made once, found again, and made anew when what it was made from has changed."""

from __future__ import annotations

import os
import sys
import tomllib

import pytest

import environment
from refusal import Refusal
from tests.packaging.conftest import ROOT

PROJECT = {
    "build-system": {"requires": ["setuptools>=77"]},
    "project": {
        "dependencies": [
            "mini-racer==0.14.1",
            "PySide6-Essentials>=6.10,<6.12",
            "py_qt.graph[x]; python_version > '3'",
        ],
        "optional-dependencies": {"test": ["pytest>=9", "pytest-qt>=4"], "build": ["maker"]},
    },
    "tool": {"isolate-inspector": {"needs-qt": ["PySide6_Essentials", "py-qt-graph", "pytest-qt"]}},
}


def made_from(**changed):
    made = {"folder": ROOT / ".venv", "wanted": ["a==1"], "constraints": "a==1\n", "project": {"name": "x"}}
    return environment.fingerprint(**(made | changed))


def test_everything_is_wanted_with_qt():
    wanted = environment.requirements(PROJECT, with_qt=True)
    assert len(wanted) == 6
    assert "pytest-qt>=4" in wanted


def test_a_build_gets_no_tests_and_a_test_no_builder():
    building = environment.requirements(PROJECT, with_qt=True, builds=True)
    assert "maker" in building
    assert "pytest>=9" not in building
    assert "maker" not in environment.requirements(PROJECT, with_qt=True)


def test_without_qt_names_are_compared_as_pypi_does():
    wanted = environment.requirements(PROJECT, with_qt=False)
    assert wanted == ["mini-racer==0.14.1", "setuptools>=77", "pytest>=9"]


def test_the_same_makings_have_the_same_fingerprint():
    assert made_from() == made_from()


@pytest.mark.parametrize(
    "changed",
    [
        {"folder": ROOT / "elsewhere"},
        {"wanted": ["a==1", "b"]},
        {"constraints": "a==2\n"},
        {"project": {"name": "y"}},
    ],
)
def test_each_change_changes_the_fingerprint(changed):
    assert made_from() != made_from(**changed)


def checkout(folder):
    """A checkout whose environment is a stand-in: a stamp, and a program that starts this interpreter."""
    (folder / "constraints.txt").write_text("a==1\n", encoding="utf-8")
    plan = environment.Plan(folder, folder / ".venv", PROJECT, with_qt=True)
    plan.programs.mkdir(parents=True)
    plan.python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    plan.python.chmod(0o755)
    (plan.folder / environment.STAMP).write_text(plan.stamp, encoding="utf-8")
    return plan


def test_what_was_made_is_found_ready(tmp_path):
    assert checkout(tmp_path).is_ready()


def test_changed_constraints_are_not_ready(tmp_path):
    checkout(tmp_path)
    (tmp_path / "constraints.txt").write_text("a==2\n", encoding="utf-8")
    assert not environment.Plan(tmp_path, tmp_path / ".venv", PROJECT, with_qt=True).is_ready()


def test_an_interpreter_that_is_gone_is_not_ready(tmp_path):
    plan = checkout(tmp_path)
    plan.python.unlink()
    plan.python.symlink_to(tmp_path / "gone")
    assert not plan.is_ready()


def test_an_interpreter_that_fails_is_not_ready(tmp_path):
    plan = checkout(tmp_path)
    plan.python.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    assert not plan.is_ready()


def test_an_attempt_that_broke_off_is_not_ready(tmp_path):
    plan = checkout(tmp_path)
    (plan.folder / environment.STAMP).unlink()
    assert not plan.is_ready()


def test_a_step_that_fails_is_a_refusal_with_its_exit_code(tmp_path):
    with pytest.raises(Refusal, match="exit code 7") as refused:
        checkout(tmp_path).step("Trying", [sys.executable, "-c", "raise SystemExit(7)"])
    assert refused.value.exit_code == 1


def test_a_users_pip_settings_do_not_reach_a_step(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_TARGET", "elsewhere")
    monkeypatch.setenv("PIP_USER", "1")
    statement = "import os; assert 'PIP_TARGET' not in os.environ and os.environ['PIP_USER'] == '0'"
    checkout(tmp_path).step("Looking", [sys.executable, "-c", statement])


def test_something_else_in_its_place_is_left_alone(tmp_path):
    plan = checkout(tmp_path)
    other = environment.Plan(tmp_path, plan.folder / environment.STAMP, PROJECT, with_qt=True)
    with pytest.raises(Refusal, match="is no folder"):
        other.build()
    assert plan.is_ready()


@pytest.fixture(scope="module")
def pyproject():
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)


def test_every_requirement_of_the_project_has_an_exact_version(pyproject):
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [line for line in lines if line and not line.startswith("#")]
    assert all("==" in line and "://" not in line for line in pinned)
    names = {environment.canonical(line) for line in pinned}
    for builds in (False, True):
        lines = environment.requirements(pyproject, with_qt=True, builds=builds)
        assert {environment.canonical(line) for line in lines} <= names


def test_what_needs_qt_is_named_as_the_requirements_name_it(pyproject):
    wanted = {environment.canonical(line) for line in environment.requirements(pyproject, with_qt=True)}
    assert {environment.canonical(name) for name in pyproject["tool"]["isolate-inspector"]["needs-qt"]} <= wanted


def test_this_checkouts_plan_can_be_read():
    plan = environment.Plan.read(ROOT, ".venv", with_qt=False)
    assert plan.python.parent == plan.programs
    assert "PySide6" not in plan.proof
    assert os.fspath(plan.folder).startswith(os.fspath(ROOT))
