"""What to record, and when to stop by itself."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from inspector.errors import UsageError

__all__ = ["Preset", "RecordOptions"]


class Preset(StrEnum):
    """How much is recorded; `.sentence` tells it to a person."""

    sentence: str

    def __new__(cls, value: str, sentence: str = "") -> Preset:
        member = str.__new__(cls, value)
        member._value_ = value
        member.sentence = sentence
        return member

    BASIC = "basic", "Heap, garbage collections, runs, console, messages."
    CPU = "cpu", "Basic, and sampled stacks: which function ran when."
    ALLOCATION = "allocation", "Basic, and a sampling heap profile: which function allocated what still lives."
    EVERYTHING = "everything", "All of it: sampled stacks and allocations."

    @property
    def samples_stacks(self) -> bool:
        return self in (Preset.CPU, Preset.EVERYTHING)

    @property
    def samples_allocations(self) -> bool:
        return self in (Preset.ALLOCATION, Preset.EVERYTHING)


class RecordOptions(Struct, frozen=True):
    """`isolate_ids`: those to record, and what replaces them; None: all, also those to come."""

    preset: Preset = Preset.CPU
    isolate_ids: frozenset[int] | None = None
    cpu_interval_us: int = 1000
    duration_s: float | None = None
    stops_on_limit: bool = False
    stops_on_crash: bool = False

    def __post_init__(self) -> None:
        if not 100 <= self.cpu_interval_us <= 10_000:
            cause = f"{self.cpu_interval_us / 1000:g} ms is outside 0.1 to 10 ms"
            raise UsageError("Set the time between two stacks", cause)
        if self.duration_s is not None and not 0 < self.duration_s <= 7 * 86400:
            raise UsageError("Set the length of the recording", f"{self.duration_s:g} s is not a time up to a week")
