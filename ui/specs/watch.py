"""Files that change on disk."""

from __future__ import annotations

from inspector.states import Capability
from ui.specs.needs import a_file_that_ran
from ui.specs.spec import Spec

__all__ = ["SPECS"]

SPECS = (
    Spec(
        "watch",
        "Watch Files",
        "When a file of the selected isolate changes on disk, run again in a fresh context: the next version",
        "",
        ("Ctrl+Shift+W",),
        a_file_that_ran,
        Capability.CONTEXTS,
        checkable=True,
    ),
)
