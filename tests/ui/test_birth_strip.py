"""The birth strip: every stage in the bar and in words, also when it was very short or the strip is narrow."""

from __future__ import annotations

from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from inspector.events import Birth
from ui.theme import DARK, LIGHT, Themes
from ui.views.birth_strip import BirthStrip, stages_of

BIRTH = Birth(
    host_start_ms=92.0, isolate_ms=1.52, inspector_ms=0.4, context_ms=0.61, prelude_ms=0.02, added_bytes=812_000
)


def bar_colours(image: QImage) -> list[str]:
    colours: list[str] = []
    for x in range(image.width()):
        name = image.pixelColor(x, 6).name()
        if not colours or colours[-1] != name:
            colours.append(name)
    return colours


def test_unknown_stages_are_left_out() -> None:
    birth = Birth(None, 1.5, None, 0.6, 0.3, None)
    assert [stage.name for stage in stages_of(birth, None, 4.0)] == ["isolate", "context", "prelude", "first run"]


def test_every_stage_is_in_the_bar_and_in_words(qtbot: QtBot) -> None:
    themes = Themes()
    themes.set_by_hand("light")
    strip = BirthStrip(themes)
    qtbot.addWidget(strip)
    strip.show_birth(BIRTH, 0.8, 3.0)
    strip.resize(400, strip.heightForWidth(400))
    stages = stages_of(BIRTH, 0.8, 3.0)
    colours = bar_colours(strip.grab().toImage())
    assert all(getattr(LIGHT, stage.shade).name() in colours for stage in stages)
    assert (
        strip.accessibleDescription()
        == strip.text()
        == (
            "host start 92 ms, isolate 1.52 ms, inspector 0.4 ms, context 0.61 ms, prelude 0.02 ms, compile 0.8 ms, "
            "first run 3 ms; 98.3 ms in all, 793 KiB of memory added"
        )
    )


def test_names_wrap_where_it_is_narrow(qtbot: QtBot) -> None:
    strip = BirthStrip(Themes())
    qtbot.addWidget(strip)
    strip.show_birth(BIRTH, 0.8, 3.0)
    assert strip.heightForWidth(160) > strip.heightForWidth(900)


def test_the_sum_wraps_too_and_nothing_lies_below_the_strip(qtbot: QtBot) -> None:
    strip = BirthStrip(Themes())
    qtbot.addWidget(strip)
    strip.show_birth(Birth(None, 3.6, None, 0.7, 2.2, 8_900_000))
    for width in (900, 250, 180, 120):
        strip.resize(width, strip.heightForWidth(width) + 40)
        image = strip.grab().toImage()
        ground = image.pixelColor(width - 1, image.height() - 1)
        below = range(strip.heightForWidth(width), image.height())
        assert all(image.pixelColor(x, y) == ground for y in below for x in range(width))
    assert strip.heightForWidth(120) > strip.heightForWidth(250)


def test_nothing_known_says_so_and_themes_change(qtbot: QtBot) -> None:
    themes = Themes()
    themes.set_by_hand("light")
    strip = BirthStrip(themes)
    qtbot.addWidget(strip)
    strip.show_birth(None)
    assert strip.text() == "Not known yet."
    strip.show_birth(BIRTH)
    strip.resize(400, strip.heightForWidth(400))
    themes.set_by_hand("dark")
    assert DARK.used.name() in bar_colours(strip.grab().toImage())
