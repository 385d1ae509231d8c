"""Sources in the real window: from the tree, from a console line; breakpoints, steps, variables."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPoint, Qt
from PySide6.QtWidgets import QMenu

from inspector.states import IsolateState
from tests.end_to_end.driver import Driver
from ui.features.breakpoints import Breakpoints
from ui.features.pauses import Pauses
from ui.features.sources import Sources
from ui.models.line_mark import LineMark
from ui.views.breakpoint import BreakpointDialog


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
    assert driver.window.focusWidget() is sources.view.area  # Ctrl+F and F9 are meant for it
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
    driver.type("next.n - n")  # in the call frame, not when the script has ended
    driver.until(lambda: driver.console()[-2:] == ["next.n - n", "1"])
    panel_of.panel.frames.setCurrentRow(1)
    driver.until(lambda: area.current_line == 6)
    driver.type("typeof next")
    driver.until(lambda: driver.console()[-1] == "'undefined'")
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


@pytest.mark.parametrize("driver", ["native"], indirect=True)
def test_hits_beside_the_lines_and_breakpoints_with_conditions(driver: Driver) -> None:
    text = "function odd(n) {\n  return n % 2;\n}\nlet sum = 0;\nfor (let n = 0; n < 40; n++) {\n  sum += odd(n);\n}\n"
    record, sources = driver.select("isolate 1"), driver.all.feature(Sources)
    driver.act("count-hits")
    assert driver.all.actions["count-hits"].isChecked()
    driver.until(lambda: "Counting hits" in driver.views.status.said())
    driver.all.bridge.spawn(driver.all.commands.run_files(1, None, [driver.file("odd.js", text)]))
    driver.until(lambda: driver.outcome("isolate 1") == "completed")
    driver.act("sources")
    assert sources.view is not None
    area = sources.view.area
    driver.until(lambda: area._figures.get("hits", {}).get(2) == "40×")
    assert dict(area._figures["hits"]) == {1: "40×", 2: "40×", 4: "1×", 5: "40×", 6: "40×"}
    assert "hits of lines" in sources.view.facts.text()
    driver.act("count-hits")
    assert not driver.all.actions["count-hits"].isChecked() and area._figures["hits"]

    def set_at(line: int, kind: int, words: str) -> None:
        """By the menu beside the line."""
        place = QPoint(8, (line - 1) * area._height + 4)
        driver.qtbot.mouseClick(area.viewport(), Qt.MouseButton.RightButton, pos=place)
        menu = next(one for one in sources.view.findChildren(QMenu) if one.isVisible())
        menu.actions()[1].trigger()
        menu.close()
        dialog = next(one for one in driver.window.findChildren(BreakpointDialog) if one.isVisible())
        dialog.kind.setCurrentIndex(kind)
        dialog.expression.clear()
        driver.qtbot.keyClicks(dialog.expression, words)
        driver.qtbot.keyClick(dialog.expression, Qt.Key.Key_Return)

    set_at(2, 0, "n === 31")
    set_at(6, 1, "'turn', n")
    driver.until(lambda: {line: one.kind for line, one in area._breakpoints.items()} == {2: "condition", 6: "log"})
    assert area._breakpoints[2].words == "Breakpoint where n === 31"
    driver.all.bridge.spawn(driver.all.commands.run_again(1))
    driver.until(lambda: record.state is IsolateState.PAUSED and record.paused is not None)
    driver.until(lambda: "turn 31" in driver.console())
    assert "turn 32" not in driver.console()
    set_at(2, 0, "n === 35")  # another in its place
    driver.until(lambda: area._breakpoints.get(2) == LineMark("condition", "Breakpoint where n === 35"))
    driver.act("resume")
    driver.until(lambda: "turn 35" in driver.console())
    driver.act("remove-breakpoints")
    driver.until(lambda: not area._breakpoints)
    driver.act("resume")
    driver.until(lambda: driver.outcome("isolate 1") == "completed")


def rows(model: QAbstractItemModel, parent: QModelIndex) -> list[QModelIndex]:
    return [model.index(row, 0, parent) for row in range(model.rowCount(parent))]
