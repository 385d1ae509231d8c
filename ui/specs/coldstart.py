"""The measurement of cold starts."""

from __future__ import annotations

from ui.specs.needs import a_pool
from ui.specs.spec import Spec

__all__ = ["SPECS"]

SPECS = (
    Spec(
        "coldstart",
        "Measure Cold Start…",
        "One file from nothing: in a fresh context, isolate and host process, and in Node, by stages",
        "",
        (),
        a_pool,
    ),
)
