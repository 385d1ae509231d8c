"""What can wait until the first isolate is on the screen: the features, and half a second of imports for the graphs."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import Future
from importlib import import_module
from typing import Any

from ui.clock import FRAME_MS

__all__ = ["import_graphs", "make_qt_classes", "shown"]

_SLICE_S = 0.005
_QT = ("QtCore", "QtGui", "QtWidgets", "QtOpenGL", "QtOpenGLWidgets", "QtSvg", "QtTest")  # pyqtgraph imports them


async def shown(first: Future[Any], patience_s: float) -> None:
    """Wait until what `first` brings is on the screen, or so long: two threads that import take turns."""
    done, _ = await asyncio.wait({asyncio.wrap_future(first)}, timeout=patience_s)
    for one in done:
        one.exception()  # told by whoever waits for it in earnest
    await asyncio.sleep(2 * FRAME_MS / 1000)


async def make_qt_classes() -> None:
    """Make Qt's classes in the GUI thread, all that pyqtgraph will name, some milliseconds at a time.

    PySide makes a class when it is first named, and can't in two threads at once: the process died of that (SIGSEGV)
    while pyqtgraph, which names them all, was imported in another thread. Price: 0.1 s.
    """
    began = time.perf_counter()
    for module_name in _QT:
        try:
            module = import_module(f"PySide6.{module_name}")
        except ImportError:  # left out of a build: pyqtgraph does without it too
            continue
        for name in dir(module):
            getattr(module, name)
            if time.perf_counter() - began > _SLICE_S:
                await asyncio.sleep(0)
                began = time.perf_counter()


def import_graphs() -> None:
    """numpy and pyqtgraph; for a thread of its own, after `make_qt_classes`."""
    import numpy  # noqa: F401
    import pyqtgraph  # type: ignore[import-untyped]  # noqa: F401
