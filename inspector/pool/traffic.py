"""What went through one way in or out of a context."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct, field

from inspector.target.clock import now_us

__all__ = ["Traffic"]


class Traffic(Struct):
    """`bytes_in`: into the context. `refused`: how often, by the rule that refused it."""

    calls: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    last_us: int = 0  # 0: never used
    refused: Counter[str] = field(default_factory=Counter)

    def used(self, *, bytes_in: int = 0, bytes_out: int = 0) -> None:
        self.calls += 1
        self.bytes_in += bytes_in
        self.bytes_out += bytes_out
        self.last_us = now_us()

    def reversed(self) -> Traffic:
        """The same, seen from the other side."""
        return Traffic(self.calls, self.bytes_out, self.bytes_in, self.last_us, self.refused)

    def refuse(self, rule: str) -> None:
        self.refused[rule] += 1
        self.last_us = now_us()
