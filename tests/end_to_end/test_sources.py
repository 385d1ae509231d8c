"""Sources in the real window: from the tree, from a console line; breakpoints, steps, variables."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPoint, Qt

from inspector.states import IsolateState
from tests.end_to_end.driver import Driver
from ui.features.breakpoints import Breakpoints
from ui.features.pauses import Pauses
from ui.features.sources import Sources


def test_a_script_is_shown_and_a_console_line_leads_to_its_place(driver: Driver) -> None:
    sources = driver.all.feature(Sources)
    driver.act("sources")
    driver.until(lambda: sources.view is not None and "No script has run" in sources.view.facts.text())
    text = "// first\nfunction shout(words) {\n  console.log(words);\n}\nshout('here');\n"
    driver.drag([driver.file("shout.js", text)], driver.place_of("isolate", 1))
    driver.until(lambda: driver.outcome("isolate 1") == "completed")
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


@pytest.mark.parametrize("driver", ["native"], indirect=True)
def test_a_breakpoint_stops_a_loop_and_shows_its_variables(driver: Driver) -> None:
    text = "function tick(n) {\n  const next = { n: n + 1 };\n  return next.n;\n}\nlet n = 0;\nfor (;;) n = tick(n);\n"
    driver.all.bridge.spawn(driver.all.commands.run_files(1, None, [driver.file("loop.js", text)]))
    record, sources = driver.select("isolate 1"), driver.all.feature(Sources)
    driver.until(lambda: record.state is IsolateState.RUNNING)
    driver.act("sources")
    driver.until(lambda: sources.view is not None and len(sources.view.area.text) == 7)
    assert sources.view is not None
    area, points = sources.view.area, driver.all.feature(Breakpoints)
    in_the_gutter = QPoint(8, 2 * area._height + 4)
    driver.qtbot.mouseClick(area.viewport(), Qt.MouseButton.LeftButton, pos=in_the_gutter)  # of line 3
    panel_of = driver.all.feature(Pauses)
    driver.until(lambda: panel_of.panel is not None and panel_of.panel.line.text() == "return next.n;")
    assert panel_of.panel is not None
    scopes = panel_of.panel.scopes
    driver.until(lambda: "next" in [one.data() for one in rows(scopes, scopes.index(0, 0))])
    assert area._paused == 3 and driver.views.bottom.currentWidget() is panel_of.panel.lists
    following = next(one for one in rows(scopes, scopes.index(0, 0)) if one.data() == "next")
    assert following.siblingAtColumn(1).data().startswith("{n: ")
    panel_of.panel.variables.expand(following)
    driver.until(lambda: "n" in [one.data() for one in rows(scopes, following)])
    panel_of.panel.frames.setCurrentRow(1)
    driver.until(lambda: area.current_line == 6)
    driver.act("step-out")
    driver.until(lambda: record.paused is not None and len(record.paused.frames) == 1)
    area.go_to(3)
    driver.act("toggle-breakpoint")
    driver.until(lambda: not points.of[record.isolate_id])
    driver.act("resume")
    driver.until(lambda: record.state is IsolateState.RUNNING and driver.views.bottom.indexOf(panel_of.panel.lists) < 0)
    assert area._paused == 0
    driver.act("stop")
    driver.until(lambda: driver.outcome("isolate 1") == "cancelled")


def rows(model: QAbstractItemModel, parent: QModelIndex) -> list[QModelIndex]:
    return [model.index(row, 0, parent) for row in range(model.rowCount(parent))]
