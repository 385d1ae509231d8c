"""How our child programs are started: from a checkout, an installation or a frozen program. Imports next to nothing."""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["CHILD_OPTION", "child_command", "serve_child"]

CHILD_OPTION = "--child"  # a frozen program's way to be one of our child programs
_CHILDREN = frozenset({"inspector.host", "inspector.engine.selftest", "ui.self_test"})


def child_command(module: str, *arguments: str) -> list[str]:
    """The command line that runs one of our child programs."""
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_OPTION, module, *arguments]
    return [sys.executable, "-m", module, *arguments]


def serve_child(arguments: Sequence[str]) -> bool:
    """For a frozen program's entry: when `arguments` (sys.argv[1:]) ask for a child program, be it, and say True."""
    if len(arguments) < 2 or arguments[0] != CHILD_OPTION or arguments[1] not in _CHILDREN:
        return False
    import runpy

    module = arguments[1]
    sys.argv = [module, *arguments[2:]]
    runpy.run_module(module, run_name="__main__", alter_sys=False)
    return True
