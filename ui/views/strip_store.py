"""Lanes painted on a grid of pixel columns that is fixed in time, and kept: a view that moves paints what enters it.

Column k of a lane shows [k, k + 1) times `step_us`. A lane's pictures lie side by side without gaps; each is painted
with one column more at its left, so that lines meet across their edges.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator

from msgspec import Struct, field
from PySide6.QtGui import QImage

__all__ = ["Piece", "StripStore"]

_AHEAD = 192  # columns painted at once when a view moves on
_MOST_BYTES = 32 << 20  # of pictures; past it only those of the last frame are kept

Paint = Callable[[int, int], QImage]  # from column, to column


class Piece(Struct, frozen=True):
    """Columns [first, last) of a lane; in `image` they begin at its second column."""

    first: int
    last: int
    image: QImage


class _Strip(Struct):
    pieces: list[Piece] = field(default_factory=list)
    frame: int = 0  # in which it was shown last

    @property
    def size_bytes(self) -> int:
        return sum(piece.image.sizeInBytes() for piece in self.pieces)

    def cover(self, first: int, last: int, paint: Paint) -> None:
        pieces, width = self.pieces, last - first
        if not pieces or last <= pieces[0].first - width or first >= pieces[-1].last + width:
            pieces[:] = [_piece(first, last, paint)]
            return
        if first < (left := pieces[0].first):
            pieces.insert(0, _piece(min(first, left - _AHEAD), left, paint))
        if last > (right := pieces[-1].last):
            pieces.append(_piece(right, max(last, right + _AHEAD), paint))
        pieces[:] = [one for one in pieces if one.last > first - width and one.first < last + width]


class StripStore:
    """The lanes of one chart. `begin` a frame, ask `of` each lane, `end` it."""

    def __init__(self) -> None:
        self._strips: dict[Hashable, _Strip] = {}
        self._look: object = None
        self._frame = 0

    @property
    def size_bytes(self) -> int:
        return sum(strip.size_bytes for strip in self._strips.values())

    def begin(self, look: object) -> None:
        """`look`: all that every picture depends on, such as the step. When it has changed nothing is kept."""
        self._frame += 1
        if look != self._look:
            self._look = look
            self._strips.clear()

    def of(self, lane: Hashable, first: int, last: int, paint: Paint) -> Iterator[Piece]:
        """The pieces that show columns [first, last)."""
        strip = self._strips.setdefault(lane, _Strip())
        strip.frame = self._frame
        strip.cover(first, last, paint)
        return (one for one in strip.pieces if one.last > first and one.first < last)

    def end(self) -> None:
        if self.size_bytes > _MOST_BYTES:
            self._strips = {lane: strip for lane, strip in self._strips.items() if strip.frame == self._frame}

    def clear(self) -> None:
        """What the lanes show has changed."""
        self._strips.clear()


def _piece(first: int, last: int, paint: Paint) -> Piece:
    return Piece(first, last, paint(first - 1, last))
