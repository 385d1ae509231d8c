"""What a person typed for a new isolate or context: its name and its memory limit, checked before anything starts."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import count

from inspector.errors import UsageError
from inspector.pool.placement import LARGEST_LIMIT_BYTES, SMALLEST_LIMIT_BYTES
from inspector.text import visible
from inspector.units import format_bytes, parse_bytes

__all__ = ["checked_name", "free_name", "is_name", "letter_of", "memory_limit_bytes", "next_version"]

LONGEST_NAME = 200
_NAME = re.compile(r"[A-Za-z_$][\w$]*\Z")


def is_name(text: str) -> bool:
    """Whether JavaScript takes it for a name."""
    return _NAME.match(text) is not None


def memory_limit_bytes(limit: str | int, *, action: str = "Set the memory limit") -> int:
    """`limit` ("64 MiB", or bytes) as bytes. UsageError for no size, below 8 MiB, above what a host can give."""
    if not isinstance(limit, str | int) or isinstance(limit, bool):
        raise UsageError(action, f"{visible(repr(limit), 40)} is not a size", "Write a size such as 64 MiB.")
    size = parse_bytes(limit, action=action)
    if size < SMALLEST_LIMIT_BYTES:
        bare = isinstance(limit, int) and size < 1 << 16
        remedy = f"Did you mean {limit} MiB?" if bare and size >= 8 else "Give it 8 MiB or more."
        shown = f"{size} bytes" if bare else format_bytes(size)
        raise UsageError(action, f"{shown} is too little: V8 needs 8 MiB to work with", remedy)
    if size > LARGEST_LIMIT_BYTES:
        cause = f"{format_bytes(size)} is more than a host process can give: the heaps of a process share 4 GB"
        raise UsageError(action, cause, f"Give it at most {format_bytes(LARGEST_LIMIT_BYTES)}.")
    return size


def checked_name(name: str, taken: Collection[str], what: str) -> str:
    """`name`, stripped. UsageError when it is empty, too long, not text, or taken. `what`: "isolate", "context"."""
    action = f"Name the {what}"
    stripped = name.strip()
    if not stripped:
        raise UsageError(action, "the name is empty", "Leave it out for a name of our choice.")
    if len(stripped) > LONGEST_NAME:
        raise UsageError(action, f"the name has {len(stripped)} characters, and {LONGEST_NAME} is the most")
    if not stripped.isprintable():
        cause = f'"{visible(stripped, 60)}" holds characters that can\'t be shown'
        raise UsageError(action, cause, "Use printable characters.")
    if stripped in taken:
        raise UsageError(action, f'"{visible(stripped, 60)}" is in use', "Choose another name, or leave it out.")
    return stripped


def free_name(what: str, start: int, taken: Collection[str]) -> str:
    """The first of "isolate 7", "isolate 8", ... that is not taken."""
    return next(name for number in count(start) if (name := f"{what} {number}") not in taken)


def next_version(name: str, taken: Collection[str]) -> str:
    """ "main" -> "main (2)" -> "main (3)": the name of a context that replaces another."""
    stem, _, tail = name.rpartition(" (")
    has_version = stem and tail.endswith(")") and tail[:-1].isdigit()
    base = stem if has_version else name
    first = int(tail[:-1]) + 1 if has_version else 2
    return next(made for number in count(first) if (made := f"{base} ({number})") not in taken)


def letter_of(number: int) -> str:
    """1 -> "A", 26 -> "Z", 27 -> "AA": the letters that name hosts on screen."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
