"""What a person may set, as data: one page shows it, `Settings` keeps it, features read it by key."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from inspector.errors import InspectorError
from inspector.units import parse_bytes

__all__ = ["PREFERENCES", "Preference", "fitting"]


def _never(_text: str) -> str:
    return ""


class Preference(Struct, frozen=True):
    """`choices`: (value, words), for one of several; a `default` of True or False is a switch; else it is a text.

    `trouble` tells why a text can't be taken, "" when it can.
    """

    key: str  # in settings.json
    group: str
    title: str
    words: str
    default: str | bool
    choices: tuple[tuple[str, str], ...] = ()
    example: str = ""
    trouble: Callable[[str], str] = _never


def _no_size(text: str) -> str:
    try:
        size = parse_bytes(text, action="Set the memory limit")
    except InspectorError as error:
        return f"{error.cause}. {error.remedy}".strip()
    return "" if size >= 1 << 20 else "A limit under 1 MiB is smaller than an empty heap."


def _no_command(text: str) -> str:
    import shlex

    try:
        words = shlex.split(text)
    except ValueError as error:
        return f"A quote is not closed ({error})."
    return "Put {path} where the file's name goes." if words and not any("{path}" in word for word in words) else ""


PREFERENCES = (
    Preference(
        "theme",
        "Look",
        "Colours",
        "Light, dark, or as the system says; plots follow at once.",
        "system",
        (("system", "Follow the system"), ("light", "Light"), ("dark", "Dark")),
    ),
    Preference(
        "reduced-motion",
        "Look",
        "Reduced motion",
        "Graphs step once a second instead of gliding, and no bar moves by itself. What is measured stays the same.",
        False,
    ),
    Preference(
        "announce",
        "Look",
        "Announce outcomes and losses",
        "To a screen reader: how runs ended, what was lost, what went wrong.",
        True,
    ),
    Preference("grouped", "Look", "Group by host process", "Isolates stand under the process that holds them.", False),
    Preference(
        "memory-limit",
        "Isolates",
        "Memory limit",
        "Of an isolate that a drop, an example or Open makes, and what New Isolate offers: used + off-heap bytes.",
        "128 MiB",
        example="64 MiB",
        trouble=_no_size,
    ),
    Preference(
        "start-definition",
        "Isolates",
        "Pool at the start",
        "The pool definition (File ▸ Save Pool…) whose isolates each start makes; nothing runs. Empty: none.",
        "",
        example="pool.json",
    ),
    Preference(
        "editor",
        "Files",
        "Editor",
        "The command that opens a file at a line; empty: whatever the system opens such files with.",
        "",
        example="code -g {path}:{line}",
        trouble=_no_command,
    ),
    Preference(
        "black-box",
        "Recordings",
        "Keep the last 60 s",
        "In memory, and saved by themselves after a limit, a wedge or a lost host process. Taken at the next start.",
        True,
    ),
)


def fitting(needle: str) -> list[Preference]:
    """Those that have every word of `needle`."""
    words = needle.casefold().split()
    return [
        one
        for one in PREFERENCES
        if all(word in f"{one.group} {one.title} {one.words} {one.key}".casefold() for word in words)
    ]
