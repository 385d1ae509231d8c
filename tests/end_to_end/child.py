"""A child process with the real program: `python -m tests.end_to_end.child WHAT [FILE...]` tells on standard output
what it saw.

first-window  the modules that were imported when the first window had been painted, and when that was
stay          says "ready <host pids>" once the files run, and stays open until it is killed or told to close
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def tell(what: object) -> None:
    print(json.dumps(what), flush=True)


def watch_start() -> None:
    """Tell when the first isolate is painted in the tree, and when the window is filled; close it after both."""
    from PySide6.QtCore import QTimer

    from ui import window_core

    seen: dict[str, float] = {}

    def see(what: str, window: Any) -> None:
        if what not in seen:
            seen[what] = time.monotonic()
            if len(seen) == 2:
                tell(seen)
                QTimer.singleShot(0, window.close)

    class Tree(window_core.IsolatesView):
        def paintEvent(self, event: Any) -> None:
            super().paintEvent(event)
            if "idle" in [str(one.state) for one in self._state.isolates.values()]:
                see("live_s", self.window())

    class Core(window_core.WindowCore):
        def subscribe(self, take: Any) -> None:
            super().subscribe(take)
            see("filled_s", self.window)

    window_core.IsolatesView = Tree  # type: ignore[misc]
    window_core.WindowCore = Core  # type: ignore[misc]


def watch_files(count: int) -> None:
    """Tell the host processes once so many isolates run."""
    from ui import assembly

    class Watched(assembly.Assembly):
        def start(self, *args: Any) -> None:
            super().start(*args)
            self.clock.tick.connect(self._look)

        def _look(self, _at_us: int) -> None:
            if [str(one.state) for one in self.state.isolates.values()].count("running") >= max(1, count):
                self.clock.tick.disconnect(self._look)
                tell({"hosts": [host.started.pid for host in self.state.hosts.values()]})

    assembly.Assembly = Watched  # type: ignore[misc]


def main(what: str, files: list[str]) -> int:
    from ui import app

    show, start = app._show, app._start_pool

    def watched(*args: Any) -> int:
        from ui import opening

        open_window = opening.open_window

        def open_and_watch(*args: Any) -> opening.Opening:
            made = open_window(*args)
            made.window.painted.connect(painted)
            return made

        def painted() -> None:
            heavy = [name for name in ("numpy", "pyqtgraph", "rich", "mini_racer", "asyncio") if name in sys.modules]
            # the first to name this namespace makes its 93 enums: 45 ms, a fifth of the time until the window is there
            heavy += [
                f"Qt in {name}" for name, one in sys.modules.items() if name.startswith("ui.") and hasattr(one, "Qt")
            ]
            if what == "first-window":
                tell({"painted_s": time.monotonic(), "heavy": heavy})

        def start_pool(*args: Any, **named: Any) -> Any:
            made = start(*args, **named)
            watch_start() if what == "first-window" else watch_files(len(files))
            return made

        opening.open_window = open_and_watch
        app._start_pool = start_pool
        return show(*args)

    app._show = watched
    return app.main([Path(name) for name in files])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
