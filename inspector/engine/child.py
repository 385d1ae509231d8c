"""How our child programs are started: from a checkout, an installation or a frozen program. Imports next to nothing."""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["CHILD_OPTION", "child_command", "serve_child"]

CHILD_OPTION = "--child"  # a frozen program's way to be one of our child programs
_PROGRAMS = {  # name -> the module whose `main()` it is, which gives an exit code
    "inspector.host": "inspector.host.main",
    "inspector.engine.selftest": "inspector.engine.selftest",
    "ui.self_test": "ui.self_test",
}


def child_command(name: str, *arguments: str) -> list[str]:
    """The command line that runs one of our child programs. Not by `-m`, which takes 12 ms of each start."""
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_OPTION, name, *arguments]
    return [sys.executable, "-c", f"import sys; from {_PROGRAMS[name]} import main; sys.exit(main())", *arguments]


def serve_child(arguments: Sequence[str]) -> None:
    """For a frozen program's entry: when `arguments` (sys.argv[1:]) ask for a child program, be it, and exit."""
    if len(arguments) < 2 or arguments[0] != CHILD_OPTION or arguments[1] not in _PROGRAMS:
        return
    import importlib

    sys.argv = list(arguments[1:])
    sys.exit(importlib.import_module(_PROGRAMS[arguments[1]]).main())
