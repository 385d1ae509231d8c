"""What a cold start is made of, as values: variants, rounds, figures."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

__all__ = ["VARIANTS", "ColdStart", "Figure", "Round", "Variant", "VariantFigures"]


class Variant(Struct, frozen=True):
    """One way to start a script cold. `memory_of` says what its memory figure counts."""

    name: str
    title: str
    memory_of: str


class Round(Struct, frozen=True):
    """One cold start. `stages` add up to less than `total_ms`: the rest is the way to the other process and back."""

    variant: Variant
    total_ms: float
    stages: Mapping[str, float]
    memory_bytes: int | None


class Figure(Struct, frozen=True):
    median: float
    p95: float


class VariantFigures(Struct, frozen=True):
    """`n` rounds of a variant. `unavailable`: "" or why there is none; the figures are None then."""

    variant: Variant
    n: int
    total_ms: Figure | None
    stages: Mapping[str, Figure]
    memory_bytes: float | None  # median
    ratio: float | None  # median against a fresh isolate's, of the same rounds
    unavailable: str = ""


class ColdStart(Struct, frozen=True):
    """A whole measurement, with all that must stand beside its ratios."""

    file: str
    engine: str
    v8_version: str
    node_version: str  # "" when there is none
    machine: str
    n: int
    variants: tuple[VariantFigures, ...]


CONTEXT = Variant("context", "fresh context", "V8 heap that it added")
ISOLATE = Variant("isolate", "fresh isolate", "resident memory that its birth added to the host process")
CACHED = Variant(
    "isolate-cached", "fresh isolate, V8's code cache", "resident memory that its birth added to the host process"
)
HOST = Variant("host", "fresh host process", "resident memory of the process")
WORKER = Variant("worker", "Node: a Worker", "resident memory that it added to its process")
NODE = Variant("node", "Node: node FILE", "highest resident memory of the process")
VARIANTS = (CONTEXT, ISOLATE, CACHED, HOST, WORKER, NODE)
