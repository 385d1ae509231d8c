"""What can wait until the first isolate is on the screen: the features, and half a second of imports for the graphs."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import Any

from ui.clock import FRAME_MS

__all__ = ["import_graphs", "shown"]

_PATIENCE_S = 2.0


async def shown(first: Future[Any]) -> None:
    """Wait until what `first` brings is on the screen, or 2 s: two threads that import take turns."""
    done, _ = await asyncio.wait({asyncio.wrap_future(first)}, timeout=_PATIENCE_S)
    for one in done:
        one.exception()  # told by whoever waits for it in earnest
    await asyncio.sleep(2 * FRAME_MS / 1000)


def import_graphs() -> None:
    """numpy and pyqtgraph; for a thread of its own."""
    import numpy  # noqa: F401
    import pyqtgraph  # type: ignore[import-untyped]  # noqa: F401
