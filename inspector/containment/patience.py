"""How long something is waited for on a machine with other work: by the clock, and by what it had of a processor."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

__all__ = ["LOOK_S", "settled"]

LOOK_S = 2.0


async def settled(
    work: asyncio.Future[Any], cpu_ms: Callable[[], float | None], *, wait_s: float, cpu_s: float, most_s: float
) -> bool:
    """Whether `work` has ended: `wait_s` is waited for it, and longer while `cpu_ms` has grown by less than `cpu_s`
    (None: nobody can tell), `most_s` at most. All of a busy machine at a host's priority may be 1 % of a processor.
    """
    began, before, step_s = time.monotonic(), cpu_ms() or 0.0, wait_s
    while not (await asyncio.wait([work], timeout=step_s))[0]:
        now = cpu_ms()
        if now is None or now - before >= cpu_s * 1e3 or time.monotonic() - began >= most_s:
            return False
        step_s = LOOK_S
    return True
