"""Ctrl+C and a request to terminate, as calls on the loop: the first asks, the second insists."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from inspector.cli.exit_codes import ExitCode
from inspector.system.signals import on_signals

__all__ = ["interrupts"]

_CODES = {signal.SIGINT: ExitCode.CANCELLED, signal.SIGTERM: ExitCode.TERMINATED}


@contextmanager
def interrupts(on_interrupt: Callable[[ExitCode], None]) -> Iterator[None]:
    """Inside, SIGINT and SIGTERM call `on_interrupt` with their exit code on the running loop, each time they come."""
    acts = {number: partial(on_interrupt, code) for number, code in _CODES.items()}
    undo = on_signals(asyncio.get_running_loop(), acts)
    try:
        yield
    finally:
        undo()
