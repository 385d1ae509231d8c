"""A flame chart as one image, made by numpy. Imported late: it brings numpy."""

from __future__ import annotations

from zlib import crc32

import numpy as np
from PySide6.QtGui import QColor, QImage

from inspector.analysis.tree import GC_NAME, Array, CallTree, Frame
from ui.models.flame_chart import Cells
from ui.style import mixed
from ui.theme import Theme, flame_colours

__all__ = ["FlameColours", "frame_colour", "raster"]

_EDGE_FROM = 3  # pixels of a block from which its left edge is drawn
_DIMMED = 0.22


def frame_colour(frame: Frame, theme: Theme) -> QColor:
    """Functions of one name and file have one colour; what V8 itself does has the theme's."""
    if frame.is_meta:
        return mixed(theme.gc_major, theme.panel, 0.5) if frame.name == GC_NAME else theme.raised
    hues = flame_colours(theme)
    return hues[crc32(f"{frame.name}\n{frame.url}".encode("utf-8", "replace")) % len(hues)]


class FlameColours:
    """The colour of each node, as 0xffRRGGBB; the last one is the ground."""

    def __init__(self, tree: CallTree, theme: Theme) -> None:
        self._theme = theme
        self._tree = tree
        self._bright = np.array([frame_colour(one, theme).rgb() for one in tree.frames], np.uint32)
        self._dim = np.array(
            [mixed(QColor.fromRgb(int(rgb)), theme.panel, _DIMMED).rgb() for rgb in self._bright], np.uint32
        )
        self.ground = int(theme.panel.rgb())
        self.of_node = self._of(self._bright)

    def light_up(self, frames: Array | None) -> None:
        """Dim every function but `frames` (bool of the tree's frames); None: dim nothing."""
        self.of_node = self._of(self._bright if frames is None else np.where(frames, self._bright, self._dim))

    def put(self, of_node: Array) -> None:
        """Colours of the caller's own, uint32 a node."""
        self.of_node = np.append(of_node, np.uint32(self.ground))

    def _of(self, frames: Array) -> Array:
        return np.append(frames[self._tree.frame], np.uint32(self.ground))


def raster(cells: Cells, colours: FlameColours, row_px: int, seam: int) -> QImage:
    """`row_px`: height of a row with the seam of one pixel beneath it; `seam`: the colour between blocks."""
    rows, width = cells.node.shape
    flat = colours.of_node[cells.node]  # -1 takes the last one: the ground
    wide = np.zeros_like(cells.begins)
    wide[:, :-_EDGE_FROM] = cells.begins[:, :-_EDGE_FROM]
    for ahead in range(1, _EDGE_FROM):
        wide[:, :-_EDGE_FROM] &= ~cells.begins[:, ahead : width - _EDGE_FROM + ahead]
    flat[wide] = seam
    image = np.empty((rows, row_px, width), np.uint32)
    image[:, : row_px - 1] = flat[:, None]
    image[:, row_px - 1] = seam
    made = QImage(image.data, width, rows * row_px, 4 * width, QImage.Format.Format_RGB32)
    return made.copy()  # the array is numpy's
