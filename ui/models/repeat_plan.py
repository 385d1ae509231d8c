"""What a person asks of a repeat, in words and numbers -> a `Plan`, or why it can't be one."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from inspector.errors import UsageError
from inspector.repeat.records import Plan

__all__ = ["RepeatWish", "What", "Within"]


class What(Enum):
    FUNCTION = "A function"
    SCRIPT = "The script, in one context"
    FRESH = "The script, a fresh context each time"


class Within(Enum):
    SELECTED = "selected isolate"
    EVERY = "every isolate"
    NEW = "new isolates"


class RepeatWish(Struct, frozen=True):
    """The fields as they are typed. `rate` "": each caller calls again at once."""

    what: What = What.FUNCTION
    within: Within = Within.SELECTED
    isolates: int = 1  # how many new ones
    function: str = ""
    payload: str = ""
    for_seconds: bool = False
    count: int = 1_000  # times, or seconds
    warm_up: int = 50
    callers: int = 1
    rate: str = ""

    def plan(self) -> Plan:
        """UsageError: which field is wrong, and why."""
        rate = self.rate.strip().replace(",", ".")
        try:
            rate_hz = float(rate) if rate else None
        except ValueError:
            raise UsageError("Read the rate", f"“{rate[:30]}” is no number", "Calls a second, or nothing.") from None
        return Plan(
            times=None if self.for_seconds else self.count,
            seconds=float(self.count) if self.for_seconds else None,
            warm_up=self.warm_up,
            callers=self.callers,
            rate_hz=rate_hz,
            function=self.function.strip() if self.what is What.FUNCTION else "",
            script=self.what is not What.FUNCTION,
            fresh_context=self.what is What.FRESH,
            payload=self.payload if self.what is What.FUNCTION else "",
        )
