"""How far a figure may be trusted: bootstrap intervals (B. Efron, 1979), the same for the same data at every call."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from msgspec import Struct

from inspector.analysis.tree import Array

__all__ = ["LEAST", "Interval", "Statistic", "difference", "interval", "mean", "quantile", "slope", "slope_interval"]

Statistic = Callable[[Array], Array]  # (rounds, n) -> (rounds,)

LEAST = 5  # repeats from which an interval is told
_ROUNDS = 1000
_MOST = 2000  # values: beyond that every k-th stands for all
_AT_ONCE = 200_000  # values of one step: 1.6 MB
_BLOCKS = 20  # of a series: neighbours resemble each other, so they are drawn together


class Interval(Struct, frozen=True):
    """95 of 100 such intervals hold the true value."""

    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


def mean(rows: Array) -> Array:
    return np.asarray(rows.mean(axis=1))


def quantile(share: float) -> Statistic:
    """The `share` quantile of each row: 0.5 is the median."""
    return lambda rows: np.asarray(np.quantile(rows, share, axis=1))


def interval(values: Array, statistic: Statistic) -> Interval | None:
    """None with fewer than `LEAST` values."""
    if len(values) < LEAST:
        return None
    return _edges(_drawn(values, statistic, np.random.default_rng(1)))


def difference(before: Array, after: Array, statistic: Statistic) -> Interval | None:
    """Of `statistic(after) - statistic(before)`; None when a side has fewer than `LEAST` values."""
    if min(len(before), len(after)) < LEAST:
        return None
    numbers = np.random.default_rng(1)
    return _edges(_drawn(after, statistic, numbers) - _drawn(before, statistic, numbers))


def slope(x: Array, y: Array) -> float | None:
    """Least squares, y per x; None without a spread in x."""
    if len(x) < 3 or np.ptp(x) == 0:
        return None
    from_mean = x - x.mean()
    return float((from_mean * (y - y.mean())).sum() / (from_mean**2).sum())


def slope_interval(x: Array, y: Array) -> Interval | None:
    """Of the slope, from draws of whole blocks; None with fewer than `LEAST` points."""
    if len(x) < LEAST or np.ptp(x) == 0:
        return None
    numbers = np.random.default_rng(1)
    blocks = np.array_split(np.arange(len(x)), min(_BLOCKS, len(x)))
    found = []
    for _ in range(_ROUNDS // 2):
        chosen = np.concatenate([blocks[i] for i in numbers.integers(0, len(blocks), len(blocks))])
        one = slope(x[chosen], y[chosen])
        found += [one] if one is not None else []
    return _edges(np.array(found)) if found else None


def _drawn(values: Array, statistic: Statistic, numbers: np.random.Generator) -> Array:
    values = values[:: -(-len(values) // _MOST)]
    at_once = max(1, _AT_ONCE // len(values))
    steps = [min(at_once, _ROUNDS - done) for done in range(0, _ROUNDS, at_once)]
    return np.concatenate([statistic(values[numbers.integers(0, len(values), (rows, len(values)))]) for rows in steps])


def _edges(found: Array) -> Interval:
    low, high = np.quantile(found, (0.025, 0.975))
    return Interval(float(low), float(high))
