"""What `diff --fail-if` asks for."""

from __future__ import annotations

import re

from msgspec import Struct

from inspector.analysis.comparison import Comparison, Verdict
from inspector.errors import UsageError
from inspector.text import visible

__all__ = ["Condition"]

_FORM = re.compile(r"\s*([a-z_.0-9]+)\s*([<>])\s*([+-]?)\s*(\d+(?:\.\d+)?)\s*%\s*\Z")


class Condition(Struct):
    """`key` changed by more than `share` in the direction of `more`; `told` once it was checked."""

    text: str
    key: str
    more: bool
    share: float
    failed: bool = False
    told: str = ""

    @classmethod
    def parse(cls, text: str) -> Condition:
        """UsageError for what is no condition."""
        found = _FORM.match(text)
        if found is None:
            remedy = 'Write a figure, > or <, and a change: "run.p95>+5%".'
            raise UsageError("Read --fail-if", f'"{visible(text, 60)}" is no condition', remedy)
        key, way, sign, number = found.groups()
        share = float(number) / 100 * (-1 if sign == "-" else 1)
        if (way == ">") != (share >= 0) and share:
            cause = f'"{visible(text, 60)}" would hold for a change in the other direction too'
            raise UsageError("Read --fail-if", cause, 'Write ">+5%" or "<-5%".')
        return cls(text.strip(), key, way == ">", share)

    def check(self, comparison: Comparison) -> None:
        """UsageError when there is no such figure."""
        change = next((one for one in comparison.figures if one.key == self.key), None)
        if change is None:
            known = ", ".join(one.key for one in comparison.figures)
            raise UsageError("Check --fail-if", f'there is no figure "{visible(self.key, 60)}"', f"Known: {known}.")
        share = change.share
        if share is None:
            self.told = "can't be compared: one side does not tell it"
            return
        beyond = share > self.share if self.more else share < self.share
        wanted = Verdict.MORE if self.more else Verdict.LESS
        self.failed = beyond and change.verdict is wanted
        self.told = f"{share:+.1%}, {change.verdict}"
