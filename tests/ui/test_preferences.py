"""The page of settings: searched, taken at once, refused in words; layouts as text."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from ui.models.preferences import PREFERENCES
from ui.theme import Themes
from ui.views.layout import PRESETS, read_layouts, write_layouts
from ui.views.preferences import PreferencesDialog


def test_settings_are_found_taken_and_refused(qtbot: QtBot, themes: Themes) -> None:
    dialog = PreferencesDialog(lambda one: one.default, "/a/settings.json")
    qtbot.addWidget(dialog)
    dialog.show()
    taken: list[tuple[str, object]] = []
    dialog.changed.connect(lambda key, value: taken.append((key, value)))
    assert "/a/settings.json" in dialog.path.text()
    assert all(dialog.controls[one.key].accessibleName() == one.title for one in PREFERENCES)
    qtbot.keyClicks(dialog.search, "screen reader")
    assert [key for key, control in dialog.controls.items() if control.isVisible()] == ["announce"]
    dialog.search.setText("zzz")
    assert dialog._nothing.isVisible()
    dialog.search.clear()
    limit = dialog.controls["memory-limit"]
    limit.selectAll()  # type: ignore[attr-defined]
    qtbot.keyClicks(limit, "9 qq")
    assert taken == [] and "not a unit" in dialog._troubles["memory-limit"].text()
    limit.selectAll()  # type: ignore[attr-defined]
    qtbot.keyClicks(limit, "64MiB")
    assert taken[-1] == ("memory-limit", "64MiB") and not dialog._troubles["memory-limit"].isVisible()
    dialog.controls["theme"].setCurrentIndex(2)  # type: ignore[attr-defined]
    dialog.controls["announce"].setChecked(False)  # type: ignore[attr-defined]
    assert taken[-2:] == [("theme", "dark"), ("announce", False)]
    editor = next(one for one in PREFERENCES if one.key == "editor")
    assert [bool(editor.trouble(text)) for text in ("", "vi", "vi {path}", "vi '{path}")] == [False, True, False, True]


def test_layouts_outlive_a_spoilt_file() -> None:
    kept = write_layouts(PRESETS)
    spoilt = ["", "[]", "{}", '{"name": "x", "across": [1], "down": [1, 2], "hidden": []}', "\ud800"]
    assert read_layouts([*spoilt, *kept]) == list(PRESETS)
