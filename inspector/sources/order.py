"""Natural order of files: as a person counts, "part2.js" before "part10.js"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

__all__ = ["natural_order"]

_DIGITS = re.compile(r"([0-9]+)")


def natural_order(paths: Iterable[Path]) -> list[Path]:
    """`paths` sorted part by part, numbers by value, case ignored; equal ones in code point order."""
    return sorted(paths, key=lambda path: ([_key(part) for part in path.parts], str(path)))


def _key(part: str) -> list[tuple[int, int, str]]:
    pieces = _DIGITS.split(part.casefold())
    # Digits compare by length without leading zeros, then as text: no limit on their number, and never against letters.
    pieces[1::2] = [digits.lstrip("0") for digits in pieces[1::2]]
    return [(at % 2, len(piece) if at % 2 else 0, piece) for at, piece in enumerate(pieces)]
