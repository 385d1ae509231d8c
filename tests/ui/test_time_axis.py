"""The time axis: round steps, words for the past, nothing painted outside."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter
from pytestqt.qtbot import QtBot

from ui.theme import LIGHT
from ui.views.time_axis import Tick, ago_text, clock_text, paint_time_axis, ticks_ago, ticks_of_day

S = 1_000_000


def test_a_minute_reads_from_60_s_ago_to_now() -> None:
    ticks = ticks_ago(60 * S, 8)
    assert [tick.text for tick in ticks] == ["-60 s", "-50 s", "-40 s", "-30 s", "-20 s", "-10 s", "now"]
    assert ticks[0].share == pytest.approx(0)
    assert ticks[-1].share == 1


@pytest.mark.parametrize(
    ("span", "first"), [(600 * S, "-10 min"), (180 * S, "-3.0 min"), (120 * S, "-120 s"), (S // 5, "-0.20 s")]
)
def test_every_span_has_its_unit(span: int, first: str) -> None:
    assert ticks_ago(span, 6)[0].text == first


@pytest.mark.parametrize("span", [1_000, 100_000, 17 * S, 60 * S, 599 * S, 4_000 * S])
@pytest.mark.parametrize("most", [0, 1, 3, 10])
def test_there_are_never_too_many(span: int, most: int) -> None:
    assert len(ticks_ago(span, most)) <= max(most, 1) + 1 or span > 1_000 * S
    assert len(ticks_of_day(0, span, 10**12, most)) <= max(most, 1) + 1 or span > 1_000 * S


def test_a_view_that_stands_still_has_times_of_day() -> None:
    ticks = ticks_of_day(10**9, 10**9 + 10 * S, 10**9 + 60 * S, 5)
    assert all(re.fullmatch(r"\d\d:\d\d:\d\d", tick.text) for tick in ticks)
    assert all(0 <= tick.share <= 1 for tick in ticks)


def test_texts() -> None:
    assert ago_text(12_345_678) == "-12.35 s"
    assert re.fullmatch(r"\d\d:\d\d:\d\d\.\d\d\d", clock_text(10**9, 10**9, 1_000))


def test_nothing_is_painted_outside_the_area(qtbot: QtBot) -> None:
    image = QImage(300, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    paint_time_axis(painter, QRectF(50, 10, 200, 20), ticks_ago(60 * S, 3), LIGHT)
    painter.end()
    outside = [image.pixelColor(x, y).name() for x in (*range(48), *range(254, 300)) for y in range(40)]
    assert set(outside) == {"#ffffff"}
    assert len({image.pixelColor(x, y).name() for x in range(50, 250) for y in range(12, 30)}) > 2


class Heard:
    """A painter that keeps where texts are put."""

    def __init__(self, metrics: QFontMetricsF) -> None:
        self.metrics, self.texts = metrics, list[tuple[str, float]]()

    def fontMetrics(self) -> QFontMetricsF:
        return self.metrics

    def drawText(self, area: QRectF, _flags: object, text: str) -> None:
        self.texts.append((text, area.left()))

    def setPen(self, _pen: object) -> None: ...

    def drawLine(self, _line: object) -> None: ...


def test_texts_of_an_axis_never_touch(qapp: object) -> None:
    painter = Heard(QFontMetricsF(QFont()))
    ticks = [Tick(share / 4, f"{share * 12_345_678:,}") for share in range(5)]
    paint_time_axis(painter, QRectF(0, 0, 200, 20), ticks, LIGHT)  # type: ignore[arg-type]
    ends = [left + painter.metrics.horizontalAdvance(text) for text, left in painter.texts]
    assert 1 < len(ends) < 5
    assert all(end < left for end, (_text, left) in zip(ends, painter.texts[1:], strict=False))
