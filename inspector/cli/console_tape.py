"""Collects what a file writes to its console while it runs, bounded, for the reporter that prints it."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct, field

from inspector.events import ConsoleDropped, ConsoleWritten, Event, ExceptionThrown, ScriptError

__all__ = ["ConsoleLine", "ConsoleTape"]


class ConsoleLine(Struct, frozen=True):
    level: str  # CDP's type: log, info, warning, error, ...
    text: str  # raw: as the script wrote it


class ConsoleTape(Struct):
    """Hears the pool's events. `write` gets each line at once; uncaught exceptions wait for the run's own error."""

    write: Callable[[ConsoleLine], None]
    lost: Callable[[int], None]
    exceptions: list[ScriptError] = field(default_factory=list)

    def hear(self, event: Event) -> None:
        if isinstance(event, ConsoleWritten):
            if event.level == "endGroup":
                return  # it writes nothing
            from inspector.values import console_text

            self.write(ConsoleLine(event.level, console_text(event.args, raw=True)))
        elif isinstance(event, ConsoleDropped):
            self.lost(event.count)
        elif isinstance(event, ExceptionThrown) and len(self.exceptions) < _EXCEPTIONS_KEPT:
            self.exceptions.append(event.error)

    def others(self, error: ScriptError | None) -> list[ScriptError]:
        """Uncaught exceptions besides `error`, which is told with the outcome; forgets them."""
        others, self.exceptions = [one for one in self.exceptions if not _same(one, error)], []
        return others


_EXCEPTIONS_KEPT = 100
_UNCAUGHT = re.compile(r"Uncaught (?:\(in promise\) )?")


def _same(one: ScriptError, error: ScriptError | None) -> bool:
    """Whether `one` is what ended the run. A primitive that nobody caught is worded by V8, and its place may differ."""
    if error is None:
        return False
    if one.name in ("", "Uncaught") and error.name == "Uncaught":
        return _UNCAUGHT.sub("", one.message).strip("'") == error.message.strip("'")
    return (one.name, one.message, one.line) == (error.name, error.message, error.line)
