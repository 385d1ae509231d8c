"""What the self-test checks: that the library is the one whose layouts, vtables and behaviour `abi` describes.

Static checks compare exported vtables with exported methods. The probe makes an isolate by the engine's own code and
sees that V8 and we agree: scopes, statistics, client slots, interrupts, termination, modules, timers, the memory
limit.
"""

from __future__ import annotations

from collections.abc import Callable

from inspector.engine.native.abi import V8
from inspector.engine.native.abi.layout_checks import LAYOUTS, LayoutProbe
from inspector.engine.native.probe import Probe

__all__ = ["CheckFailed", "Checks", "check_all"]

V8_VERSION = "14.4.258.23"


class CheckFailed(Exception):
    """A check of the self-test failed: the message says which, and what was seen."""


class Checks:
    """Counts what passed, raises at what did not."""

    def __init__(self) -> None:
        self.passed = 0

    def that(self, name: str, holds: bool, seen: object = "") -> None:
        if not holds:
            raise CheckFailed(f'check "{name}" failed' + (f" (saw {seen!r})" if seen != "" else ""))
        self.passed += 1


def check_all(started: Callable[[str], None]) -> int:
    """Run every check in this process; the number that passed. `started` gets V8's version as soon as it is known.

    Raises CheckFailed or EngineError; a wrong ABI may also crash the process.
    """
    checks = Checks()
    v8 = V8.start()  # a missing symbol is an EngineError
    version = v8.library.v8_version
    started(version)
    checks.that("V8's version is the one whose layouts are known", version == V8_VERSION, version)
    layouts = LayoutProbe(v8)
    for name, check in LAYOUTS:
        seen = check(layouts)
        checks.that(name, seen is True, seen)
    probe = Probe(v8)
    try:
        for name, step in Probe.STEPS:
            seen = step(probe)
            checks.that(name, seen is True, seen)
    finally:
        probe.close()
    return checks.passed
