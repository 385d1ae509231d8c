"""The border to V8 is one package, and its size is watched."""

from __future__ import annotations

import re
from pathlib import Path

import inspector

ROOT = Path(inspector.__file__).parent
ABI = ROOT / "engine" / "native" / "abi"
FUNCTIONS = 110  # functions of V8 that we call: more of them is a decision


def sources() -> list[Path]:
    return [path for path in ROOT.rglob("*.py") if "__pycache__" not in path.parts]


def test_only_abi_knows_ctypes() -> None:
    knows = [path for path in sources() if re.search(r"^\s*(import|from) ctypes", path.read_text(), re.MULTILINE)]
    assert all(ABI in path.parents for path in knows), knows


def test_only_abi_knows_mangled_names() -> None:
    knows = [path for path in sources() if re.search(r'["\']_Z[A-Z]', path.read_text())]
    assert all(ABI in path.parents for path in knows), knows


def test_number_of_functions() -> None:
    text = (ABI / "calls.py").read_text()
    assert len(re.findall(r"self\.\w+: Call = ", text)) == FUNCTIONS
