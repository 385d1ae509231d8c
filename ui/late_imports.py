"""What can wait until the first isolate is on the screen: the features, and numpy for the graphs."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import Any

from ui.clock import FRAME_MS

__all__ = ["import_graphs", "shown"]


async def shown(first: Future[Any], patience_s: float) -> None:
    """Wait until what `first` brings is on the screen, or so long: two threads that import take turns."""
    done, _ = await asyncio.wait({asyncio.wrap_future(first)}, timeout=patience_s)
    for one in done:
        one.exception()  # told by whoever waits for it in earnest
    await asyncio.sleep(2 * FRAME_MS / 1000)


def import_graphs() -> None:
    """numpy, 0.1 s; for a thread of its own. What names classes of Qt must not be imported here: PySide makes a class
    when it is first named, and the process dies when two threads do so at once.
    """
    import numpy  # noqa: F401
