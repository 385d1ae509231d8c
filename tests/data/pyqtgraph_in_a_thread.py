"""Says what of Qt's is first made while pyqtgraph is imported, after `ui.late_imports.make_qt_classes`."""

from __future__ import annotations

import asyncio
import sys

from ui.late_imports import import_graphs, make_qt_classes


def made() -> set[str]:
    """Modules, and the classes that stand in them: PySide puts one there when it is first named."""
    modules = [name for name in sys.modules if name.startswith("PySide6.Qt")]
    classes = [f"{name}.{key}" for name in modules for key, value in vars(sys.modules[name]).items() if value]
    return {*modules, *classes}


asyncio.run(make_qt_classes())
before = made()
import_graphs()
print(", ".join(sorted(made() - before)) or "no class, no module")
