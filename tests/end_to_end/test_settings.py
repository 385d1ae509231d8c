"""Settings, layouts and help in the real window."""

from __future__ import annotations

import json

from inspector.states import IsolateState
from tests.end_to_end.driver import Driver
from ui.features.help import Help
from ui.features.layouts import Layouts
from ui.features.preferences import Preferences


def test_settings_layouts_and_help(driver: Driver) -> None:
    views, preferences, layouts = driver.views, driver.all.feature(Preferences), driver.all.feature(Layouts)
    dialog = preferences.open()
    dialog.controls["theme"].setCurrentIndex(2)  # type: ignore[attr-defined]
    dialog.controls["reduced-motion"].setChecked(True)  # type: ignore[attr-defined]
    assert driver.all.themes.current.name == "dark" and driver.all.clock.calm
    path = driver.folder / "settings.json"
    assert json.loads(path.read_text())["theme"] == "dark"
    dialog.accept()
    driver.until(lambda: preferences.dialog is None)

    driver.drag([driver.file("recent.js", "1")], driver.place_of("isolate", 1))
    preferences.recent.aboutToShow.emit()
    entry = preferences.recent.actions()[0]
    assert entry.text() == "recent.js"
    driver.until(lambda: driver.outcome("isolate 1") == "completed")
    entry.trigger()
    driver.until(lambda: len(driver.isolate("isolate 1").runs) == 2)

    before = views.panes.now()[0][0]
    driver.act("layout-debug")
    assert views.panes.now()[0][0] < before
    assert views.centre.tabs.tabText(views.centre.tabs.currentIndex()) == "Sources"
    driver.act("layout-compare")
    assert not views.tree.isVisible() and not views.bottom.isVisible()
    layouts.save("mine")
    driver.act("panel-isolates")
    assert views.tree.isVisible() and driver.all.actions["panel-isolates"].isChecked()
    driver.act("reset-layout")
    assert views.bottom.isVisible() and views.facts.isVisible() and not views.hidden
    layouts.put("mine")
    assert not views.tree.isVisible()
    driver.act("reset-layout")

    driver.until(lambda: driver.isolate("isolate 1").state is IsolateState.IDLE)
    help_of = driver.all.feature(Help)
    views.tree.setFocus()
    views.tree.setCurrentIndex(views.tree.model_of_rows.find("isolate", 1))
    help_of._mouse_was = driver.window.cursor().pos()  # the mouse has not moved: the keyboard's place counts
    driver.act("what-is-this")
    assert help_of.dialog is not None and help_of.dialog.shown()[0] == "idle"
    help_of.dialog.close()
