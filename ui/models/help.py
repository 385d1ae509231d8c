"""What is said about figures, states, words and beliefs: `resources/help.toml`, read when it is first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from msgspec import Struct

import resources

__all__ = ["Entry", "entries", "found", "look_up"]

_PARTS = {
    "figure": (("counts", ""), ("source", "Source: "), ("exact", "How exact: "), ("omits", "Not in it: ")),
    "view": (("shows", ""), ("keys", "Keys: ")),
    "state": (("means", ""), ("do", "What to do: ")),
    "term": (("means", ""),),
    "belief": (("shows", ""),),
}
_GROUPS = {
    "belief": "Common beliefs",
    "term": "Words",
    "state": "States and outcomes",
    "view": "Charts and lists",
    "figure": "Figures",
}


class Entry(Struct, frozen=True):
    """`names` as on screen, the first is its title; `lines` of text, each a paragraph. `group` is for a heading."""

    group: str
    names: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def title(self) -> str:
        return self.names[0]

    @property
    def text(self) -> str:
        return "\n\n".join(self.lines)


@cache
def entries() -> tuple[Entry, ...]:
    """All of them, by groups."""
    from tomllib import loads

    read = loads(resources.text("help.toml"))
    return tuple(_entry(kind, one) for kind in _GROUPS for one in read.get(kind, ()))


def look_up(name: str, view: str = "") -> Entry | None:
    """The entry of a name as it stands on screen, first for this view alone; None when nothing is written about it."""
    known = _by_name()
    wanted = name.strip().rstrip(":").casefold()
    return known.get(f"{view.casefold()}/{wanted}") or known.get(wanted)


def found(needle: str) -> list[Entry]:
    """Entries that have every word of `needle`, those with it in a name first."""
    words = needle.casefold().split()
    hits = [one for one in entries() if all(word in _haystack(one) for word in words)]
    if not words:
        return hits
    return sorted(hits, key=lambda one: not any(words[0] in name.casefold() for name in one.names))


@cache
def _by_name() -> Mapping[str, Entry]:
    made: dict[str, Entry] = {}
    for one in reversed(entries()):  # figures and states before words: they are what stands on screen
        for name in one.names:
            made.setdefault(name.casefold(), one)
    return made


@cache
def _haystack(one: Entry) -> str:
    return " ".join((*one.names, *one.lines)).casefold()


def _entry(kind: str, one: Mapping[str, Any]) -> Entry:
    names = (str(one["claim"]),) if kind == "belief" else tuple(str(name) for name in one["names"])
    lines = tuple(words + str(one[key]) for key, words in _PARTS[kind])
    return Entry(_GROUPS[kind], names, lines)
