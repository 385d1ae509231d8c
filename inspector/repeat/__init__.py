"""A script or a function, run many times: latencies, throughput, what a call allocates, and whether the heap grows.

The basis of leak hunting (a growth per run, with its noise) and of serving (concurrent callers, a rate, a queue).
"""

from __future__ import annotations

from inspector.repeat.figures import summarise
from inspector.repeat.records import Call, Growth, IsolateFigures, Plan, Progress, Repeated
from inspector.repeat.repeating import Repeating

__all__ = ["Call", "Growth", "IsolateFigures", "Plan", "Progress", "Repeated", "Repeating", "summarise"]
