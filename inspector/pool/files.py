"""Runs of files: several in order, again in a fresh context, again in the same one. A worker thread reads them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from inspector.errors import GoneError, SourceError, UsageError
from inspector.events import RunReport
from inspector.sources.reading import read_source
from inspector.states import Outcome

if TYPE_CHECKING:
    from inspector.pool.isolate import Isolate

__all__ = ["FilesReport", "run_again", "run_again_here", "run_files"]

_ENDS_EVERYTHING = (Outcome.CANCELLED, Outcome.HOST_LOST)


class FilesReport(Struct, frozen=True):
    """What became of each file, in order; `not_run` are those that a failure before them kept from running."""

    reports: tuple[tuple[Path, RunReport | SourceError], ...]
    not_run: tuple[Path, ...] = ()

    @property
    def failed(self) -> tuple[Path, RunReport | SourceError] | None:
        """The first file that did not complete; None when all did."""
        return next((entry for entry in self.reports if not _completed(entry[1])), None)


async def run_files(
    isolate: Isolate,
    paths: Sequence[Path],
    context_id: int | None,
    timeout_s: float | None,
    cpu_limit_s: float | None,
    *,
    keep_going: bool = False,
) -> FilesReport:
    """Each file is read when its turn comes. A stop by the user and the end of the isolate end `keep_going` too."""
    context = isolate.context(context_id, "Run files")
    reports: list[tuple[Path, RunReport | SourceError]] = []
    for position, path in enumerate(paths):
        result = await _run_file(isolate, path, context.context_id, timeout_s, cpu_limit_s, first=position == 0)
        if result is None:
            return FilesReport(tuple(reports), tuple(paths[position:]))
        reports.append((path, result))
        if not _completed(result) and (not keep_going or _ends_everything(result)):
            return FilesReport(tuple(reports), tuple(paths[position + 1 :]))
    return FilesReport(tuple(reports))


async def run_again(isolate: Isolate, context_id: int | None) -> FilesReport:
    """See `Isolate.run_again`."""
    context = isolate.context(isolate.last_file_context_id if context_id is None else context_id, "Run again")
    paths = context.files.replay()
    if not paths:
        raise UsageError("Run again", f"no file has run in {context.name} of {isolate.name}", "Run a file there first.")
    fresh = await isolate.replace_context(context)
    try:
        return await run_files(isolate, paths, fresh.context_id, None, None)
    finally:
        fresh.files.last = paths[-1]


async def run_again_here(isolate: Isolate, context_id: int | None) -> RunReport:
    """See `Isolate.run_again_here`."""
    context = isolate.context(isolate.last_file_context_id if context_id is None else context_id, "Run again")
    if context.files.last is None:
        raise UsageError("Run again", f"no file has run in {context.name} of {isolate.name}", "Run a file there first.")
    report = await _run_file(isolate, context.files.last, context.context_id, None, None, first=True)
    if isinstance(report, SourceError):
        raise report
    assert report is not None  # the first file either runs or raises
    return report


async def _run_file(
    isolate: Isolate, path: Path, context_id: int, timeout_s: float | None, cpu_limit_s: float | None, *, first: bool
) -> RunReport | SourceError | None:
    """The outcome of one file. None when the isolate or context ended before it: for the first file that is raised."""
    try:
        source = await asyncio.to_thread(read_source, path)
        opened = await asyncio.to_thread(_real, path)
    except SourceError as error:
        return error
    try:
        context = isolate.context(context_id, "Run files")
        report = await isolate.run(source, context_id=context_id, timeout_s=timeout_s, cpu_limit_s=cpu_limit_s)
    except GoneError:
        if first:
            raise
        return None
    isolate.file_ran(context, opened, report.outcome)
    return report


def _real(path: Path) -> Path:
    """What to read again: the real file, or the folder that was opened."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path  # it was there a moment ago


def _completed(result: RunReport | SourceError) -> bool:
    return isinstance(result, RunReport) and result.outcome is Outcome.COMPLETED


def _ends_everything(result: RunReport | SourceError) -> bool:
    return isinstance(result, RunReport) and result.outcome in _ENDS_EVERYTHING
