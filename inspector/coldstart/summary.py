"""Rounds -> figures: medians, 95th percentiles, ratios. Pure functions."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence

from inspector.coldstart.records import ISOLATE, VARIANTS, Figure, Round, Variant, VariantFigures

__all__ = ["figure", "summarise"]


def figure(values: Sequence[float]) -> Figure:
    """Median and 95th percentile (nearest rank) of at least one value."""
    ordered = sorted(values)
    return Figure(statistics.median(ordered), ordered[math.ceil(0.95 * len(ordered)) - 1])


def summarise(rounds: Iterable[Round], unavailable: Mapping[Variant, str]) -> tuple[VariantFigures, ...]:
    """Of every variant, in their own order; the ratio is against the median of a fresh isolate."""
    by_variant: dict[Variant, list[Round]] = {variant: [] for variant in VARIANTS}
    for one in rounds:
        by_variant[one.variant].append(one)
    base = by_variant[ISOLATE]
    base_ms = statistics.median(one.total_ms for one in base) if base else None
    return tuple(
        _figures(variant, found, base_ms)
        if found
        else VariantFigures(variant, 0, None, {}, None, None, unavailable.get(variant, "it was not measured"))
        for variant, found in by_variant.items()
    )


def _figures(variant: Variant, rounds: list[Round], base_ms: float | None) -> VariantFigures:
    total = figure([one.total_ms for one in rounds])
    names = dict.fromkeys(name for one in rounds for name in one.stages)
    stages = {name: figure([one.stages[name] for one in rounds if name in one.stages]) for name in names}
    memory = [one.memory_bytes for one in rounds if one.memory_bytes is not None]
    return VariantFigures(
        variant,
        len(rounds),
        total,
        stages,
        statistics.median(memory) if memory else None,
        total.median / base_ms if base_ms else None,
    )
