"""The y axis of a heap: from 0 to a round number of MiB above the data, with the limit in view when it is near."""

from __future__ import annotations

from math import ceil, floor, log10

from msgspec import Struct

__all__ = ["LIMIT_REACH", "ValueScale", "fit", "limit_in_view"]

MIB = 1 << 20
LIMIT_REACH = 4  # the limit is a line when within this many times the highest figure
_HEADROOM = 1.06
_SHRINK_BELOW = 0.7  # the axis shrinks only when it would become this much lower: no flicker between two tops
_TICKS = 5


class ValueScale(Struct, frozen=True):
    """From 0 to `top_bytes`, a tick every `step_bytes`, which is 1, 2 or 5 times a power of ten MiB."""

    top_bytes: float
    step_bytes: float

    def ticks(self) -> list[tuple[float, str]]:
        """(bytes, text) from 0 upwards: "0", "20 MiB", ..."""
        step = self.step_bytes / MIB
        places = max(0, -floor(log10(step) + 1e-9))
        count = round(self.top_bytes / self.step_bytes)
        return [(i * self.step_bytes, f"{i * step:,.{places}f} MiB" if i else "0") for i in range(count + 1)]


def limit_in_view(highest: float, limit_bytes: float) -> bool:
    """Whether the limit is a line; else it is a labelled marker at the top edge."""
    return 0 < limit_bytes <= highest * LIMIT_REACH


def fit(highest: float, limit_bytes: float, before: ValueScale | None) -> ValueScale:
    """The scale for data up to `highest`; `before` is kept while it still serves."""
    if limit_in_view(highest, limit_bytes):
        highest = max(highest, limit_bytes)
    wanted = _scale(max(highest, 1024.0) * _HEADROOM)
    if before is not None and _SHRINK_BELOW * before.top_bytes < wanted.top_bytes <= before.top_bytes:
        return before
    return wanted


def _scale(highest: float) -> ValueScale:
    rough = highest / MIB / _TICKS
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999) * MIB
    return ValueScale(ceil(highest / step - 1e-9) * step, step)
