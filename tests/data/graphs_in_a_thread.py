"""Says what of Qt's is first made while the graphs' imports are done, which the window does in a thread."""

from __future__ import annotations

import sys

import ui.views.overview  # the window has Qt by then
from ui.late_imports import import_graphs


def made() -> set[str]:
    """Modules, and the classes that stand in them: PySide puts one there when it is first named."""
    modules = [name for name in sys.modules if name.startswith("PySide6.Qt")]
    classes = [f"{name}.{key}" for name in modules for key, value in vars(sys.modules[name]).items() if value]
    return {*modules, *classes}


assert "numpy" not in sys.modules and ui.views.overview
before = made()
import_graphs()
print(", ".join(sorted(made() - before)) or "no class, no module")
