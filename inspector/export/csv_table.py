"""CSV: the heap samples, units in the header. Cells that a spreadsheet would take for a formula are made text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from inspector.analysis.track import Track
from inspector.wire import MODES

__all__ = ["csv_samples", "safe_cell"]

_COLUMNS = (
    "time_s", "utc", "isolate_id", "isolate", "heap_used_bytes", "heap_total_bytes", "heap_committed_bytes",
    "off_heap_bytes", "malloced_bytes", "allocated_bytes", "v8_limit_bytes", "taken",
)  # fmt: skip
_FIGURES = ("used", "total", "physical", "external", "malloced", "allocated", "v8_limit")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\Z")
_ROWS_AT_ONCE = 10_000


def csv_samples(tracks: Sequence[Track], *, began_us: int, began_wall_us: int) -> Iterator[bytes]:
    """The file in parts: RFC 4180, UTF-8, a row per sample, isolate by isolate."""
    yield _lines([_COLUMNS])
    for track in tracks:
        name = safe_cell(track.name)
        for first in range(0, len(track.samples), _ROWS_AT_ONCE):
            part = track.samples[first : first + _ROWS_AT_ONCE]
            yield _lines(_row(one, track.isolate_id, name, began_us, began_wall_us) for one in part)


def safe_cell(text: str) -> str:
    """`text`, after an apostrophe when it begins like a formula and is no number."""
    if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _NUMBER.match(text):
        return f"'{text}"
    return text


def _row(one: Any, isolate_id: int, name: str, began_us: int, began_wall_us: int) -> tuple[Any, ...]:
    since_us = int(one["at_us"]) - began_us
    utc = datetime.fromtimestamp((began_wall_us + since_us) / 1e6, UTC).isoformat(timespec="milliseconds")
    figures = (int(one[f"{figure}_bytes"]) for figure in _FIGURES)
    mode = int(one["mode"])
    return (f"{since_us / 1e6:.6f}", utc, isolate_id, name, *figures, MODES[mode] if mode < len(MODES) else "other")


def _lines(rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8", "replace")
