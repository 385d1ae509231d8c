"""All that is known of one isolate in a recording, in order of time: what statistics, findings and views read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from msgspec import Struct

from inspector.analysis.cpu_profile import CpuProfile
from inspector.analysis.heap_profile import HeapProfile
from inspector.analysis.tree import Array
from inspector.wire import GC_DTYPE, SAMPLE_DTYPE

__all__ = ["Console", "Message", "Moment", "RunSpan", "Track"]


class RunSpan(Struct, frozen=True):
    """`ended_us` None: it had not ended when the recording did. `outcome`: a value of `states.Outcome`."""

    run_id: int
    label: str
    began_us: int
    ended_us: int | None
    outcome: str = "completed"
    words: str = ""  # its error or evidence


class Message(Struct, frozen=True):
    """A value that went from one isolate to another; `isolate_id` -1: from or to the window."""

    at_us: int
    from_isolate_id: int
    to_isolate_id: int
    size_bytes: int
    words: str = ""


class Moment(Struct, frozen=True):
    """One instant with words. `kind`: "mark" (a person's, of the whole recording), "script mark", "limit", "state",
    "crash", "dropped".
    """

    at_us: int
    kind: str
    words: str


@dataclass(frozen=True)
class Console:
    """Console lines: `at_us` int64, `level` uint8 (index into `LEVELS`); `words(i)` reads line i when it is shown."""

    LEVELS = ("log", "warning", "error")

    at_us: Array
    level: Array
    words: Callable[[int], str]

    @staticmethod
    def nothing() -> Console:
        return Console(np.zeros(0, np.int64), np.zeros(0, np.uint8), lambda _line: "")


@dataclass(frozen=True)
class Track:
    """`ended_us` None: it lived when the recording ended. Arrays are in order of time."""

    isolate_id: int
    name: str
    host_id: int = 1
    letter: str = ""
    limit_bytes: int = 0
    began_us: int = 0
    ended_us: int | None = None
    end_reason: str = ""
    samples: Array = field(default_factory=lambda: np.zeros(0, SAMPLE_DTYPE))
    collections: Array = field(default_factory=lambda: np.zeros(0, GC_DTYPE))  # `at_us` is the end of the pause
    runs: Sequence[RunSpan] = ()
    console: Console = field(default_factory=Console.nothing)
    messages: Sequence[Message] = ()  # those that it sent or got
    moments: Sequence[Moment] = ()
    profile: CpuProfile | None = None
    heap_profile: HeapProfile | None = None

    def span(self) -> tuple[int, int]:
        """(first, last) instant of which anything is known; (0, 0) when nothing is."""
        edges = [int(one["at_us"][at]) for one in (self.samples, self.collections) if len(one) for at in (0, -1)]
        edges += [int(self.console.at_us[at]) for at in (0, -1) if len(self.console.at_us)]
        edges += [run.began_us for run in self.runs] + [run.ended_us for run in self.runs if run.ended_us is not None]
        edges += [one.at_us for one in self.messages] + [one.at_us for one in self.moments]
        edges += [self.began_us] if self.began_us else []
        edges += [self.ended_us] if self.ended_us is not None else []
        if self.profile is not None and len(self.profile.at_us):
            edges += [int(self.profile.from_us), int(self.profile.until_us)]
        return (min(edges), max(edges)) if edges else (0, 0)
