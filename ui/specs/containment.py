"""The test of containment."""

from __future__ import annotations

from ui.specs.needs import a_pool
from ui.specs.spec import Spec

__all__ = ["SPECS"]

SPECS = (
    Spec(
        "contain",
        "Test Containment…",
        "Run scripts that run away, yours or bundled ones, beside a ticking neighbour in host processes of their own",
        "",
        (),
        a_pool,
    ),
)
