"""One virtual environment of the checkout: what it must hold, whether it still does, and how it is made.

A stamp inside it, written last, is a hash of everything it was made from; while it matches and the interpreter answers,
nothing is installed and no network is used.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from refusal import Refusal

__all__ = ["Plan", "fingerprint", "requirements", "say"]

STAMP = "made-from"
SCHEME = 1  # grows when this file makes environments differently, so that older ones are made anew


def say(line: str) -> None:
    """Progress goes to standard error: standard output belongs to the command."""
    print(line, file=sys.stderr, flush=True)


BUILD = "build"  # the extra that one environment has to itself: what is shipped is collected from what is installed


def requirements(pyproject: Mapping[str, Any], *, with_qt: bool, builds: bool = False) -> list[str]:
    """What `pyproject.toml` names: to run, and either to test and check, or to build; without Qt less what needs it."""
    project = pyproject["project"]
    wanted = [*project["dependencies"], *pyproject["build-system"]["requires"]]
    for name, extra in project["optional-dependencies"].items():
        if (name == BUILD) is builds:
            wanted.extend(extra)
    qt = {canonical(name) for name in pyproject["tool"]["isolate-inspector"]["needs-qt"]}
    return wanted if with_qt else [requirement for requirement in wanted if canonical(requirement) not in qt]


def canonical(requirement: str) -> str:
    """The name in a requirement, as PyPI compares names (PEP 503)."""
    name = re.split(r"[^A-Za-z0-9._-]", requirement.strip(), maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def fingerprint(folder: Path, wanted: Sequence[str], constraints: str, project: Mapping[str, Any]) -> str:
    """A hash of all that an environment is made from; its folder too, since its scripts hold absolute paths."""
    made_from = [SCHEME, str(folder), *sys.version_info[:2], list(wanted), constraints, project]
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()


class Plan:
    """An environment as it should be. `folder`: where it lies; `programs`: the folder of its programs."""

    def __init__(
        self, root: Path, folder: Path, pyproject: Mapping[str, Any], *, with_qt: bool, builds: bool = False
    ) -> None:
        self.root = root
        self.folder = folder
        self.programs = folder / ("Scripts" if os.name == "nt" else "bin")
        self.python = self.programs / ("python.exe" if os.name == "nt" else "python")
        self.constraints = root / "constraints.txt"
        self.wanted = requirements(pyproject, with_qt=with_qt, builds=builds)
        self.proof = "import py_mini_racer" + (", PySide6.QtWidgets" if with_qt else "")
        text = self.constraints.read_text(encoding="utf-8")
        self.stamp = fingerprint(folder, self.wanted, text, pyproject["project"])

    @classmethod
    def read(cls, root: Path, name: str, *, with_qt: bool, builds: bool = False) -> Plan:
        """From the checkout's `pyproject.toml` and `constraints.txt`."""
        with (root / "pyproject.toml").open("rb") as file:
            return cls(root, root / name, tomllib.load(file), with_qt=with_qt, builds=builds)

    def is_ready(self) -> bool:
        """Made from what the checkout says now, and its interpreter still starts (20 ms)."""
        stamp = self.folder / STAMP
        try:
            return stamp.read_text(encoding="utf-8") == self.stamp and self.answers("import pip")
        except OSError:
            return False

    def answers(self, statement: str) -> bool:
        """Whether the environment's interpreter starts and can do `statement`; OSError when it is gone."""
        command = [str(self.python), "-I", "-c", statement]
        return subprocess.run(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0

    def build(self) -> None:
        """Make it anew, whatever was there; the stamp comes last, so that a broken attempt is repeated."""
        name = self.folder.name
        say(
            f"Making {name} with {len(self.wanted)} packages and what they need; the first time this downloads them ..."
        )
        if self.folder.is_symlink() or (self.folder.exists() and not self.folder.is_dir()):
            raise Refusal(f"Making {name}", f"{self.folder} is no folder", "Move it away", exit_code=1)
        (self.folder / STAMP).unlink(missing_ok=True)
        self.step("Making the environment", [sys.executable, "-I", "-m", "venv", "--clear", str(self.folder)])
        pip = [str(self.python), "-I", "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
        pip += [*([] if sys.stderr.isatty() else ["--quiet"]), "--constraint", str(self.constraints)]
        self.step("Installing the dependencies", [*pip, *self.wanted])
        # Mode "compat" is one line in a .pth file; the default's import hook costs every start of Python 16 ms.
        editable = ["--no-deps", "--no-build-isolation", "--config-settings", "editable_mode=compat", "--editable"]
        self.step("Installing the program", [*pip, *editable, str(self.root)])
        self.step("Loading what was installed", [str(self.python), "-I", "-c", self.proof])
        (self.folder / STAMP).write_text(self.stamp, encoding="utf-8")

    def step(self, action: str, command: Sequence[str]) -> None:
        """Run to the end or raise Refusal. A user's settings of pip for elsewhere must not redirect it."""
        environ = {name: value for name, value in os.environ.items() if name not in ("PIP_TARGET", "PIP_PREFIX")}
        environ["PIP_USER"] = "0"
        code = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, env=environ, check=False).returncode
        if code != 0:
            remedy = "See its words above; the network is needed this once. Then run the same command again"
            raise Refusal(action, f"exit code {code} in {self.folder.name}", remedy, exit_code=1)
