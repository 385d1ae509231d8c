"""Sources in the real window: from the tree, and from a console line."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt

from tests.end_to_end.driver import Driver
from ui.features.sources import Sources


def test_a_script_is_shown_and_a_console_line_leads_to_its_place(driver: Driver) -> None:
    text = "// first\nfunction shout(words) {\n  console.log(words);\n}\nshout('here');\n"
    driver.drag([driver.file("shout.js", text)], driver.place_of("isolate", 1))
    driver.until(lambda: driver.outcome("isolate 1") == "completed")
    sources = driver.all.feature(Sources)
    driver.act("sources")
    driver.until(lambda: sources.view is not None and len(sources.view.area.text) == 6)
    assert sources.view is not None
    assert sources.view.scripts.currentText() == "shout.js"
    assert "ran 1 time" in sources.view.facts.text()
    driver.views.centre.go_to(0)
    driver.until(lambda: "here" in driver.console())
    row = driver.all.console.index(driver.console().index("here"))
    view = driver.views.console.list
    view.scrollTo(row)
    rect = view.visualRect(row)
    driver.qtbot.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.right() - 14, rect.center().y())
    )
    driver.until(lambda: sources.view is not None and sources.view.area.current_line == 3)
    assert driver.views.centre.tabs.currentWidget() is sources.view


def test_an_isolate_without_scripts_says_so(driver: Driver) -> None:
    driver.act("sources")
    sources = driver.all.feature(Sources)
    driver.until(lambda: sources.view is not None and "No script has run" in sources.view.facts.text())
