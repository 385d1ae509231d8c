"""What became of one file, for the reporter that tells it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from inspector.cli.console_tape import ConsoleLine
from inspector.errors import SourceError
from inspector.events import Birth, RunReport, ScriptError
from inspector.sources.hints import missing_global_hint
from inspector.sources.source import Source
from inspector.sources.urls import path_of_url

__all__ = ["FileResult", "Reporter", "located"]


class FileResult(Struct, frozen=True):
    """`refusal`: the file could not be read, then `source` and `report` are None."""

    path: Path  # as it was given
    source: Source | None
    report: RunReport | None
    refusal: SourceError | None = None
    birth: Birth | None = None  # of the isolate, when it was made for this file
    others: tuple[ScriptError, ...] = ()  # uncaught exceptions besides the one that ended the run

    @property
    def error(self) -> ScriptError | None:
        """What the file threw, at a path instead of a url; where the engine names none, at the file that ran."""
        if self.report is None or self.report.error is None:
            return None
        error = self.report.error
        return located(error) if error.file else replace(error, file=str(self.path))

    @property
    def hint(self) -> str:
        error = self.error
        return "" if error is None else missing_global_hint(error.name, error.message)


class Reporter(Protocol):
    """Writes at once, on the loop; may raise OSError when nobody reads any more."""

    def console(self, line: ConsoleLine) -> None: ...

    def console_lost(self, count: int) -> None: ...

    def told(self, text: str) -> None:
        """A sentence for the person at the terminal, on standard error."""

    def settled(self, result: FileResult) -> None: ...

    def flush(self) -> None: ...


def located(error: ScriptError) -> ScriptError:
    """`error` with its file: url as a path, relative where the file lies below the working directory."""
    return replace(error, file=_path(error.file)) if error.file.startswith("file:") else error


def _path(url: str) -> str:
    try:
        path = path_of_url(url) or url
        below = os.path.relpath(path)
    except (ValueError, OSError):  # no url after all; the working directory is gone
        return url
    return path if below.startswith("..") else below
