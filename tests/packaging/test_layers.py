"""The layers that pyproject.toml draws are held: each kind of violation is caught in a copy of the code."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.conftest import ROOT

LINT = Path(sys.executable).with_name("lint-imports")
VIOLATIONS = [
    ("direction", "inspector/text.py", "import ui"),
    ("direction", "resources/__init__.py", "import inspector.text"),
    ("inspector", "inspector/target/__init__.py", "from inspector.pool import Pool"),
    ("inspector", "inspector/cdp/session.py", "import inspector.host"),
    ("inspector", "inspector/pool/__init__.py", "import inspector.host"),
    ("inspector", "inspector/nowhere.py", "pass"),
    ("window", "ui/models/__init__.py", "import ui.views"),
    ("window", "ui/views/__init__.py", "import ui.commands"),
    ("window", "ui/nowhere.py", "pass"),
    ("engines", "inspector/pool/__init__.py", "import inspector.engine.native"),
    ("adapters", "inspector/engine/portable/__init__.py", "import inspector.engine.native"),
    ("no-qt", "inspector/units.py", "def late():\n    import PySide6.QtCore"),
    ("twins", "ui/views/__init__.py", "import inspector.pool"),
    ("twins", "ui/models/__init__.py", "import inspector.cdp.session"),
    ("foreign-abi", "inspector/cdp/session.py", "import ctypes.util"),
]


@pytest.fixture
def copy(tmp_path):
    """The packages and their contracts, to be spoilt."""
    for name in ("inspector", "ui", "resources"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder, contract):
    command = [str(LINT), "--no-cache", "--no-logo", "--contract", contract]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(("contract", "file", "line"), VIOLATIONS)
def test_a_violation_is_caught(copy, contract, file, line):
    with (copy / file).open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")
    answer = lint(copy, contract)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert file.removesuffix(".py").removesuffix("/__init__").replace("/", ".") in answer.stdout
