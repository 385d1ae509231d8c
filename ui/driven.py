"""A whole window for a program that drives it by itself: the self-test, screenshots, walks, benchmarks.

A person's window is `ui.app`, which puts it together in steps so that the first isolate is soon on the screen.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtWidgets import QApplication

from inspector.pool import PoolDoor
from ui.assembly import Assembly
from ui.event_queue import EventQueue
from ui.opening import open_window
from ui.settings import Settings
from ui.window_core import WindowCore

if TYPE_CHECKING:
    from inspector.pool import Isolate

__all__ = ["drive"]

T = TypeVar("T")
Work = Callable[[Assembly, "Future[Any]"], Coroutine[Any, Any, T]]


def drive(work: Work[T], folder: Path, *, engine: str = "auto", isolate: str = "", limit: str = "128 MiB") -> T:
    """Show a window with settings of its own in `folder`, do `work` in its loop, close it. No process is left.

    `work` gets the window and a future: of the first isolate, named `isolate`, or, without a name, of the opened pool.
    Makes the QApplication of the process. Raises what `work` raises.
    """
    QApplication.setStyle("Fusion")
    application = QApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    from qasync import QEventLoop  # type: ignore[import-untyped]  # after a QApplication it knows which Qt

    loop = QEventLoop(application)
    queue, door = EventQueue(), PoolDoor(engine=engine)
    opened = door.open(queue.put, warm_up=True)

    async def first() -> Isolate:
        await asyncio.wrap_future(opened)
        return await door.pool.create_isolate(name=isolate, memory_limit=limit)

    made = door.submit(first()) if isolate else None
    try:
        window = Assembly(
            application, WindowCore(open_window(application, Settings(folder / "settings.json")), door, queue, loop)
        )
        window.start(opened, made, [])
        try:
            done: T = loop.run_until_complete(work(window, made or opened))
        finally:
            window.ended.connect(loop.stop)
            window.window.close()
            loop.run_forever()
    finally:
        door.close()
        loop.close()
    return done
