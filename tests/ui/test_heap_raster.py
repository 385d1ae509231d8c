"""The picture of a heap, pixel by pixel."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from ui.models.readings import GcMarks, Series
from ui.theme import DARK, LIGHT, Theme
from ui.views.heap_raster import Picture, colour_table, raster

WIDTH, HEIGHT = 61, 41  # a byte or a microsecond a pixel


def series(*points: tuple[int, float], held: tuple[int, ...] = ()) -> Series:
    """`used` as given; `committed` 10 bytes above it, `external` 0."""
    at_us, used = (np.array(each) for each in zip(*points, strict=True))
    marks = np.isin(np.arange(len(points)), held)
    used = used.astype(np.float32)
    return Series(at_us=at_us.astype(np.int64), used=used, committed=used + 10, external=used * 0, held=marks)


def picture(drawn: Series | None = None, *, full: tuple[int, ...] = (), limit: float = 0, hits: tuple[int, ...] = ()):  # type: ignore[no-untyped-def]
    at_us = np.array(full, np.int64)
    nothing = np.zeros(len(full))
    gcs = GcMarks(at_us=at_us, pause_us=nothing, before=nothing, after=nothing, kind=nothing, is_full=at_us >= 0)
    return Picture(0, WIDTH, drawn, gcs, limit, hits, HEIGHT - 1, (20.0,))


def where(image: QImage, colour: QColor) -> set[tuple[int, int]]:
    """Places (column, row from the bottom) of a colour."""
    wanted = colour.rgb()
    return {
        (x, HEIGHT - 1 - y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).rgb() == wanted
    }


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_line_goes_straight_from_sample_to_sample(theme: Theme) -> None:
    drawn = raster(picture(series((10, 5), (30, 25), (50, 25))), WIDTH, HEIGHT, colour_table(theme))
    line = where(drawn, theme.used)
    assert {(30, 25), (40, 25), (49, 25)} <= line
    assert {x for x, _ in line} == set(range(10, 51))  # nothing before the first sample, nothing after the last
    for x in range(10, 29):
        assert {y for column, y in line if column == x} <= {x - 5, x - 4}
    assert (40, 35) in where(drawn, theme.committed)
    assert (45, 20) not in where(drawn, theme.grid)  # the fill lies over the grid
    assert (55, 20) in where(drawn, theme.grid)


def test_a_jump_within_a_pixel_leaves_no_gap() -> None:
    line = where(
        raster(picture(series((0, 5), (30, 5), (30, 35), (60, 35))), WIDTH, HEIGHT, colour_table(LIGHT)), LIGHT.used
    )
    assert {y for x, y in line if x in (29, 30)} == set(range(5, 36))


def test_a_held_line_is_dotted_and_fainter() -> None:
    image = raster(picture(series((0, 15), (20, 15), (60, 15), held=(1,))), WIDTH, HEIGHT, colour_table(LIGHT))
    assert {x for x, _ in where(image, LIGHT.used)} == {*range(20), 60}
    seen = [x for x in range(20, 60) if image.pixelColor(x, HEIGHT - 1 - 15) != image.pixelColor(x, HEIGHT - 1 - 16)]
    assert 10 <= len(seen) <= 25


def test_collections_and_limits() -> None:
    image = raster(picture(None, full=(0, 30, 60, 90), limit=30, hits=(12,)), WIDTH, HEIGHT, colour_table(LIGHT))
    full = where(image, LIGHT.gc_major)
    assert {x for x, y in full if y == 0} == {0, 30, 60}
    assert len({x for x, _ in full if 20 < x < 40}) == 9  # its head
    limit = where(image, LIGHT.limit)
    assert {y for x, y in limit if x == 12} == set(range(HEIGHT))
    assert 35 < len([1 for x, y in limit if y == 30]) < WIDTH


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 500), (500, 3)])
def test_no_size_is_too_small(width: int, height: int) -> None:
    image = raster(
        picture(series((0, 5), (30, 35)), full=(5,), limit=30, hits=(12,)), width, height, colour_table(LIGHT)
    )
    assert (image.width(), image.height()) == (width, height)
