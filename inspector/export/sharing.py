"""A copy of a recording to give away: without sources, console, results, errors' words, and names of scripts' marks."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from inspector.errors import FormatError, RecordingError
from inspector.export.whole_file import write_whole
from inspector.recording.layout import DTYPES, MARK_SOURCES
from inspector.recording.session import Session

__all__ = ["save_for_sharing"]

_STEPS_BETWEEN_LOOKS = 10_000  # of SQLite's machine: well below a millisecond
_LEFT_OUT = (
    "DELETE FROM sources",
    "DELETE FROM chunks WHERE track = 'console'",
    "UPDATE runs SET preview = NULL, error = NULL",
    "UPDATE hosts SET last_words = NULL",
    "INSERT OR REPLACE INTO meta VALUES ('shared', 'without sources, console and values')",
    "VACUUM",  # what was deleted is in no free page either
)


def save_for_sharing(
    session: Session, path: Path, *, over: bool = False, still_wanted: Callable[[], object] = lambda: None
) -> int:
    """Its size. Names of isolates, files and functions, and a person's marks stay: the figures are about them.

    `still_wanted` is called again and again, and ends it by what it raises: nothing is left then.
    """
    action = f"Write {path.name}"
    with tempfile.TemporaryDirectory(prefix="isolate-inspector-sharing-") as folder:
        half = Path(folder) / "copy"
        try:
            session.copy_to(half, still_wanted)
            copy = sqlite3.connect(half, isolation_level=None)
            copy.set_progress_handler(lambda: _ends(still_wanted), _STEPS_BETWEEN_LOOKS)
            try:
                _forget_names_of_marks(copy)
                for statement in _LEFT_OUT:
                    copy.execute(statement)
            finally:
                copy.close()
            with half.open("rb") as file:
                return write_whole(path, _parts(file, still_wanted), over=over)
        except sqlite3.Error as error:
            still_wanted()  # its own exception: what SQLite says is that it was interrupted
            raise FormatError(action, f"the recording is damaged ({error})") from None
        except OSError as error:
            raise RecordingError(action, os.strerror(error.errno or 0)) from None


def _ends(still_wanted: Callable[[], object]) -> bool:
    """For SQLite, whose handler may not raise: it stops, and `still_wanted` is asked again for its own exception."""
    try:
        still_wanted()
    except Exception:
        return True
    return False


def _parts(file: BinaryIO, still_wanted: Callable[[], object]) -> Iterator[bytes]:
    while part := file.read(1 << 20):
        still_wanted()
        yield part


def _forget_names_of_marks(copy: sqlite3.Connection) -> None:
    """A script may put any value into the name of its mark; when it was set stays."""
    import numpy as np  # price: loaded when a copy is asked for

    found = copy.execute("SELECT chunk_id, data, texts FROM chunks WHERE track = 'marks'").fetchall()
    for chunk_id, data, texts in found:
        layout = np.dtype(DTYPES["marks"])
        if not isinstance(data, bytes) or not isinstance(texts, bytes) or len(data) % layout.itemsize:
            copy.execute("DELETE FROM chunks WHERE chunk_id = ?", (chunk_id,))
            continue
        marks, kept = np.frombuffer(data, layout).copy(), bytearray(len(texts))
        for mark in marks[marks["source"] == MARK_SOURCES.index("user")]:
            first, size = int(mark["text_at"]), int(mark["text_bytes"])
            name = slice(max(0, first), max(0, first + size))
            kept[name] = texts[name]
        marks["text_bytes"][marks["source"] != MARK_SOURCES.index("user")] = 0
        copy.execute("UPDATE chunks SET data = ?, texts = ? WHERE chunk_id = ?", (marks.tobytes(), kept, chunk_id))
