"""The bundled examples as data: which file runs in which new isolate and context, step by step."""

from __future__ import annotations

from msgspec import Struct

__all__ = ["EXAMPLES", "Calls", "Example", "Step"]


class Step(Struct, frozen=True):
    """Run `file` in the isolate of this name, in its default context or in a new one named `context`."""

    isolate: str
    file: str  # in resources/examples
    context: str = ""


class Calls(Struct, frozen=True):
    """Call the handler of `file`, in new isolates, with a payload (JSON)."""

    file: str  # in resources/examples
    payload: str
    isolates: int
    seconds: int
    callers: int
    rate_hz: int


class Example(Struct, frozen=True):
    key: str
    title: str
    words: str
    steps: tuple[Step, ...] = ()
    channel: tuple[str, str] | None = None  # isolates whose scripts talk, by `port`
    calls: Calls | None = None


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
        "hog",
        "A CPU hog",
        "More and more work, no memory: CPU time beside a heap that stays small.",
        (Step("hog", "hog.js"),),
    ),
    Example(
        "handler",
        "A handler, called at a rate",
        "Repeat calls it 50 times a second: latencies, throughput, allocation, growth.",
        calls=Calls("handler.mjs", '{"user": "ada", "items": 500}', isolates=2, seconds=20, callers=4, rate_hz=50),
    ),
    Example(
        "talk",
        "Two isolates that talk",
        "Questions and answers through a channel: copies, never shared objects.",
        (Step("answers", "talk-answers.js"), Step("asks", "talk-asks.js")),
        channel=("asks", "answers"),
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
