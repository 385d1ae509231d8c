"""From samples to what a screen can show: lowest and highest of each column, and level lines where no sample came.

Imported late: it brings numpy.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ui.models.readings import HELD_AFTER_US, Series
from ui.models.rings import Array

__all__ = ["to_series"]

_FIGURES = ("used", "committed", "external")


def to_series(taken: Mapping[str, Array], bucket_us: int, until_us: int | None) -> Series:
    """`taken`: at_us, used, peak, committed, external of n >= 1 points in order of time.

    Two points for each stretch of `bucket_us` that has samples: the lowest figures at its first sample, the highest at
    its last. A stretch ends where samples stop for `HELD_AFTER_US`: from there a level line at the last value,
    marked held. The newest value is drawn on to `until_us`, when that is given.
    """
    at_us = taken["at_us"]
    gaps = np.diff(at_us) > HELD_AFTER_US
    bucket = at_us // bucket_us
    starts = np.flatnonzero(np.concatenate(([True], (bucket[1:] != bucket[:-1]) | gaps)))
    ends = np.append(starts[1:], len(at_us)) - 1
    if len(starts) == len(at_us) and np.array_equal(taken["used"], taken["peak"]):
        drawn, last = {name: taken[name] for name in ("at_us", *_FIGURES)}, np.arange(len(at_us))
    else:
        drawn, last = _extremes(taken, starts, ends), 2 * np.arange(len(starts)) + 1
    before_gap = np.flatnonzero(gaps[ends[:-1]])  # stretches after which a level line comes
    until = at_us[starts[before_gap + 1]]
    if until_us is not None and until_us > at_us[-1]:
        before_gap, until = np.append(before_gap, len(starts) - 1), np.append(until, until_us)
    return _with_levels(drawn, taken, last[before_gap], ends[before_gap], until)


def _with_levels(
    drawn: Mapping[str, Array], taken: Mapping[str, Array], after: Array, source: Array, until: Array
) -> Series:
    """After each drawn point of `after`, a line at the level of the sample `source`, from that sample up to `until`."""
    places = np.repeat(after + 1, 2)
    times = np.stack((taken["at_us"][source], until), axis=1).ravel()
    figures = {name: np.insert(drawn[name], places, np.repeat(taken[name][source], 2)) for name in _FIGURES}
    held = np.zeros(len(drawn["at_us"]) + len(places), bool)
    held[after + 1 + 2 * np.arange(len(after))] = until - taken["at_us"][source] > HELD_AFTER_US
    return Series(at_us=np.insert(drawn["at_us"], places, times), held=held, **figures)


def _extremes(taken: Mapping[str, Array], starts: Array, ends: Array) -> dict[str, Array]:
    drawn = {"at_us": _paired(taken["at_us"][starts], taken["at_us"][ends])}
    for name in _FIGURES:
        highest = taken["peak" if name == "used" else name]
        drawn[name] = _paired(np.minimum.reduceat(taken[name], starts), np.maximum.reduceat(highest, starts))
    return drawn


def _paired(first: Array, second: Array) -> Array:
    return np.stack((first, second), axis=1).ravel()
