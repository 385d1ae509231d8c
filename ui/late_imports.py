"""What the graphs need is imported when the first isolate is on the screen: half a second of work."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import Any

from ui.bridge import Bridge
from ui.clock import FRAME_MS

__all__ = ["import_graphs"]

_PATIENCE_S = 2.0


async def import_graphs(bridge: Bridge, ahead: Future[Any]) -> None:
    """Import numpy and pyqtgraph in a thread; after what is `ahead` of them, since two threads that import take
    turns.
    """
    done, _ = await asyncio.wait({asyncio.wrap_future(ahead)}, timeout=_PATIENCE_S)
    for one in done:
        one.exception()  # told by whoever waits for it in earnest
    await asyncio.sleep(2 * FRAME_MS / 1000)  # until it is on the screen
    await bridge.in_a_thread(_import)


def _import() -> None:
    import numpy  # noqa: F401
    import pyqtgraph  # type: ignore[import-untyped]  # noqa: F401
