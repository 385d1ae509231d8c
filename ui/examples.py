"""The bundled examples as data: which file runs in which new isolate and context, step by step."""

from __future__ import annotations

from msgspec import Struct

__all__ = ["EXAMPLES", "Example", "Step"]


class Step(Struct, frozen=True):
    """Run `file` in the isolate of this name, in its default context or in a new one named `context`."""

    isolate: str
    file: str  # in resources/examples
    context: str = ""


class Example(Struct, frozen=True):
    key: str
    title: str
    words: str
    steps: tuple[Step, ...]


EXAMPLES = (
    Example(
        "leak",
        "A leak",
        "A cache that only grows: watch its heap after each garbage collection.",
        (Step("leak", "leak.js"),),
    ),
    Example(
        "runaway",
        "A runaway and its neighbour",
        "One isolate loops without end, the other ticks on beside it.",
        (Step("neighbour", "ticker.js"), Step("runaway", "runaway.js")),
    ),
    Example(
        "isolates",
        "Two isolates",
        "What one of them sets, the other can't see: two heaps.",
        (Step("isolate A", "isolate-a.js"), Step("isolate B", "isolate-b.js")),
    ),
    Example(
        "contexts",
        "Two contexts of one isolate",
        "Globals of their own, one heap and one thread in common.",
        (Step("two contexts", "context-first.js"), Step("two contexts", "context-second.js", "second")),
    ),
)
