"""Ctrl+C and a request to terminate, as calls on the loop: the first asks, the second insists."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from inspector.cli.exit_codes import ExitCode

__all__ = ["interrupts"]

_CODES = {signal.SIGINT: ExitCode.CANCELLED, signal.SIGTERM: ExitCode.TERMINATED}


@contextmanager
def interrupts(on_interrupt: Callable[[ExitCode], None]) -> Iterator[None]:
    """Inside, SIGINT and SIGTERM call `on_interrupt` with their exit code on the running loop, each time they come."""
    loop = asyncio.get_running_loop()
    before = {}

    def handle(received: int, _: FrameType | None) -> None:
        loop.call_soon_threadsafe(on_interrupt, _CODES[signal.Signals(received)])

    for number, code in _CODES.items():
        try:
            loop.add_signal_handler(number, on_interrupt, code)
        except (NotImplementedError, RuntimeError, ValueError):  # Windows; not the main thread
            try:
                before[number] = signal.signal(number, handle)
            except ValueError:
                continue
    try:
        yield
    finally:
        for number in _CODES:
            if number in before:
                signal.signal(number, before[number])
            else:
                try:
                    loop.remove_signal_handler(number)
                except (NotImplementedError, RuntimeError, ValueError):
                    continue
