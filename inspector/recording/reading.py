"""Cells, texts and arrays out of a file that may be damaged or a stranger's: every length and type is looked at.

Nothing in a file is run: chunks are raw bytes of a type that this program declares, never pickles; tables are read only
when their definitions are this program's own, so no view, trigger or generated column of a stranger's has a say.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
import orjson
from numpy.typing import NDArray

from inspector.recording.layout import DTYPES, TABLES, TEXT_TRACKS

__all__ = ["Cells", "Damage", "check_tables", "read_chunk", "read_json", "rows"]

Array: TypeAlias = NDArray[Any]
_MOST_RECORDS = 50_000_000  # of one chunk
_ARRAYS = {track: np.dtype(fields) for track, fields in DTYPES.items()}
_DECLARED = {track: orjson.dumps(fields).decode() for track, fields in DTYPES.items()}


class Damage(Exception):
    """A row is not what it should be: it is left out, and counted."""


class Cells:
    """One row, cell by cell, in the order of its columns."""

    def __init__(self, row: tuple[Any, ...]) -> None:
        self._cells = iter(row)

    def whole(self) -> int:
        found = self.whole_or_none()
        if found is None:
            raise Damage("a number is missing")
        return found

    def whole_or_none(self) -> int | None:
        cell = next(self._cells)
        if cell is None or (isinstance(cell, int) and abs(cell) < 1 << 62):
            return cell
        raise Damage("a cell is no whole number")

    def number_or_none(self) -> float | None:
        cell = next(self._cells)
        if cell is None or isinstance(cell, int | float):
            return None if cell is None else float(cell)
        raise Damage("a cell is no number")

    def text(self) -> str:
        cell = next(self._cells)
        if cell is None or isinstance(cell, str):
            return cell or ""
        raise Damage("a cell is no text")

    def flag(self) -> bool:
        return bool(self.whole_or_none())

    def raw(self) -> bytes:
        cell = next(self._cells)
        if isinstance(cell, bytes):
            return cell
        raise Damage("a cell is no blob")


def check_tables(connection: sqlite3.Connection) -> tuple[str, list[str]]:
    """("" or why it is no recording, tables that are missing)."""
    found: dict[str, str] = {}
    for kind, name, sql in connection.execute("SELECT type, name, sql FROM sqlite_master"):
        if kind == "table":
            found[str(name)] = str(sql)
        elif kind != "index":
            return f"it has a {kind}, which no recording of this program has", []
    if "meta" not in found:
        return "it is a database, but no recording", []
    other = [name for name, sql in found.items() if name in TABLES and sql != TABLES[name]]
    if other:
        return f"its table {other[0][:40]} is not as this version of the format has it", []
    return "", [name for name in TABLES if name not in found]


def rows(connection: sqlite3.Connection, statement: str, *parameters: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of a query up to where the file is damaged; then Damage."""
    try:
        yield from connection.execute(statement, parameters)
    except (sqlite3.Error, UnicodeDecodeError, OverflowError, MemoryError) as error:
        raise Damage(str(error)) from error


def read_chunk(track: str, count: object, dtype: object, data: object, texts_bytes: int) -> Array:
    """The records of a chunk; read-only, a view of its bytes. Damage where they aren't what is declared."""
    if dtype != _DECLARED[track]:
        raise Damage(f"{track}: the declared type is another one")
    if not isinstance(data, bytes) or not isinstance(count, int) or not 0 <= count <= _MOST_RECORDS:
        raise Damage(f"{track}: a cell has the wrong type")
    if len(data) != count * _ARRAYS[track].itemsize:
        raise Damage(f"{track}: {len(data)} bytes are not {count} records")
    records = np.frombuffer(data, _ARRAYS[track])
    if track in TEXT_TRACKS and count:
        at, size = records["text_at"], records["text_bytes"]
        if (at < 0).any() or (size < 0).any() or (at > texts_bytes).any() or (size > texts_bytes - at).any():
            raise Damage(f"{track}: a text lies outside of its chunk")
    return records


def read_json(text: str | bytes, otherwise: Any) -> Any:
    """What `text` says; `otherwise` when it says nothing, or something of another type."""
    if not text:
        return otherwise
    try:
        value = orjson.loads(text)
    except ValueError:
        return otherwise
    return value if otherwise is None or isinstance(value, type(otherwise)) else otherwise
