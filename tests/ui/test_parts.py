"""Theme, clock, selection, settings, bridge, icons: the small parts that everything else leans on."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication
from pytestqt.qtbot import QtBot

import resources
from inspector.errors import UsageError
from tests.ui.made import isolate
from ui.bridge import EVENTS_AT_ONCE, Bridge
from ui.clock import FRAME_MS, PaintClock, now_us
from ui.event_queue import EventQueue
from ui.icons import icon, pixmap
from ui.selection import Selection
from ui.settings import Settings
from ui.specs import ACTIONS
from ui.theme import DARK, LIGHT, Theme, Themes


def luminance(colour: QColor) -> float:
    """WCAG 2.1, relative luminance."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor, other: QColor) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_words_can_be_read_on_every_ground(theme: Theme) -> None:
    for ground in (theme.window, theme.panel):
        for word in ("text", "muted", "ok", "warn", "error"):
            assert contrast(getattr(theme, word), ground) >= 4.5, (word, contrast(getattr(theme, word), ground))
    assert all(getattr(theme, name).isValid() for name in theme.__struct_fields__ if name != "name")


def test_a_theme_by_hand_holds_against_the_system(qtbot: QtBot) -> None:
    themes = Themes()
    themes.choose("light")  # whatever the process was set to before
    seen: list[str] = []
    themes.changed.connect(lambda theme: seen.append(theme.name))
    themes.choose("dark")
    themes.choose("dark")
    assert seen == ["dark"] and themes.current is DARK
    themes.set_by_hand("light")
    assert seen[-1] == "light"
    themes.follow_system()
    assert themes.by_hand is None


def test_the_system_turning_dark_is_followed_at_once(qapp: QGuiApplication) -> None:
    themes = Themes()
    hints = qapp.styleHints()
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)  # whatever the process was set to before
    seen: list[str] = []
    themes.changed.connect(lambda theme: seen.append(theme.name))
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    themes.choose("light")
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert seen == ["dark", "light"]


def test_the_clock_ticks_until_it_is_stopped(qtbot: QtBot) -> None:
    clock = PaintClock()
    clock.start()
    with qtbot.waitSignal(clock.tick, timeout=20_000) as blocker:
        pass
    assert blocker.args is not None
    assert blocker.args[0] > 1 << 20
    clock.stop()
    assert not clock.running


def test_the_clock_sleeps_until_a_frame_is_asked_for(qtbot: QtBot) -> None:
    clock = PaintClock()
    ticks: list[int] = []
    clock.tick.connect(ticks.append)
    clock.ask()
    assert clock.asleep  # nobody sees
    clock.start()
    qtbot.waitUntil(lambda: len(ticks) == 1, timeout=20_000)
    assert clock.asleep
    later = now_us() + 50_000
    clock.ask(later)
    clock.ask()  # what is asked for later is not forgotten over it
    qtbot.waitUntil(lambda: clock.asleep, timeout=20_000)
    assert ticks[-1] >= later
    assert ticks[1] - ticks[0] >= FRAME_MS * 1000
    clock.ask(now_us() + 3_600_000_000)
    assert not clock.asleep
    clock.stop()
    clock.ask()
    assert clock.asleep


def test_a_selection_tells_only_what_differs(qtbot: QtBot) -> None:
    selection = Selection()
    count: list[int] = []
    selection.changed.connect(lambda: count.append(1))
    selection.set(isolate_id=1, context_id=2)
    selection.set(isolate_id=1, context_id=2)
    assert len(count) == 1
    selection.set(host_id=1)
    assert (selection.isolate_id, selection.context_id, selection.host_id) == (None, None, 1)


def test_settings_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.json"
    settings = Settings(path)
    assert settings.first_start
    settings.put("theme", "dark")
    settings.put_data("geometry", b"\x00\xff")
    for number in range(20):
        settings.add_recent(f"/files/{number}.js")
    assert settings.save() == ""
    again = Settings(path)
    assert not again.first_start
    assert (again.text("theme"), again.data("geometry")) == ("dark", b"\x00\xff")
    assert again.texts("recent")[0] == "/files/19.js"
    assert len(again.texts("recent")) == 12
    assert [one.name for one in path.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("text", ["{", "[1]", "\x00\x01", '{"geometry": 7, "theme": [1]}'])
def test_broken_settings_are_set_aside_and_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text)
    settings = Settings(path)
    assert settings.text("theme", "system") == "system"
    assert settings.data("geometry") == b""
    assert bool(settings.trouble) == (text[:1] != "{" or len(text) == 1)
    assert settings.save() == ""


def test_settings_that_cannot_be_written_say_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "file" in Settings(tmp_path / "file" / "settings.json").save()


def test_every_icon_is_there_and_not_blank(qtbot: QtBot) -> None:
    for name in {spec.icon for spec in ACTIONS if spec.icon} | {
        path.stem for path in resources.path("icons").iterdir()
    }:
        image = pixmap(name, 32, QColor("#123456")).toImage()
        painted = sum(image.pixelColor(x, y).alpha() > 0 for x in range(32) for y in range(32))
        assert painted > 20, name
        assert not icon(name, QColor("red"), QColor("gray")).isNull()


def test_events_come_in_batches_in_order(qtbot: QtBot, loop: asyncio.AbstractEventLoop) -> None:
    queue = EventQueue()
    before = isolate(1)
    queue.put(before)  # from before there was a bridge
    bridge = Bridge(queue, lambda coroutine: Future(), loop)
    batches: list[list[object]] = []
    bridge.events_arrived.connect(batches.append)
    for one in range(2, EVENTS_AT_ONCE + 50):
        queue.put(isolate(one))
    qtbot.waitUntil(lambda: sum(map(len, batches)) == EVENTS_AT_ONCE + 49)
    assert batches[0][0] is before
    assert max(map(len, batches)) <= EVENTS_AT_ONCE
    assert [event.isolate_id for batch in batches for event in batch] == list(range(1, EVENTS_AT_ONCE + 50))  # type: ignore[attr-defined]
    bridge.close()


def test_a_coroutine_that_fails_is_told(qtbot: QtBot, loop: asyncio.AbstractEventLoop) -> None:
    bridge = Bridge(EventQueue(), lambda coroutine: Future(), loop)
    failed: list[Exception] = []
    bridge.failed.connect(failed.append)

    async def fails() -> None:
        raise UsageError("Try", "it was meant to fail")

    bridge.spawn(fails())
    qtbot.waitUntil(lambda: len(failed) == 1)
    assert bridge.busy == 0
    bridge.close()
