"""The files that ship with the program: icons, themes, our JavaScript, examples. This is the one way to them.

They lie beside this file in a checkout, in an installed wheel, and in the folder that a frozen program unpacks.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

__all__ = ["path", "text"]

_ROOT = Path(__file__).resolve().parent


def path(name: str) -> Path:
    """Where the resource `name` ("js/prelude/timers.js") is. Raises FileNotFoundError when there is none."""
    found = _ROOT / name
    if not found.exists():
        raise FileNotFoundError(f"no such resource: {name} (looked in {_ROOT})")
    return found


@cache
def text(name: str) -> str:
    """The resource `name` as text (UTF-8), read once. Raises FileNotFoundError when there is none."""
    return path(name).read_text(encoding="utf-8")
