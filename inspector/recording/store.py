"""One recording's file while it is written: SQLite, write-ahead log, synchronous=FULL. Belongs to the writer's thread.

A process that is killed loses what it had not committed; a machine that loses power loses no more. `finish` folds the
log into the one file that stays.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from inspector.errors import RecordingError
from inspector.recording.batch import Batch
from inspector.recording.layout import APPLICATION_ID, SCHEMA_VERSION, TABLES

__all__ = ["Store", "fold", "is_live", "storage_error"]

_ACTION = "Write the recording"
# Files that this process writes. Opening and closing such a file any other way than by SQLite would drop its locks.
_live: set[Path] = set()
_INDEX = "CREATE INDEX chunks_by_track ON chunks (track, isolate_id)"
_PUT_CHUNK = (
    "INSERT INTO chunks (track, isolate_id, first_us, last_us, count, dtype, data, texts) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


def is_live(path: Path) -> bool:
    """Whether this process writes the file now. From any thread."""
    return path.resolve() in _live


class Store:
    """Made by `create`. Every method raises RecordingError when the disk doesn't take it."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    @classmethod
    def create(cls, path: Path, meta: Mapping[str, str]) -> Store:
        """A new file; RecordingError when there is one of that name, or none can be made."""
        action = f"Make the recording {path.name}"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            raise RecordingError(action, f"{path} exists already", "Choose another name.") from None
        except OSError as error:
            cause = f"{path.parent} can't be written to ({error.strerror})"
            raise RecordingError(action, cause, "Choose another folder.") from None
        try:
            # the writer's thread takes it over; SQLite itself would allow any
            connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            try:
                _lay_out(connection, meta)
            except sqlite3.Error:
                connection.close()
                raise
        except sqlite3.Error as error:
            path.unlink(missing_ok=True)
            raise storage_error(action, error, path) from error
        _live.add(path.resolve())
        return cls(path, connection)

    def write(self, batch: Batch, meta: Mapping[str, str] | None = None) -> None:
        """Commit everything of a batch, or nothing."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for statement, rows in groupby(batch.rows, key=lambda row: row[0]):
                self._put(statement, [parameters for _, parameters in rows])
            self._connection.executemany(_PUT_CHUNK, batch.chunks())
            if meta:
                self._put("INSERT OR REPLACE INTO meta VALUES (?, ?)", list(meta.items()))
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise storage_error(_ACTION, error, self.path) from error

    def checkpoint(self) -> None:
        """Bring the log into the main file, so that this alone tells all but what comes from now on."""
        try:
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        except sqlite3.Error as error:
            raise storage_error(_ACTION, error, self.path) from error

    def finish(self) -> str:
        """Fold all into one file and close it. Returns why the log stays beside it, "" when it does not."""
        try:
            fold(self._connection)
        except sqlite3.Error as error:
            return str(storage_error("Fold the recording", error, self.path))
        finally:
            self._connection.close()
            _live.discard(self.path.resolve())
        return ""

    def _put(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        try:
            self._connection.executemany(statement, rows)
        except UnicodeEncodeError:  # half a surrogate pair, which a script may write: put as "?"
            self._connection.executemany(statement, [tuple(map(_encodable, row)) for row in rows])


def fold(connection: sqlite3.Connection) -> None:
    """Leave one file. sqlite3.OperationalError where another process has it open."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    if mode != "delete":
        raise sqlite3.OperationalError("database is locked")


def storage_error(action: str, error: Exception, path: Path) -> RecordingError:
    """What SQLite says, in words for a person."""
    words = str(error)
    if "full" in words:
        return RecordingError(action, "the disk is full", "Free some space; what was written before is kept.")
    if "readonly" in words or "unable to open" in words:
        return RecordingError(action, f"{path.parent} can't be written to", "Choose another folder.")
    if "disk I/O" in words:
        cause = "the system refused to write (no space, a limit on file sizes, or a disk that fails)"
        return RecordingError(action, cause, "What was written before is kept.")
    if "locked" in words:
        return RecordingError(action, "somebody reads it", "It becomes one file when the last reader closes it.")
    return RecordingError(action, words)


def _lay_out(connection: sqlite3.Connection, meta: Mapping[str, str]) -> None:
    # pages of 16 kB: a blob is read as a chain of pages, and a million events open a quarter faster than with 4 kB
    for pragma in (
        "page_size=16384",
        "journal_mode=WAL",
        "synchronous=FULL",
        "wal_autocheckpoint=0",
        "cache_size=-4000",
    ):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
    for statement in (*TABLES.values(), _INDEX):
        connection.execute(statement)
    connection.executemany("INSERT INTO meta VALUES (?, ?)", list(meta.items()))
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def _encodable(value: Any) -> Any:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
