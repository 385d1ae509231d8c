"""What can run away: the scripts under resources/contain, what needs more than a script, the user's own file."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import partial
from pathlib import Path

from msgspec import Struct

import resources
from inspector.errors import UsageError
from inspector.records_shown import repr_without
from inspector.sources.reading import read_source, source_from_text
from inspector.sources.source import Source

__all__ = ["SHOWN_CHARACTERS", "Case", "Drive", "all_cases", "case_named", "file_case"]

SHOWN_CHARACTERS = 20_000
_FOLDER = "contain"
_NOT_CASES = ("neighbour.js",)
_LARGE_SOURCE_BYTES = 100_000_000
_LARGE_SOURCE_LINE = "globalThis.counter = (globalThis.counter || 0) + 1;\n"


class Drive(Enum):
    """How a case is driven."""

    RUN = "run"  # one run of one script
    CONTEXTS = "contexts"  # contexts are made without end, each keeping memory
    TWO_AT_ONCE = "two at once"  # two isolates of one host run the script at the same moment


class Case(Struct, frozen=True):
    """`title` is a sentence: what runs away, and how. `text`: the script's first characters, for a person.

    `load` makes the source when the case runs: one of them has 100 MB.
    """

    name: str
    title: str
    text: str
    load: Callable[[], Source]
    drive: Drive = Drive.RUN

    def __repr__(self) -> str:
        return repr_without(self, "text", "load")


def all_cases() -> list[Case]:
    """The bundled cases by name, the special ones last."""
    folder = resources.path(_FOLDER)
    scripts = [_bundled(path.name) for path in sorted(folder.glob("*.js")) if path.name not in _NOT_CASES]
    pushing = next(case for case in scripts if case.name == "endless-push")
    two = "Two isolates of one process out of memory at once."
    many = "Contexts without end, each with globals of its own."
    large = _large_text(3) + "// … and so on: 100 MB\n"
    return [
        *scripts,
        Case("many-contexts", many, *_script("per-context/keep.js"), Drive.CONTEXTS),
        Case("two-at-once", two, pushing.text, pushing.load, Drive.TWO_AT_ONCE),
        Case("large-source", "A source of 100 MB, compiled.", large, _large_source),
    ]


def case_named(name: str) -> Case:
    """UsageError with what is known when there is none of this name."""
    cases = {case.name: case for case in all_cases()}
    if name not in cases:
        raise UsageError("Choose a case", f'there is none named "{name}"', f"Known: {', '.join(cases)}.")
    return cases[name]


def file_case(path: Path) -> Case:
    """The user's own runaway, read now. SourceError when the file can't be read as JavaScript."""
    source = read_source(path)
    return Case(path.name, f"Your file {path.name}.", _cut(source.text), lambda: source)


def _bundled(name: str) -> Case:
    text, load = _script(name)
    title = text.partition("\n")[0].removeprefix("//").strip()
    return Case(name.removesuffix(".js"), title, text, load)


def _script(name: str) -> tuple[str, Callable[[], Source]]:
    text = resources.text(f"{_FOLDER}/{name}")
    return _cut(text), partial(source_from_text, text, name.rpartition("/")[2])


def _large_source() -> Source:
    return source_from_text(_large_text(_LARGE_SOURCE_BYTES // len(_LARGE_SOURCE_LINE)), "large-source.js")


def _large_text(lines: int) -> str:
    return _LARGE_SOURCE_LINE * lines


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "\n// … cut here"
