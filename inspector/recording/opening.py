"""Opening a recording's file: read-only, also one that was cut off, lies in a folder that can't be written to, or is
still being written by this or another process.

A cut-off file has its last seconds in a `-wal` beside it: where nobody writes it any more, and the folder allows it,
the two are folded into one first. Where the folder doesn't, they are read from a copy.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct, field

from inspector.errors import FormatError, RecordingError
from inspector.recording.layout import APPLICATION_ID, SCHEMA_VERSION
from inspector.recording.reading import check_tables
from inspector.recording.store import fold, is_live, storage_error

__all__ = ["Opened", "log_of", "open_file", "recover"]

_ACTION = "Open the recording"
_MAGIC = b"SQLite format 3\x00"
_LONGEST_CELL = 1 << 30
_WAL_VERSION = 2  # bytes 18 and 19 of the header


class Opened(Struct):
    connection: sqlite3.Connection
    notices: list[str] = field(default_factory=list)  # for a person: what is missing, and why
    copy: Path | None = None  # a folder that goes with the connection

    def close(self) -> None:
        self.connection.close()
        if self.copy is not None:
            shutil.rmtree(self.copy, ignore_errors=True)


def log_of(path: Path) -> Path:
    """Where SQLite keeps what is not in the main file yet."""
    return path.with_name(path.name + "-wal")


def recover(path: Path) -> bool:
    """Fold a cut-off file's log into it; False when another process writes it, or the folder can't be written to.

    Nothing of the file's own is run: a checkpoint copies pages.
    """
    if is_live(path) or not log_of(path).exists():
        return False
    try:
        connection = sqlite3.connect(path, timeout=0.2, isolation_level=None)
        try:
            fold(connection)
        finally:
            connection.close()
    except (sqlite3.Error, UnicodeDecodeError, OSError):
        return False
    return True


def open_file(path: Path) -> Opened:
    """FormatError when it is no recording, RecordingError when it can't be read."""
    if is_live(path):
        opened = _connect(path, "mode=ro")
    else:
        _check_head(path)
        recover(path)
        opened = _open_copy(path) if log_of(path).exists() and not _may_write_beside(path) else _open(path)
    try:
        _check(opened, path)
    except BaseException:
        opened.close()
        raise
    return opened


def _check_head(path: Path) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise RecordingError(f"{_ACTION} {path.name}", f"{path}: {error.strerror}") from None
    if not head.startswith(_MAGIC):
        cause = "it is empty" if not head else "it is no recording (no SQLite file)"
        raise FormatError(f"{_ACTION} {path.name}", cause, "Recordings end in .isosession.")


def _open(path: Path) -> Opened:
    """An immutable file when nothing can change it; else as a reader beside the writer."""
    with path.open("rb") as file:
        header = file.read(32)
    logged = len(header) == 32 and header[18] == _WAL_VERSION
    alone = logged and not log_of(path).exists()
    opened = _connect(path, "mode=ro&immutable=1" if alone else "mode=ro")
    whole = _whole_size(header)
    size = path.stat().st_size
    if size < whole:
        opened.notices.append(f"It was truncated: {size} of {whole} bytes are there.")
    if alone:
        opened.notices.append(
            "It was cut off, and the -wal file that lay beside it is missing: up to its last 10 seconds are too."
        )
    return opened


def _whole_size(header: bytes) -> int:
    """Bytes of a page (1 stands for 65536) times their count: https://www.sqlite.org/fileformat.html, section 1.3."""
    page = int.from_bytes(header[16:18], "big")
    return (65536 if page == 1 else page) * int.from_bytes(header[28:32], "big")


def _connect(path: Path, options: str) -> Opened:
    try:
        connection = sqlite3.connect(f"file:{quote(str(path))}?{options}", uri=True, timeout=2, check_same_thread=False)
    except sqlite3.Error as error:
        raise storage_error(f"{_ACTION} {path.name}", error, path) from None
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    return Opened(connection)


def _may_write_beside(path: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            return True
    except OSError:
        return False


def _open_copy(path: Path) -> Opened:
    folder = Path(tempfile.mkdtemp(prefix="isolate-inspector-recording-"))
    try:
        shutil.copyfile(path, folder / path.name)
        shutil.copyfile(log_of(path), log_of(folder / path.name))
        recover(folder / path.name)
        opened = _open(folder / path.name)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise RecordingError(f"{_ACTION} {path.name}", f"it can't be copied ({error.strerror})") from None
    opened.copy = folder
    opened.notices.append("Its folder can't be written to: what is shown was read from a copy.")
    return opened


def _check(opened: Opened, path: Path) -> None:
    action, connection = f"{_ACTION} {path.name}", opened.connection
    try:
        for pragma in ("trusted_schema=OFF", "query_only=ON", "cell_size_check=ON", "mmap_size=0"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_CELL)
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if application == APPLICATION_ID and version > SCHEMA_VERSION:
            cause = f"its format is version {version}, and this program reads up to {SCHEMA_VERSION}"
            raise FormatError(action, cause, "Open it with a newer Isolate Inspector.")
        trouble, missing = check_tables(connection)
    except (sqlite3.Error, UnicodeDecodeError) as error:  # SQLite's own words may quote what is damaged
        raise FormatError(action, f"it is damaged ({error})", "Is there another copy?") from None
    if application != APPLICATION_ID and not trouble:
        trouble = "another program wrote it"
    if trouble:
        raise FormatError(action, trouble, "Recordings end in .isosession.")
    if missing:
        opened.notices.append(f"Tables are missing: {', '.join(missing)}.")
