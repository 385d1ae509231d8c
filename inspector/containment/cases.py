"""What can run away: the scripts under resources/contain, the cases that need more than a script, and the user's own file."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import resources
from inspector.errors import UsageError
from inspector.sources import Source, read_source, source_from_text

__all__ = ["Case", "Drive", "all_cases", "case_named", "file_case"]

_FOLDER = "contain"
_NOT_CASES = ("neighbour.js",)
_LARGE_SOURCE_BYTES = 100_000_000


class Drive(Enum):
    """How a case is driven."""

    RUN = "run"  # one run of one script
    CONTEXTS = "contexts"  # contexts are made without end, each keeping memory
    TWO_AT_ONCE = "two at once"  # two isolates of one host run the script at the same moment


@dataclass(frozen=True, slots=True)
class Case:
    """`title` is a sentence: what runs away, and how."""

    name: str
    title: str
    source: Source = field(repr=False)
    drive: Drive = Drive.RUN


def all_cases() -> list[Case]:
    """The bundled cases by name, the special ones last."""
    folder = resources.path(_FOLDER)
    scripts = [_bundled(path) for path in sorted(folder.glob("*.js")) if path.name not in _NOT_CASES]
    pushing = next(case for case in scripts if case.name == "endless-push")
    growing = source_from_text(resources.text(f"{_FOLDER}/per-context/keep.js"), "keep.js")
    return [
        *scripts,
        Case("many-contexts", "Contexts without end, each with globals of its own.", growing, Drive.CONTEXTS),
        Case("two-at-once", "Two isolates of one process out of memory at once.", pushing.source, Drive.TWO_AT_ONCE),
        Case("large-source", "A source of 100 MB, compiled.", _large_source()),
    ]


def case_named(name: str) -> Case:
    """UsageError with what is known when there is none of this name."""
    cases = {case.name: case for case in all_cases()}
    if name not in cases:
        raise UsageError("Choose a case", f'there is none named "{name}"', f"Known: {', '.join(cases)}.")
    return cases[name]


def file_case(path: Path) -> Case:
    """The user's own runaway. SourceError when the file can't be read as JavaScript."""
    return Case(path.name, f"Your file {path.name}.", read_source(path))


def _bundled(path: Path) -> Case:
    text = resources.text(f"{_FOLDER}/{path.name}")
    title = text.partition("\n")[0].removeprefix("//").strip()
    return Case(path.stem, title, source_from_text(text, path.name))


def _large_source() -> Source:
    line = "globalThis.counter = (globalThis.counter || 0) + 1;\n"
    return source_from_text(line * (_LARGE_SOURCE_BYTES // len(line)), "large-source.js")
