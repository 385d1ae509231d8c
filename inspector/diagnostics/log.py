"""Rotating logs in the platform's state folder, and the interpreter's own faults beside them.

What is logged is what this program did; never a source, a value or a console line of a script.
"""

from __future__ import annotations

import faulthandler
import io
import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from inspector.system.paths import state_folder
from inspector.text import for_terminal

__all__ = ["LEVELS", "start_logging"]

LEVELS = ("debug", "info", "warning", "error")
_FILE_BYTES = 1_000_000
_FILES_KEPT = 3
_LOGGERS = ("inspector", "ui")
_FORMAT = "%(asctime)s %(process)d %(threadName)s %(levelname)s %(name)s: %(message)s"

_faults: io.TextIOWrapper | None = None  # faulthandler writes to its descriptor until the process ends


class _PlainFormatter(logging.Formatter):
    """One message, plain text: what a message quotes can't forge a line."""

    def format(self, record: logging.LogRecord) -> str:
        return for_terminal(super().format(record)).replace("\n", "\n    ")


class _SharedFileHandler(RotatingFileHandler):
    """Several windows write one log: when it can't be renamed now (Windows), it grows on until it can."""

    def doRollover(self) -> None:
        try:
            super().doRollover()
        except OSError:
            if self.stream is None:
                self.stream = self._open()


def start_logging(level: str = "warning", *, program: str = "window", to_terminal: bool = False) -> Path | None:
    """Log `level` and above to <state folder>/<program>.log (3 old ones of 1 MB are kept). Returns its path.

    None where the folder can't be written: the program runs on without a log. May be called again to change the level.
    """
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)] if to_terminal else []
    path = _log_file(program)
    if path is not None:
        handlers.append(
            _SharedFileHandler(path, maxBytes=_FILE_BYTES, backupCount=_FILES_KEPT, encoding="utf-8", delay=True)
        )
    _install(handlers or [logging.NullHandler()], level)
    return path


def _log_file(program: str) -> Path | None:
    """The log's path in a folder that exists and can be written, faults beside it; None when there is none."""
    folder = state_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _watch_faults(folder / f"{program}-faults.log")
    except OSError:
        return None
    return folder / f"{program}.log"


def _install(handlers: list[logging.Handler], level: str) -> None:
    for handler in handlers:
        handler.setFormatter(_PlainFormatter(_FORMAT))
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        for old in logger.handlers[:]:
            logger.removeHandler(old)
            old.close()
        logger.setLevel(level.upper())
        for handler in handlers:
            logger.addHandler(handler)


def _watch_faults(path: Path) -> None:
    """A fatal signal leaves the stacks of all threads in `path`."""
    global _faults  # noqa: PLW0603 (faulthandler has one file in a process)
    if path.exists() and path.stat().st_size > _FILE_BYTES:
        path.unlink()
    faults = path.open("a", encoding="utf-8")
    faulthandler.enable(faults)
    if _faults is not None:
        _faults.close()
    _faults = faults
