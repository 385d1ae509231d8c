"""The window's program: what starts when, and how it ends.

Measured in CPU time: Qt and an empty window take 0.16 s, of which bare Qt is 0.13; the pool's modules 0.10 s, the
window's contents 0.15 s, a host process 0.2 s on another core. So the empty window is painted first; then a host
process is started, before the pool is imported that takes it over; while it imports its own modules and starts V8 the
tree is imported and made. The other contents follow once the first isolate is in it, then the features, and numpy and
pyqtgraph last of all, in a thread. A host that came before the first paint would be live no sooner, and costs the
window a fifth of its time where the cores are busy. Closing the window ends every host process before `main` returns.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from concurrent.futures import Future

    from PySide6.QtWidgets import QApplication

    from inspector.pool import Isolate, PoolDoor
    from ui.assembly import Assembly
    from ui.event_queue import EventQueue
    from ui.opening import Opening

__all__ = ["display_trouble", "main"]

DEFAULT_LIMIT = "128 MiB"
_PATIENCE_S = 0.5  # for the first isolate, before the window is filled all the same
SWITCH_INTERVAL_S = 0.0001  # of the interpreter between GUI and pool: a paint hands it over at each call of Qt's


def display_trouble() -> str:
    """Why no window can be shown here; "" when one can. Asked before Qt is loaded, which would abort the process."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return ""
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return ""
    return "no display: neither DISPLAY nor WAYLAND_DISPLAY is set. Start it in a desktop session, or under xvfb-run."


def main(
    files: Sequence[Path] = (), *, engine: str = "auto", log_level: str | None = None, reset_settings: bool = False
) -> int:
    """Show the window, run `files` in it, and wait until it closes. Returns the exit code: 0, or 2 without a
    display.
    """
    trouble = display_trouble()
    if trouble:
        print(f"Show the window: {trouble}", file=sys.stderr)
        return 2
    if reset_settings:
        from ui.settings import reset

        print(reset(), file=sys.stderr)
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.disable()  # a tenth of the start: what is imported stays; `_run` enables it
    return _show(engine, log_level, [path.absolute() for path in files])


class Backstage(Struct, frozen=True):
    """The pool in its thread, what it tells, and whether it has opened."""

    door: PoolDoor
    queue: EventQueue
    opened: Future[None]
    first: Future[Isolate] | None  # the idle isolate that a start without files opens


def _start_pool(engine: str, log_level: str | None, *, with_isolate: bool) -> Backstage:
    from inspector.pool.host_start import start_early_host

    early = start_early_host()
    import asyncio

    from inspector.pool import PoolDoor
    from ui.event_queue import EventQueue

    queue = EventQueue()
    door = PoolDoor(engine=engine, early_host=early)
    opened = door.open(queue.put, warm_up=True)

    async def first_isolate() -> Isolate:
        await asyncio.wrap_future(opened)
        return await door.pool.create_isolate(name="isolate 1", memory_limit=DEFAULT_LIMIT)

    # asked for here, since it takes less time than the window's contents take to be imported
    first = door.submit(first_isolate()) if with_isolate else None

    from inspector.diagnostics.log import start_logging

    start_logging(log_level or "warning", to_terminal=log_level is not None)
    return Backstage(door, queue, opened, first)


def _show(engine: str, log_level: str | None, paths: list[Path]) -> int:
    from PySide6.QtWidgets import QApplication

    from ui.opening import open_window
    from ui.settings import Settings

    QApplication.setStyle("Fusion")
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Isolate Inspector")
    application.setDesktopFileName("isolate-inspector")
    application.setQuitOnLastWindowClosed(False)
    opening = open_window(application, Settings())
    application.processEvents()  # the first paint, before anything else is imported
    painted_s = time.monotonic()
    stage = _start_pool(engine, log_level, with_isolate=not paths)
    logging.getLogger("ui").info("The first window was painted at %.4f s of the monotonic clock", painted_s)
    try:
        if opening.window.isVisible():  # not closed already
            _run(application, opening, stage, paths)
    finally:
        sys.excepthook = sys.__excepthook__
        stage.door.close()
    return 0


def _run(application: QApplication, opening: Opening, stage: Backstage, paths: list[Path]) -> None:
    from qasync import QEventLoop  # type: ignore[import-untyped]

    from inspector.system.signals import on_signals
    from ui.late_imports import shown
    from ui.window_core import WindowCore

    loop = QEventLoop(application)
    core = WindowCore(opening, stage.door, stage.queue, loop)

    async def fill() -> Assembly | None:
        await shown(stage.first or stage.opened, _PATIENCE_S)
        gc.enable()
        if not opening.window.isVisible():  # closed already
            loop.stop()
            return None
        from ui.assembly import Assembly

        assembly = Assembly(application, core)
        sys.excepthook = _hook(assembly)
        assembly.ended.connect(loop.stop)
        assembly.start(stage.opened, stage.first, paths)
        return assembly

    on_signals(loop, dict.fromkeys((signal.SIGINT, signal.SIGTERM), opening.window.close))
    with loop:
        filled = loop.create_task(fill())  # keeps the window's parts alive
        filled.add_done_callback(lambda task: loop.stop() if task.cancelled() or task.exception() else None)
        loop.run_forever()
        core.bridge.close()
        filled.result()


def _hook(assembly: Assembly) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """What a slot of Qt's raises ends here: logged, and told to the user; the window goes on."""

    def told(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        logging.getLogger("ui").critical("A slot failed", exc_info=(kind, error, trace))
        assembly.problems.report_error(error, "Answer a gesture or an event")

    return told
