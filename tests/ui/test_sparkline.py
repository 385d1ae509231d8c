"""The sparkline paints what it is given, and nothing where nothing is known."""

from __future__ import annotations

from math import nan

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from ui.theme import DARK, LIGHT, Theme
from ui.views.sparkline import paint_sparkline

MIB = 1 << 20


def painted(
    values: object, limit: float = 0, theme: Theme = LIGHT, *, ended: bool = False
) -> dict[str, list[tuple[int, int]]]:
    """The pixels of each colour but the ground's."""
    image = QImage(80, 24, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    paint_sparkline(painter, QRectF(0, 0, 80, 24), values, limit, theme, ended=ended)  # type: ignore[arg-type]
    painter.end()
    pixels: dict[str, list[tuple[int, int]]] = {}
    for y in range(24):
        for x in range(80):
            pixels.setdefault(image.pixelColor(x, y).name(), []).append((x, y))
    pixels.pop("#ffffff", None)
    return pixels


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_rising_heap_rises_over_the_whole_width(qtbot: QtBot, theme: Theme) -> None:
    line = painted(np.linspace(MIB, 20 * MIB, 40), theme=theme)[theme.used.name()]
    left, right = min(line), max(line)
    assert (left[0], right[0]) == (0, 79)
    assert left[1] > right[1]


@pytest.mark.parametrize("values", [[], [1.0], [nan] * 40, [0.0] * 40])
def test_nothing_known_paints_nothing(qtbot: QtBot, values: list[float]) -> None:
    assert painted(values) == {}


def test_unknown_time_stays_empty(qtbot: QtBot) -> None:
    line = painted([nan] * 20 + [5.0 * MIB] * 20)[LIGHT.used.name()]
    assert min(line)[0] >= 38


def test_the_limit_is_a_line_when_it_is_near(qtbot: QtBot) -> None:
    assert LIGHT.limit.name() in painted([20.0 * MIB] * 40, 64 * MIB)
    assert LIGHT.limit.name() not in painted([10.0 * MIB] * 40, 64 * MIB)


def test_an_ended_isolate_is_grey(qtbot: QtBot) -> None:
    assert set(painted([20.0 * MIB] * 40, ended=True)) == {LIGHT.faint.name()}
