"""A copy of a recording to give away: without sources, console, results and errors' words."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from pathlib import Path

from inspector.errors import FormatError, RecordingError
from inspector.export.whole_file import write_whole
from inspector.recording.session import Session

__all__ = ["save_for_sharing"]

_LEFT_OUT = (
    "DELETE FROM sources",
    "DELETE FROM chunks WHERE track = 'console'",
    "UPDATE runs SET preview = NULL, error = NULL",
    "UPDATE hosts SET last_words = NULL",
    "INSERT OR REPLACE INTO meta VALUES ('shared', 'without sources, console and values')",
    "VACUUM",  # what was deleted is in no free page either
)


def save_for_sharing(session: Session, path: Path, *, over: bool = False) -> int:
    """Its size. Names of isolates, files and functions stay: they are what the figures are about."""
    action = f"Write {path.name}"
    with tempfile.TemporaryDirectory(prefix="isolate-inspector-sharing-") as folder:
        half = Path(folder) / "copy"
        try:
            session.copy_to(half)
            copy = sqlite3.connect(half, isolation_level=None)
            try:
                for statement in _LEFT_OUT:
                    copy.execute(statement)
            finally:
                copy.close()
            with half.open("rb") as file:
                return write_whole(path, iter(lambda: file.read(1 << 20), b""), over=over)
        except sqlite3.Error as error:
            raise FormatError(action, f"the recording is damaged ({error})") from None
        except OSError as error:
            raise RecordingError(action, os.strerror(error.errno or 0)) from None
