"""Statistics of a range of one isolate: figures with a key, a unit, and how far they may be trusted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from inspector.analysis import spread
from inspector.analysis.spread import Interval
from inspector.analysis.track import RunSpan, Track
from inspector.analysis.tree import Array

__all__ = ["FULL_COLLECTION", "Figure", "cut", "growth_figures", "range_figures", "run_durations"]

FULL_COLLECTION = 2  # mark-compact, in `wire.GC_KINDS`
_LEAST_LEVELS = 3


class Figure(Struct, frozen=True):
    """`value` in `unit` ("us", "bytes", "bytes/s", "bytes/run", "share", "count"); None: it can't be told, and
    `note` says why. `interval`: None where there are too few repeats. `n`: from how many observations.
    """

    key: str
    words: str
    value: float | None
    unit: str
    n: int = 0
    interval: Interval | None = None
    note: str = ""


def range_figures(track: Track, from_us: int, to_us: int) -> list[Figure]:
    """Every figure of the range, also those that can't be told."""
    return [
        Figure("time", "Time", float(to_us - from_us), "us"),
        *_run_figures(track, from_us, to_us),
        *_collection_figures(track, from_us, to_us),
        *_heap_figures(track, from_us, to_us),
        *growth_figures(track, from_us, to_us),
        *_message_figures(track, from_us, to_us),
    ]


def cut(records: Array, from_us: int, to_us: int) -> Array:
    """The records of a structured array whose `at_us` lies in the range, both ends included."""
    at_us = records["at_us"].astype(np.int64)
    return records[np.searchsorted(at_us, from_us, "left") : np.searchsorted(at_us, to_us, "right")]


def run_durations(track: Track, from_us: int, to_us: int) -> Array:
    """Microseconds of the runs that began and ended in the range; float64."""
    return np.array(
        [run.ended_us - run.began_us for run in _inside(track.runs, from_us, to_us) if run.ended_us is not None], float
    )


def growth_figures(track: Track, from_us: int, to_us: int) -> list[Figure]:
    """How fast the heap grows: the slope of what collections left, in bytes per second and per run."""
    left, note = _levels(track, from_us, to_us)
    seconds, level = left["at_us"].astype(float) / 1e6, left["after_bytes"].astype(float)
    ends = np.sort([run.ended_us for run in track.runs if run.ended_us is not None])
    runs = np.searchsorted(ends, left["at_us"].astype(np.int64), "right").astype(float)
    figures = []
    for key, words, unit, x in (
        ("heap.slope", "Heap growth", "bytes/s", seconds),
        ("heap.per_run", "Heap growth per run", "bytes/run", runs),
    ):
        value = spread.slope(x, level) if len(level) >= _LEAST_LEVELS else None
        why = note if len(level) >= _LEAST_LEVELS else "fewer than three collections in the range"
        if value is None and len(level) >= _LEAST_LEVELS:
            why = "no run ended between the collections"
        figures.append(Figure(key, words, value, unit, len(level), spread.slope_interval(x, level), why))
    return figures


def _levels(track: Track, from_us: int, to_us: int) -> tuple[Array, str]:
    """Collections that tell what stays: full ones; young ones stand in for them, and the note says so."""
    seen = cut(track.collections, from_us, to_us)
    full = seen[seen["kind"] == FULL_COLLECTION]
    if len(full) >= _LEAST_LEVELS or not len(seen):
        return full, "after full collections"
    return seen, "after young collections: garbage of the old generation is in it"


def _run_figures(track: Track, from_us: int, to_us: int) -> list[Figure]:
    ended = [run for run in _inside(track.runs, from_us, to_us) if run.ended_us is not None]
    took = run_durations(track, from_us, to_us)
    failed = sum(run.outcome != "completed" for run in ended)
    return [
        Figure("run.count", "Runs", float(len(ended)), "count", len(ended)),
        Figure("run.failed", "Runs that did not complete", float(failed), "count", len(ended)),
        *_quantiles("run", "Run", took, "no run began and ended in the range"),
        _busy(track, from_us, to_us),
    ]


def _quantiles(key: str, words: str, values: Array, why: str) -> list[Figure]:
    count = len(values)
    note = "" if count else why
    shares = (("p50", "median", 0.5), ("p95", "p95", 0.95))
    figures = [
        Figure(
            f"{key}.{name}",
            f"{words}, {shown}",
            float(np.quantile(values, share)) if count else None,
            "us",
            count,
            spread.interval(values, spread.quantile(share)),
            note,
        )
        for name, shown, share in shares
    ]
    return [*figures, Figure(f"{key}.max", f"{words}, longest", float(values.max()) if count else None, "us", count)]


def _busy(track: Track, from_us: int, to_us: int) -> Figure:
    """Of profiled time, else of the time that runs took."""
    if track.profile is not None:
        profiled = track.profile.profiled_us(from_us, to_us)
        busy = float(track.profile.self_us(from_us, to_us).sum())
        share = busy / profiled if profiled else None
        return Figure("busy", "Busy", share, "share", note="of profiled time: all but (idle)")
    spans = sorted(
        (max(run.began_us, from_us), min(run.ended_us if run.ended_us is not None else to_us, to_us))
        for run in track.runs
        if run.began_us < to_us and (run.ended_us is None or run.ended_us > from_us)
    )
    covered, until = 0, from_us
    for began, ended in spans:
        covered += max(0, ended - max(began, until))
        until = max(until, ended)
    share = covered / (to_us - from_us) if to_us > from_us else None
    return Figure("busy", "Busy", share, "share", len(spans), note="time in which a run was under way")


def _collection_figures(track: Track, from_us: int, to_us: int) -> list[Figure]:
    seen = cut(track.collections, from_us, to_us)
    pauses = seen["pause_us"].astype(float)
    full = int((seen["kind"] == FULL_COLLECTION).sum())
    span = to_us - from_us
    return [
        Figure("gc.count", "Collections", float(len(seen)), "count", len(seen), note=f"{full} of them full"),
        *_quantiles("gc", "GC pause", pauses, "no collection in the range"),
        Figure("gc.total", "GC pauses, sum", float(pauses.sum()), "us", len(seen)),
        Figure("gc.share", "Time in GC", float(pauses.sum()) / span if span > 0 else None, "share", len(seen)),
    ]


def _heap_figures(track: Track, from_us: int, to_us: int) -> list[Figure]:
    seen = cut(track.samples, from_us, to_us)
    count = len(seen)
    used = seen["used_bytes"].astype(float)
    return [
        _allocation(track, seen),
        Figure("heap.peak", "Heap used, highest", float(used.max()) if count else None, "bytes", count),
        Figure("heap.median", "Heap used, median", float(np.median(used)) if count else None, "bytes", count),
        Figure(
            "external.peak",
            "Off-heap memory, highest",
            float(seen["external_bytes"].max()) if count else None,
            "bytes",
            count,
        ),
    ]


def _allocation(track: Track, seen: Array) -> Figure:
    """Growth of the heap between samples, and what collections took away between them.

    Not V8's own count: it counts whole allocation buffers, and each sample begins a new one.
    """
    if len(seen) < 2 or seen["at_us"][-1] == seen["at_us"][0]:
        return Figure("alloc.rate", "Allocation rate", None, "bytes/s", len(seen), note="fewer than two heap samples")
    at_us = seen["at_us"].astype(np.int64)
    before, after = (track.collections[key].astype(float) for key in ("before_bytes", "after_bytes"))
    freed = np.concatenate(([0.0], np.cumsum(before - after)))
    ended_us = track.collections["at_us"].astype(np.int64)
    taken = freed[np.searchsorted(ended_us, at_us, "right")]  # by each sample, since the track began
    allocated = np.diff(seen["used_bytes"].astype(float)) + np.diff(taken)
    steps = allocated / np.maximum(np.diff(at_us), 1) * 1e6
    return Figure(
        "alloc.rate",
        "Allocation rate",
        max(0.0, float(allocated.sum())) / (float(at_us[-1] - at_us[0]) / 1e6),
        "bytes/s",
        len(seen),
        spread.interval(steps, spread.mean),
    )


def _message_figures(track: Track, from_us: int, to_us: int) -> list[Figure]:
    sizes = [one.size_bytes for one in track.messages if from_us <= one.at_us <= to_us]
    if not sizes:
        return []
    return [
        Figure("message.count", "Messages", float(len(sizes)), "count", len(sizes)),
        Figure("message.max", "Largest message", float(max(sizes)), "bytes", len(sizes)),
    ]


def _inside(runs: Sequence[RunSpan], from_us: int, to_us: int) -> list[RunSpan]:
    return [run for run in runs if run.began_us >= from_us and (run.ended_us or run.began_us) <= to_us]
