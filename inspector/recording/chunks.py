"""The chunks of a recording as one array per track, read when first asked for and added to when the file grows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import numpy as np
from msgspec import Struct, field

from inspector.recording.layout import DTYPES, TEXT_TRACKS
from inspector.recording.reading import Damage, read_chunk, rows
from inspector.recording.tracks import Array

__all__ = ["Chunks", "Texts"]

_NEW = (
    "SELECT chunk_id, count, dtype, data FROM chunks WHERE track = ? AND isolate_id IS ? AND chunk_id > ? "
    "ORDER BY chunk_id"
)
_TEXTS = "SELECT texts FROM chunks WHERE chunk_id = ?"
_LENGTHS = "SELECT length(texts) FROM chunks WHERE chunk_id = ?"
_OWNERS = "SELECT DISTINCT isolate_id FROM chunks WHERE track = ? AND isolate_id IS NOT NULL ORDER BY isolate_id"


class _Track(Struct):
    """`chunk` and `text_at` of each record lead to its words; kept for tracks that have some."""

    records: Array
    chunk: Array
    last_chunk: int = 0
    fresh: bool = False
    by_isolate: dict[int, Array] = field(default_factory=dict)  # isolate_id -> places in `records`


class Texts:
    """The words of records of a track; a chunk's are read when one of them is asked for."""

    def __init__(self, connection: sqlite3.Connection, records: Array, chunk: Array) -> None:
        self._connection = connection
        self._records = records
        self._chunk = chunk
        self._read: tuple[int, bytes] = (-1, b"")

    def of(self, place: int) -> bytes:
        number = int(self._chunk[place])
        if number != self._read[0]:
            try:
                found = self._connection.execute(_TEXTS, (number,)).fetchone()
            except (sqlite3.Error, UnicodeDecodeError):
                found = None
            self._read = (number, found[0] if found and isinstance(found[0], bytes) else b"")
        at = int(self._records["text_at"][place])
        return self._read[1][at : at + int(self._records["text_bytes"][place])]


class Chunks:
    """Owner: a `Session`. `damaged` is told what can't be read."""

    def __init__(self, connection: sqlite3.Connection, damaged: Callable[[str], None]) -> None:
        self._connection = connection
        self._damaged = damaged
        self._tracks: dict[tuple[str, int | None], _Track] = {}

    def stale(self) -> None:
        """The file may have grown."""
        for track in self._tracks.values():
            track.fresh = False

    def of(self, track: str, isolate_id: int | None, from_us: int | None, to_us: int | None) -> Array:
        """Records of one isolate, or of all, in order of time."""
        kept = self._load(track, None)
        records = kept.records if isolate_id is None else kept.records[self._places(kept, isolate_id)]
        return _cut(records, from_us, to_us)

    def with_texts(self, track: str, isolate_id: int | None) -> tuple[Array, Texts]:
        kept = self._load(track, None)
        records, chunk = kept.records, kept.chunk
        if isolate_id is not None:
            places = self._places(kept, isolate_id)
            records, chunk = records[places], chunk[places]
        return records, Texts(self._connection, records, chunk)

    def owned(self, track: str, isolate_id: int) -> Array:
        """Records of a track whose chunks belong to one isolate each, in the order in which they were written."""
        return self._load(track, isolate_id).records

    def owners(self, track: str) -> list[int]:
        try:
            return [row[0] for row in rows(self._connection, _OWNERS, track) if isinstance(row[0], int)]
        except Damage as error:
            self._damaged(str(error))
            return []

    def _places(self, kept: _Track, isolate_id: int) -> Array:
        if not kept.by_isolate and len(kept.records):
            ids = kept.records["isolate_id"]
            order = np.argsort(ids, kind="stable")
            edges = np.flatnonzero(np.diff(ids[order])) + 1
            kept.by_isolate = {int(ids[part[0]]): part for part in np.split(order, edges)}
        return kept.by_isolate.get(isolate_id, np.zeros(0, np.int64))

    def _load(self, track: str, isolate_id: int | None) -> _Track:
        key = (track, isolate_id)
        kept = self._tracks.get(key)
        if kept is None:
            kept = self._tracks[key] = _Track(np.zeros(0, DTYPES[track]), np.zeros(0, np.int64))
        if not kept.fresh:
            self._add(kept, track, isolate_id)
            kept.fresh = True
        return kept

    def _add(self, kept: _Track, track: str, isolate_id: int | None) -> None:
        parts, chunks = [kept.records.data.cast("B")] if len(kept.records) else [], [kept.chunk]
        try:
            for number, count, dtype, data in rows(self._connection, _NEW, track, isolate_id, kept.last_chunk):
                kept.last_chunk = max(kept.last_chunk, number)
                try:
                    records = read_chunk(track, count, dtype, data, self._size_of_texts(track, number))
                except Damage as error:
                    self._damaged(str(error))
                    continue
                parts.append(records.data.cast("B"))
                if track in TEXT_TRACKS:
                    chunks.append(np.full(len(records), number, np.int64))
        except Damage as error:
            self._damaged(str(error))
        if len(parts) == (len(kept.records) > 0):
            return
        records = np.frombuffer(b"".join(parts), DTYPES[track])  # 10 times faster than to concatenate structures
        kept.records, kept.chunk = _in_order(records, np.concatenate(chunks))
        kept.records.flags.writeable = False
        kept.by_isolate = {}

    def _size_of_texts(self, track: str, number: int) -> int:
        """Without reading them."""
        if track not in TEXT_TRACKS:
            return 0
        found = next(rows(self._connection, _LENGTHS, number), (0,))
        return found[0] if isinstance(found[0], int) else 0


def _in_order(records: Array, chunk: Array) -> tuple[Array, Array]:
    """By time: batches of several hosts overlap."""
    if "at_us" not in (records.dtype.names or ()) or not (np.diff(records["at_us"]) < 0).any():
        return records, chunk
    order = np.argsort(records["at_us"], kind="stable")
    return records[order], chunk[order] if len(chunk) else chunk


def _cut(records: Any, from_us: int | None, to_us: int | None) -> Array:
    low = 0 if from_us is None else int(np.searchsorted(records["at_us"], from_us, "left"))
    high = len(records) if to_us is None else int(np.searchsorted(records["at_us"], to_us, "right"))
    part: Array = records[low:high]
    return part
