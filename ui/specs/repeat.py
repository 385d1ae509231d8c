"""A function or a script, again and again."""

from __future__ import annotations

from ui.specs.needs import a_pool
from ui.specs.spec import Spec

__all__ = ["SPECS"]

SPECS = (
    Spec(
        "repeat",
        "Repeat…",
        "Call a function or run a script many times: latencies, throughput, what a call allocates and leaves",
        "",
        ("Ctrl+Alt+R",),
        a_pool,
    ),
)
