"""One fact: a figure or a text with its name and what it counts. Sections hold facts."""

from __future__ import annotations

from msgspec import Struct

__all__ = ["Fact", "Section"]

_LONG = 18  # characters; a longer text gets a line of its own


class Fact(Struct, frozen=True):
    name: str
    text: str
    meaning: str = ""  # what it counts, for hovering
    figure: bool = False  # a number: always beside its name
    trouble: bool = False
    beneath: bool = False  # its name takes the line

    @property
    def long(self) -> bool:
        """It reads better beneath its name than beside it."""
        return self.beneath or (not self.figure and len(self.text) > _LONG)


class Section(Struct, frozen=True):
    title: str
    facts: tuple[Fact, ...]
