"""Two recordings, isolates or ranges beside each other: what changed, and whether the change is more than noise.

A verdict is given only where the 95 % interval of the difference excludes zero, and where each side has repeats enough.
For functions, the runs of a range are the repeats, else ten slices of it; their intervals are widened for the number
of functions that are compared (Bonferroni), so that a comparison of a thing with itself says "no difference" 19 times
in 20.
"""

from __future__ import annotations

from enum import StrEnum
from statistics import NormalDist

import numpy as np
from msgspec import Struct

from inspector.analysis import spread
from inspector.analysis.difference import Difference, differ, match_key
from inspector.analysis.figures import Figure, cut, range_figures, run_durations
from inspector.analysis.spread import Interval
from inspector.analysis.track import Track
from inspector.analysis.tree import Array, Frame

__all__ = ["Change", "Comparison", "FunctionChange", "Side", "Verdict", "compare", "difference_of"]

# Figures of which a side has many observations; the others are one value a side.
_REPEATED = ("run.p50", "run.p95", "gc.p50", "gc.p95", "alloc.rate", "heap.slope", "heap.per_run")
_SLICES = 10
_MOST_RUNS = 200
_MOST_FUNCTIONS = 300


class Verdict(StrEnum):
    MORE = "more"
    LESS = "less"
    NONE = "no difference beyond noise"
    UNKNOWN = "too few repeats"
    SINGLE = "one value a side"


class Side(Struct, frozen=True):
    """A range of one isolate."""

    track: Track
    from_us: int
    to_us: int
    name: str = ""


class Change(Struct, frozen=True):
    """One figure on both sides; `interval`: of after minus before."""

    key: str
    words: str
    unit: str
    before: float | None
    after: float | None
    interval: Interval | None
    verdict: Verdict

    @property
    def share(self) -> float | None:
        """Relative change: 0.05 is +5 %."""
        if self.before is None or self.after is None or not self.before:
            return None
        return (self.after - self.before) / abs(self.before)


class FunctionChange(Struct, frozen=True):
    """Self time of one function, microseconds per repeat."""

    frame: Frame
    before_us: float
    after_us: float
    interval: Interval | None
    verdict: Verdict


class Comparison(Struct, frozen=True):
    """`per`: what function times are per: "run", or "second" where a side has too few runs."""

    figures: tuple[Change, ...]
    functions: tuple[FunctionChange, ...]
    per: str


def compare(before: Side, after: Side) -> Comparison:
    """Every figure that both sides tell, and every function, the largest change first."""
    spans = _repeats(before), _repeats(after)
    per_run = all(is_runs for _, is_runs in spans)
    functions = _functions(before, after, per_run=per_run)
    return Comparison(tuple(_figures(before, after)), tuple(functions), "run" if per_run else "second")


def difference_of(before: Side, after: Side) -> Difference | None:
    """Self time per run, or per second, of both sides on one tree: what the changes of functions come from."""
    old, new = before.track.profile, after.track.profile
    if old is None or new is None:
        return None
    per_run = all(_repeats(side)[1] for side in (before, after))
    own_old, own_new = (_mean_own(side, per_run=per_run) for side in (before, after))
    return differ(old.tree, own_old, new.tree, own_new)


def verdict_of(interval: Interval | None) -> Verdict:
    if interval is None:
        return Verdict.UNKNOWN
    if not interval.excludes_zero:
        return Verdict.NONE
    return Verdict.MORE if interval.low > 0 else Verdict.LESS


def _figures(before: Side, after: Side) -> list[Change]:
    old, new = (
        {one.key: one for one in range_figures(side.track, side.from_us, side.to_us)} for side in (before, after)
    )
    changes = []
    for key, figure in new.items():
        earlier = old.get(key)
        if earlier is None or (earlier.value is None and figure.value is None):
            continue
        found = _difference(key, before, after, earlier, figure)
        verdict = verdict_of(found) if key in _REPEATED else Verdict.SINGLE
        changes.append(Change(key, figure.words, figure.unit, earlier.value, figure.value, found, verdict))
    return changes


def _difference(key: str, before: Side, after: Side, old: Figure, new: Figure) -> Interval | None:
    statistics = {"p50": spread.quantile(0.5), "p95": spread.quantile(0.95)}
    subject, _, name = key.partition(".")
    if name in statistics and subject in ("run", "gc"):
        observed = _pauses if subject == "gc" else _durations
        return spread.difference(observed(before), observed(after), statistics[name])
    if old.interval is None or new.interval is None or old.value is None or new.value is None:
        return None
    # two independent figures with an interval each: half-widths add as variances do
    middle = new.value - old.value
    half = float(np.hypot(old.interval.high - old.interval.low, new.interval.high - new.interval.low)) / 2
    return Interval(middle - half, middle + half)


def _durations(side: Side) -> Array:
    return run_durations(side.track, side.from_us, side.to_us)


def _pauses(side: Side) -> Array:
    pauses = cut(side.track.collections, side.from_us, side.to_us)["pause_us"]
    return pauses.astype(float)


def _repeats(side: Side) -> tuple[Array, bool]:
    """((n, 2) of from and to in microseconds, whether they are runs)."""
    runs = [
        (run.began_us, run.ended_us)
        for run in side.track.runs
        if run.ended_us is not None and run.began_us >= side.from_us and run.ended_us <= side.to_us
    ]
    if len(runs) >= spread.LEAST:
        return np.array(runs[:: -(-len(runs) // _MOST_RUNS)], float), True
    return _slices(side), False


def _slices(side: Side) -> Array:
    edges = np.linspace(side.from_us, side.to_us, _SLICES + 1)
    return np.stack((edges[:-1], edges[1:]), axis=1)


def _functions(before: Side, after: Side, *, per_run: bool) -> list[FunctionChange]:
    if before.track.profile is None or after.track.profile is None:
        return []
    frames: dict[tuple[str, str], Frame] = {}
    old, new = (_times(side, frames, per_run=per_run) for side in (before, after))
    places = {key: i for i, key in enumerate(frames)}
    tables = []
    for keys, times in (old, new):
        table = np.zeros((len(times), len(frames)))
        for column, key in enumerate(keys):
            table[:, places[key]] += times[:, column]
        tables.append(table)
    means = tables[0].mean(axis=0), tables[1].mean(axis=0)
    some = np.argsort(-np.abs(means[1] - means[0]), kind="stable")[:_MOST_FUNCTIONS]
    some = some[(means[0][some] > 0) | (means[1][some] > 0)]
    z = NormalDist().inv_cdf(1 - 0.025 / max(1, len(some)))
    half = z * np.sqrt(sum(table.var(axis=0, ddof=1) / len(table) for table in tables))
    named = list(frames.values())
    found = []
    for i in some.tolist():
        by = means[1][i] - means[0][i]
        interval = Interval(float(by - half[i]), float(by + half[i]))
        found.append(FunctionChange(named[i], float(means[0][i]), float(means[1][i]), interval, verdict_of(interval)))
    return found


def _mean_own(side: Side, *, per_run: bool) -> Array:
    """Time of each node itself, the mean of the repeats."""
    profile = side.track.profile
    assert profile is not None
    spans = _spans(side, per_run=per_run).tolist()
    own = np.zeros(len(profile.tree))
    for low, high in spans:
        own += profile.self_us(low, high) / (1 if per_run else max(1e-6, (high - low) / 1e6))
    return own / max(1, len(spans))


def _spans(side: Side, *, per_run: bool) -> Array:
    spans, is_runs = _repeats(side)
    return spans if per_run or not is_runs else _slices(side)


def _times(side: Side, frames: dict[tuple[str, str], Frame], *, per_run: bool) -> tuple[list[tuple[str, str]], Array]:
    """Self time of each frame in each repeat, per run or per second; adds what it meets to `frames`."""
    profile = side.track.profile
    assert profile is not None
    spans = _spans(side, per_run=per_run)
    keys = [match_key(one) for one in profile.tree.frames]
    for key, frame in zip(keys, profile.tree.frames, strict=True):
        frames[key] = frame
    rows = [
        np.bincount(profile.tree.frame, profile.self_us(*span), minlength=len(keys))
        / (1 if per_run else max(1e-6, (span[1] - span[0]) / 1e6))
        for span in spans.tolist()
    ]
    return keys, np.array(rows)
