"""The test of containment in the real window: its cases run in pools of their own beside the user's isolates."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.states import IsolateState
from tests.end_to_end.driver import Driver
from tests.fixtures.leftovers import children_of
from ui.features.containment import Trials
from ui.models.containment import ContainmentModel, Stage
from ui.views.containment import ContainmentView
from ui.views.new_isolate import NewIsolateDialog


def opened(driver: Driver) -> tuple[Trials, ContainmentModel, ContainmentView]:
    driver.act("contain")
    trials = driver.all.feature(Trials)
    driver.until(lambda: trials.view is not None and trials.view.isVisible())
    assert trials.model is not None
    assert trials.view is not None
    return trials, trials.model, trials.view


def choose(model: ContainmentModel, *names: str) -> None:
    for row in model.rows:
        row.chosen = row.case.name in names
    model.chosen_changed.emit()


def test_the_table_fills_while_the_users_isolates_stay_as_they_are(driver: Driver) -> None:
    _, model, view = opened(driver)
    assert len(model.rows) > 30
    assert view.controls.memory.text() == "128 MiB"  # the selected isolate's
    choose(model, "array-buffers", "catch-loop")
    view.controls.timeout.setText("1 s")
    view.controls.run.click()
    driver.until(lambda: model.running is not None and model.running.case.name == "catch-loop")
    driver.until(lambda: "catch-loop" in view.controls.words.text())
    driver.until(lambda: not model.under_way, 60_000)
    ended = {row.case.name: row for row in model.rows if row.verdict is not None}
    assert set(ended) == {"array-buffers", "catch-loop"}
    assert all(row.verdict is not None and row.verdict.contained for row in ended.values())
    assert len(driver.all.state.isolates) == 1
    assert len(driver.all.state.hosts) == 1
    assert driver.isolate("isolate 1").state is IsolateState.IDLE
    driver.until(lambda: "2 ended" in view.controls.words.text())


def test_the_files_that_ran_in_the_isolate_are_cases(driver: Driver) -> None:
    path = driver.file("mine.js", "const kept = [];\nfor (let i = 0; i < 10; i++) kept.push(i);")
    driver.drag([path], driver.place_of("isolate", 1))
    driver.until(lambda: driver.outcome("isolate 1") == "completed")
    _, model, view = opened(driver)
    driver.until(lambda: [case.name for case in model.chosen] == ["mine.js"])
    driver.until(lambda: "kept.push(i)" in view.script.toPlainText())
    view.controls.run.click()
    driver.until(lambda: model.rows[0].stage is Stage.ENDED, 60_000)
    assert model.index(0, 1).data() == "ENDED"


def test_cancel_ends_the_case_and_its_process(driver: Driver) -> None:
    before = children_of(os.getpid())
    _, model, view = opened(driver)
    choose(model, "endless-loop", "catch-loop")
    view.controls.run.click()
    driver.until(lambda: model.running is not None and model.running.points, 60_000)
    assert children_of(os.getpid()) > before
    view.controls.cancel.click()
    driver.until(lambda: not model.under_way)
    driver.until(lambda: children_of(os.getpid()) == before)
    assert {row.stage for row in model.rows if row.chosen} == {Stage.CANCELLED}
    assert view.controls.run.isVisibleTo(view)


def test_closing_the_window_while_a_case_runs_leaves_no_process(
    qtbot: QtBot, loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    driver = Driver(QApplication.instance(), qtbot, loop, tmp_path)
    try:
        driver.until(lambda: driver.isolate("isolate 1").state.alive and driver.all.actions["contain"].isEnabled())
        _, model, view = opened(driver)
        choose(model, "endless-loop")
        view.controls.run.click()
        driver.until(lambda: model.running is not None and model.running.points, 60_000)
    finally:
        driver.close()
    assert not children_of(os.getpid())


def test_a_file_that_can_not_be_read_is_a_problem(driver: Driver) -> None:
    trials, model, _ = opened(driver)
    known = len(model.rows)
    trials.add_files([str(driver.folder / "missing.js")])
    driver.until(lambda: "missing.js" in driver.problems())
    assert len(model.rows) == known


def test_what_follows_a_memory_limit_is_chosen_with_the_isolate(driver: Driver) -> None:
    driver.act("new-isolate")
    dialog = driver.window.findChild(NewIsolateDialog)
    assert dialog is not None
    dialog.name.setText("replaced")
    dialog.limit.setText("16 MiB")
    dialog.on_limit["replace"].setChecked(True)
    assert dialog.shared.isChecked()
    dialog.create_button.click()
    driver.until(lambda: driver.isolate("replaced").state.alive)
    first = driver.select("replaced").isolate_id
    path = driver.file("push.js", "const kept = []; for (;;) kept.push(new Array(1000).fill(0));")
    driver.drag([path], driver.place_of("isolate", first))
    driver.until(lambda: not driver.all.state.isolates[first].state.alive, 60_000)
    fresh = driver.found(lambda one: one.created.replaces_isolate_id == first)  # made after the old one has ended
    assert fresh.name == "replaced"
    assert not fresh.runs
    assert driver.all.state.isolates[first].ledger is not None
