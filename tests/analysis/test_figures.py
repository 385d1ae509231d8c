"""Statistics, comparisons and findings of tracks whose figures are known."""

from __future__ import annotations

import numpy as np
import pytest

from inspector.analysis import spread
from inspector.analysis.comparison import Side, Verdict, compare
from inspector.analysis.cpuprofile import profile_of
from inspector.analysis.figures import Figure, range_figures
from inspector.analysis.findings import findings
from inspector.analysis.track import Message, Moment, RunSpan, Track
from tests.analysis.made import MIB, collections, cpuprofile, samples, track

SECOND = 1_000_000


def by_key(made: Track, from_us: int = 0, to_us: int = 100 * SECOND) -> dict[str, Figure]:
    return {figure.key: figure for figure in range_figures(made, from_us, to_us)}


def leaky(kept: int = 4096, runs: int = 40, *, noise: int = 0, took_us: int = 100_000) -> Track:
    """A run every half second, a full collection after each, `kept` bytes left by each."""
    numbers = np.random.default_rng(3)
    ends = [i * 500_000 + took_us for i in range(runs)]
    spans = [RunSpan(i, "leak.js", end - took_us, end) for i, end in enumerate(ends)]
    left = [
        10 * MIB + kept * (i + 1) + int(numbers.normal(0, noise)) if noise else 10 * MIB + kept * (i + 1)
        for i in range(runs)
    ]
    return track(
        runs=spans,
        collections=collections(*((end + 10, 2, 3_000 + i, 12 * MIB, left[i]) for i, end in enumerate(ends))),
    )


def test_pauses_runs_and_rates() -> None:
    at_us = np.arange(0, 10 * SECOND + 1, 100_000)
    made = track(
        samples=samples(at_us, 20 * MIB + (at_us % 1000)),
        collections=collections(*((i * 100_000, 0, (i + 1) * 100, 5 * MIB, 3 * MIB) for i in range(100))),
        runs=[RunSpan(1, "a", 0, 2 * SECOND), RunSpan(2, "a", SECOND, 3 * SECOND, "threw")],
    )
    found = by_key(made, 0, 10 * SECOND)
    assert found["gc.p50"].value == pytest.approx(5050)
    assert found["gc.p95"].value == pytest.approx(9505)
    assert found["gc.max"].value == 10_000
    assert found["gc.total"].value == 505_000
    assert found["alloc.rate"].value == pytest.approx(99 * 2 * MIB / 10)  # the first is at the first sample
    assert found["run.count"].value == 2
    assert found["run.failed"].value == 1
    assert found["busy"].value == pytest.approx(0.3)  # two runs that overlap count once
    assert found["heap.slope"].value == pytest.approx(0)
    inside = found["gc.p50"].interval
    assert inside is not None
    assert inside.low < 5050 < inside.high


def test_growth_per_second_and_per_run() -> None:
    found = by_key(leaky())
    assert found["heap.per_run"].value == pytest.approx(4096)
    assert found["heap.slope"].value == pytest.approx(8192)
    noisy = by_key(leaky(noise=20_000, runs=100))["heap.per_run"]
    assert noisy.interval is not None
    assert noisy.interval.low < 4096 < noisy.interval.high


def test_what_can_not_be_told_says_why() -> None:
    found = by_key(track())
    for key in ("gc.p50", "run.p95", "heap.slope", "heap.per_run", "alloc.rate"):
        assert found[key].value is None
        assert found[key].note


def test_busy_share_of_a_profile() -> None:
    made = track(profile=profile_of(cpuprofile(["main", "(idle)", "(idle)", "main alpha"], start_us=0)))
    assert by_key(made, 0, 4000)["busy"].value == 0.5
    assert by_key(made, 1000, 3000)["busy"].value == 0


def test_a_verdict_needs_more_than_noise() -> None:
    fast, slow = leaky(took_us=100_000), leaky(took_us=120_000)
    jitter = np.random.default_rng(5).integers(0, 30_000, (2, 40))
    sides = [
        Side(
            track(runs=[RunSpan(i, "a", i * SECOND, i * SECOND + 100_000 + int(j)) for i, j in enumerate(row)]),
            0,
            50 * SECOND,
        )
        for row in jitter
    ]
    same = {one.key: one for one in compare(*sides).figures}
    assert same["run.p50"].verdict is Verdict.NONE
    other = {one.key: one for one in compare(Side(fast, 0, 50 * SECOND), Side(slow, 0, 50 * SECOND)).figures}
    assert other["run.p50"].verdict is Verdict.MORE
    assert other["run.p50"].share == pytest.approx(0.2)
    once = [Side(track(runs=[RunSpan(1, "a", 0, took)]), 0, 50 * SECOND) for took in (100, 900)]
    assert {one.key: one for one in compare(*once).figures}["run.p50"].verdict is Verdict.UNKNOWN


def profiled(alpha: float, *, seed: int, runs: int = 30) -> Side:
    """Runs of 100 samples, of which about `alpha` are in alpha."""
    numbers = np.random.default_rng(seed)
    stacks = ["main alpha" if numbers.random() < alpha else "main beta" for _ in range(runs * 100)]
    spans = [RunSpan(i, "a", i * 100_000, (i + 1) * 100_000) for i in range(runs)]
    made = track(profile=profile_of(cpuprofile(stacks, start_us=0)), runs=spans)
    return Side(made, 0, runs * 100_000)


def test_functions_that_changed() -> None:
    found = compare(profiled(0.3, seed=1), profiled(0.6, seed=2))
    assert found.per == "run"
    verdicts = {one.frame.name: one.verdict for one in found.functions}
    assert verdicts["alpha"] is Verdict.MORE
    assert verdicts["beta"] is Verdict.LESS
    alpha = next(one for one in found.functions if one.frame.name == "alpha")
    assert alpha.after_us == pytest.approx(60_000, rel=0.1)


def test_a_thing_is_not_different_from_itself() -> None:
    wrong = 0
    for seed in range(10):
        found = compare(profiled(0.4, seed=seed), profiled(0.4, seed=100 + seed))
        wrong += any(one.verdict in (Verdict.MORE, Verdict.LESS) for one in found.functions)
    assert wrong <= 2


def test_intervals_are_the_same_at_every_call() -> None:
    values = np.random.default_rng(1).normal(10, 1, 5000)
    first = spread.interval(values, spread.quantile(0.5))
    assert first == spread.interval(values, spread.quantile(0.5))
    assert first is not None
    assert first.low < 10 < first.high
    assert first.excludes_zero
    assert spread.interval(values[:4], spread.mean) is None


def test_findings_tell_facts_with_their_range() -> None:
    grown = leaky()
    made = Track(
        1,
        "api",
        collections=np.concatenate((grown.collections, collections((60 * SECOND, 2, 80_000, 5, 50 * MIB)))),
        runs=grown.runs,
        profile=profile_of(cpuprofile(["main alpha"] * 9 + ["main"], start_us=0)),
        moments=[Moment(5 * SECOND, "limit", "heap limit: 64 MiB"), Moment(6, "mark", "here")],
        messages=[Message(7 * SECOND, 1, 2, 3 * MIB), Message(7 * SECOND, 1, 2, 10)],
    )
    found = findings([made, track(2)])
    assert [one.kind for one in found] == ["limit", "growth", "growth", "pause", "function", "function", "message"]
    assert "api spent 90% of its busy time, 9 ms, in alpha (burn.js:4) itself" in [one.words for one in found]
    assert found[3].from_us < 60 * SECOND <= found[3].to_us
    assert found[-1].words == "api sent 3 MiB to isolate 2"
    assert not findings([track(), track(2)])
