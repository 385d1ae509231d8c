"""Every action as data, a file per subject. Menus, the toolbar, context menus and shortcuts read `ACTIONS`."""

from __future__ import annotations

from ui.specs import coldstart, containment, debuggers, files, isolates, recording, repeat, values, watch, window
from ui.specs.spec import Situation, Spec, why_not

__all__ = ["ACTIONS", "Situation", "Spec", "why_not"]

ACTIONS = (
    *files.SPECS,
    *watch.SPECS,
    *isolates.SPECS,
    *debuggers.SPECS,
    *containment.SPECS,
    *coldstart.SPECS,
    *repeat.SPECS,
    *values.SPECS,
    *recording.SPECS,
    *window.SPECS,
)
