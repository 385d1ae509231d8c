"""The whole way once, in the real window over real host processes."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.states import Capability, HostState, IsolateState
from tests.end_to_end.driver import Driver
from tests.fixtures.engines import ENGINES, lacks, skip_without
from ui.examples import EXAMPLES
from ui.models.isolate_wish import IsolateWish

NONE = Qt.KeyboardModifier.NoModifier


def test_a_first_start_opens_one_idle_isolate_and_runs_nothing(driver: Driver) -> None:
    driver.until(lambda: driver.isolate("isolate 1").figures.at_us)
    assert len(driver.all.state.isolates) == 1
    assert driver.isolate("isolate 1").state is IsolateState.IDLE
    assert not driver.all.state.runs
    assert driver.all.selection.isolate_id == driver.isolate("isolate 1").isolate_id
    driver.until(lambda: "1 isolate in 1 host process" in driver.views.status.text())


def test_the_first_failure_stops_the_rest_which_is_offered(driver: Driver) -> None:
    texts = ("1", "let a = ;", "2", "3")
    paths = [driver.file(f"{place}.js", text) for place, text in enumerate(texts)]
    driver.drag(paths, driver.place_of("isolate", 1))
    bar = driver.views.centre.run_bar
    driver.until(lambda: bar.rest.isVisible() and bar.rest.text() == "Run the rest (2)")
    driver.until(lambda: driver.outcome("isolate 1") == "threw")
    driver.until(lambda: any("SyntaxError" in line for line in driver.console()))
    bar.rest.click()
    driver.until(lambda: len(driver.isolate("isolate 1").runs) == 4 and driver.outcome("isolate 1") == "completed")
    driver.until(lambda: not bar.rest.isVisible())


@skip_without(Capability.CONTEXTS)
def test_run_again_makes_a_fresh_context_and_keeps_the_old_row(driver: Driver) -> None:
    path = driver.file("decl.js", "const fixed = 1; let loose = 2; class Thing {} fixed")
    driver.drag([path], driver.place_of("isolate", 1))
    driver.until(lambda: driver.outcome("isolate 1") == "completed")
    old = driver.isolate("isolate 1").default_context_id
    path.write_text("const fixed = 5; class Thing {} fixed")
    driver.act("run-again")
    driver.until(lambda: len(driver.isolate("isolate 1").runs) == 2 and driver.outcome("isolate 1") == "completed")
    record = driver.isolate("isolate 1")
    assert record.default_context_id != old
    driver.until(lambda: record.contexts[old or 0].released == "replaced")
    assert driver.all.tree.find("context", 1, old).isValid()
    driver.until(lambda: driver.views.centre.run_bar.words.text() == "→ 5")
    driver.act("run-again-here")
    driver.until(lambda: driver.outcome("isolate 1") == "threw" and len(record.runs) == 3)
    driver.until(lambda: any("already been declared" in line for line in driver.console()))


def test_stop_ends_a_loop_and_the_isolate_lives(driver: Driver) -> None:
    driver.drag([driver.file("loop.js", "for (;;) {}")], driver.place_of("isolate", 1))
    bar = driver.views.centre.run_bar
    driver.until(lambda: driver.isolate("isolate 1").state is IsolateState.RUNNING and bar.stop.isVisible())
    driver.act("collect")
    refused = lacks(Capability.BUSY_GC)
    told = driver.problems if refused else lambda: "\n".join(driver.console())
    driver.until(lambda: (refused or "Collected garbage") in told())
    bar.stop.click()
    driver.until(lambda: driver.outcome("isolate 1") == "cancelled")
    driver.type("1 + 1")
    driver.until(lambda: driver.console()[-1] == "2")


@skip_without(Capability.CONTEXTS)
def test_what_a_busy_isolate_cannot_serve_waits_with_cancel(driver: Driver) -> None:
    driver.drag([driver.file("loop.js", "for (;;) {}")], driver.place_of("isolate", 1))
    driver.until(lambda: driver.isolate("isolate 1").state is IsolateState.RUNNING)
    bar = driver.views.centre.waiting_bar
    driver.act("new-context")
    driver.until(lambda: bar.isVisible() and "waits for the running script" in bar.words.text())
    bar.button.click()
    driver.until(lambda: not bar.isVisible())
    driver.act("new-context")
    driver.until(bar.isVisible)
    driver.act("stop")
    driver.until(lambda: len(driver.isolate("isolate 1").contexts) == 2)
    assert not driver.problems()


def test_a_run_behind_a_loop_waits_and_can_be_withdrawn(driver: Driver) -> None:
    driver.drag([driver.file("loop.js", "for (;;) {}")], driver.place_of("isolate", 1))
    driver.until(lambda: driver.isolate("isolate 1").state is IsolateState.RUNNING)
    driver.type("40 + 2")
    record = driver.isolate("isolate 1")
    driver.until(lambda: len(record.runs) == 2)
    assert "waits for the running script" in record.runs[1].queued.waits_for
    driver.all.bridge.spawn(driver.all.commands.cancel(1, record.runs[1].run_id))
    driver.until(lambda: driver.outcome("isolate 1", 1) == "cancelled")
    assert record.state is IsolateState.RUNNING


def test_console_input_previews_and_properties(driver: Driver) -> None:
    driver.type("({a: 1, b: [1, 2], toString() { return 'x' }})")
    driver.until(lambda: any(line.startswith("{a: 1, b: Array(2)") for line in driver.console()))
    row = driver.all.console.rowCount() - 1
    driver.views.console.list.setCurrentIndex(driver.all.console.index(row))
    driver.qtbot.keyClick(driver.views.console.list, Qt.Key.Key_Return)
    driver.until(lambda: any(line.strip() == "a: 1" for line in driver.console()))
    getter = next(row for row, line in enumerate(driver.console()) if line.strip() == "b: (2) [1, 2]")
    driver.all.console.toggle(driver.all.console.index(getter))
    driver.until(lambda: "0: 1" in driver.console())
    driver.type("nope.nope")
    driver.until(lambda: any("ReferenceError: nope is not defined" in line for line in driver.console()))
    driver.type("await Promise.resolve(7)")
    driver.until(lambda: driver.console()[-1] == "7")


@skip_without(Capability.PROBES)
def test_names_and_results_come_while_typing(driver: Driver) -> None:
    field = driver.views.console.input
    driver.act("focus-console")
    driver.qtbot.keyClicks(field, "Math.ma")
    driver.until(lambda: field.suggested[:1] == ["max"])
    driver.qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert field.text() == "Math.max"
    driver.qtbot.keyClicks(field, "(3, 4)")
    driver.until(lambda: driver.views.console.eager.text() == "4")
    driver.qtbot.keyClick(field, Qt.Key.Key_Return)
    driver.until(lambda: driver.console()[-1] == "4")
    assert driver.views.console.eager.text() == ""
    driver.type("let m = 5")
    driver.qtbot.keyClicks(field, "m")
    driver.until(lambda: "Map" in field.suggested)
    driver.qtbot.keyClick(field, Qt.Key.Key_Return)  # what was typed, not what was suggested
    driver.until(lambda: driver.console()[-2:] == ["m", "5"])
    # this platform may leave no window active once a popup has closed
    driver.until(lambda: field.hasFocus() or field.window().activateWindow())
    driver.qtbot.keyClicks(field, "Math.m")
    driver.until(lambda: field.suggested == ["max", "min"])
    driver.qtbot.keyClick(field._popup, Qt.Key.Key_Down)
    driver.qtbot.keyClick(field, Qt.Key.Key_Return)  # it was walked to
    assert field.text() == "Math.min"
    field.clear()
    driver.qtbot.keyClicks(field, "{")
    driver.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "{\n"  # it goes on


@skip_without(Capability.PAUSE)
def test_pause_and_resume(driver: Driver) -> None:
    driver.drag([driver.file("loop.js", "let go = true; while (go) {}")], driver.place_of("isolate", 1))
    driver.until(lambda: driver.isolate("isolate 1").state is IsolateState.RUNNING)
    driver.act("pause")
    driver.until(lambda: driver.isolate("isolate 1").state is IsolateState.PAUSED)
    driver.until(driver.all.actions["resume"].isEnabled)
    driver.act("resume")
    driver.until(lambda: driver.isolate("isolate 1").state is IsolateState.RUNNING)


def test_dispose_keeps_the_row_until_it_is_cleared(driver: Driver) -> None:
    driver.act("dispose")
    driver.until(lambda: driver.isolate("isolate 1").state is IsolateState.DISPOSED)
    driver.until(lambda: "disposed" in driver.all.tree.wording.secondary(_node(driver)))
    driver.until(driver.all.actions["clear-ended"].isEnabled)
    driver.act("clear-ended")
    assert not driver.all.state.isolates
    assert driver.views.centre.welcome.isVisible()


def _node(driver: Driver):  # type: ignore[no-untyped-def]
    return driver.all.tree.node(driver.all.tree.find("isolate", 1))


def test_a_killed_host_costs_its_isolates_and_nothing_else(driver: Driver) -> None:
    driver.drag([driver.file("loop.js", "for (;;) {}")], driver.place_of("isolate", 1))
    driver.until(lambda: driver.isolate("isolate 1").state is IsolateState.RUNNING)
    driver.until(lambda: driver.isolate("isolate 1").figures.at_us)
    pid = next(iter(driver.all.state.hosts.values())).started.pid
    os.kill(pid, signal.SIGKILL)
    driver.until(lambda: driver.isolate("isolate 1").state is IsolateState.CRASHED)
    driver.until(lambda: driver.outcome("isolate 1") == "host-lost")
    assert "SIGKILL" in driver.problems()
    assert driver.isolate("isolate 1").figures.used_bytes > 0
    driver.until(lambda: len(driver.all.state.hosts) == 2)
    driver.drag([driver.file("after.js", "1")], driver.empty_place())
    driver.until(lambda: driver.outcome("after") == "completed")


def test_every_example_does_what_it_says(driver: Driver) -> None:
    refused = lacks(Capability.CONTEXTS)
    for example in EXAMPLES:
        driver.all.wishes.run_example(example)
    if refused:
        driver.until(lambda: refused in driver.problems())
    driver.until(lambda: driver.isolate("runaway").state is IsolateState.RUNNING)
    driver.until(lambda: driver.outcome("isolate B") == driver.outcome("isolate A") == "completed")
    done = ["completed"] * (1 if refused else 2)
    driver.until(
        lambda: [str(run.report and run.report.outcome) for run in driver.isolate("two contexts").runs] == done
    )
    driver.select("isolate B")
    driver.until(lambda: "typeof shared = undefined" in driver.console())
    driver.until(lambda: driver.isolate("leak").figures.used_bytes > 2 << 20)
    driver.until(lambda: driver.isolate("hog").figures.at_us)
    driver.until(lambda: driver.isolate("repeat 2").figures.at_us)
    if no_ports := lacks(Capability.PORTS):
        driver.until(lambda: no_ports in driver.problems())
    else:
        driver.select("asks")
        driver.until(lambda: any("answer 1: 8 words" in line for line in driver.console()))
    assert len(driver.isolate("two contexts").contexts) == len(done)
    assert refused or not driver.problems()


def test_a_duplicate_has_the_same_settings_and_what_is_chosen_is_disposed_together(driver: Driver) -> None:
    wish = IsolateWish("small", 32 << 20, alone=False, on_limit="replace", sample_rate_hz=5)
    driver.all.bridge.spawn(driver.all.commands.new_isolate(wish))
    driver.until(lambda: driver.isolate("small").state.alive)
    driver.select("small")
    driver.act("duplicate")
    twin = driver.found(lambda one: one.name == "small 2").created
    assert (twin.memory_limit_bytes, twin.on_limit) == (32 << 20, "replace")
    tree = driver.views.tree
    for name in ("small", "small 2"):
        index = tree.model_of_rows.find("isolate", driver.isolate(name).isolate_id)
        place = tree.visualRect(index).center()
        held = Qt.KeyboardModifier.ControlModifier if name == "small 2" else Qt.KeyboardModifier.NoModifier
        driver.qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, held, place)
    assert tree.chosen_isolates() == [driver.isolate(name).isolate_id for name in ("small", "small 2")]
    driver.act("dispose")
    driver.until(lambda: not driver.isolate("small").state.alive and not driver.isolate("small 2").state.alive)
    assert driver.isolate("isolate 1").state.alive and not driver.problems()


def test_names_from_scripts_are_plain_text(driver: Driver) -> None:
    nasty = "<img src=x onerror=alert(1)>\u202e.js"
    driver.drag([driver.file(nasty, "throw new Error('<b>bold</b>\\u202e\\x1b[31m')")], driver.place_of("isolate", 1))
    driver.until(lambda: driver.outcome("isolate 1") == "threw")
    driver.until(lambda: any("<b>bold</b>" in line for line in driver.console()))
    everything = "\n".join(driver.console()) + driver.views.centre.run_bar.words.text()
    assert "\u202e" not in everything
    assert "\x1b" not in everything


@pytest.mark.parametrize("driver", ["portable"], indirect=True)
def test_the_public_api_engine_greys_what_it_cannot_do(driver: Driver) -> None:
    driver.drag([driver.file("hello.js", "console.log('hello'); 1")], driver.place_of("isolate", 1))
    driver.until(lambda: driver.outcome("isolate 1") == "completed")
    assert not driver.all.actions["pause"].isEnabled()
    assert "The public API engine can't" in driver.all.actions["pause"].toolTip()
    driver.until(lambda: "public API engine" in driver.views.status.text())


def test_grouping_shows_host_processes(driver: Driver) -> None:
    driver.act("group")
    tree = driver.all.tree
    node = tree.node(tree.find("host", 1))
    assert node is not None
    driver.until(lambda: "resident" in tree.wording.secondary(node))
    driver.all.selection.set(host_id=1)
    driver.until(lambda: any(label.text() == "stands" for label in driver.views.facts.values))
    driver.act("group")
    assert not tree.find("host", 1).isValid()


def test_diagnostics_hold_no_sources_or_values(driver: Driver) -> None:
    driver.type("'a secret value'")
    driver.until(lambda: any("a secret value" in line for line in driver.console()))
    driver.act("copy-diagnostics")
    text = QGuiApplication.clipboard().text()
    assert "V8" in text
    assert "secret" not in text
    assert str(Path.home()) not in text


def test_an_engine_that_cannot_be_used_greys_every_action_with_the_reason(
    qtbot: QtBot, loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    driver = Driver(QApplication.instance(), qtbot, loop, tmp_path, engine="none")
    try:
        driver.until(lambda: "no engine" in driver.problems())
        for key in ("new-isolate", "open", "dispose"):
            assert not driver.all.actions[key].isEnabled()
            assert "no engine" in driver.all.actions[key].toolTip()
        driver.until(lambda: "no engine: see Problems" in driver.views.status.text())
        dropped = driver.drag([driver.file("late.js", "1")], driver.empty_place())
        assert not dropped.accepted
        assert "no engine" in dropped.said
    finally:
        driver.close()


def test_three_losses_stop_the_starts_until_they_are_allowed_again(driver: Driver) -> None:
    killed: set[int] = set()

    def kill_what_lives() -> bool:
        for host in driver.all.state.hosts.values():
            if host.state is HostState.READY and host.started.pid not in killed:
                killed.add(host.started.pid)
                os.kill(host.started.pid, signal.SIGKILL)
        return bool(driver.all.state.stopped)

    bar = driver.views.centre.stopped_bar
    driver.until(kill_what_lives, 30_000)
    driver.until(lambda: bar.isVisible() and driver.all.actions["allow-starts"].isEnabled())
    assert "Allow Starts Again" in driver.problems()
    assert driver.isolate("isolate 1").state is IsolateState.CRASHED
    bar.button.click()
    driver.until(lambda: not bar.isVisible() and not driver.all.actions["allow-starts"].isEnabled())
    driver.drag([driver.file("after.js", "1")], driver.empty_place())
    driver.until(lambda: driver.outcome("after") == "completed")


@pytest.mark.parametrize("driver", ENGINES, indirect=True)
def test_a_file_of_a_module_package_that_needs_no_module_runs(driver: Driver) -> None:
    driver.file("package.json", '{"type": "module"}')
    driver.drag([driver.file("plain.js", "globalThis.six = 6; console.log('six is', six)")], driver.empty_place())
    driver.until(lambda: driver.outcome("plain") == "completed")
    driver.until(lambda: "six is 6" in driver.console())
    assert any("module" in line and "package.json" in line for line in driver.console())


def test_a_long_name_takes_no_room_from_its_neighbours(driver: Driver) -> None:
    splitter = driver.views.panes.across
    before = splitter.sizes()
    driver.drag([driver.file("an-" + "x" * 70 + ".js", "1")], driver.empty_place())
    driver.until(lambda: any(one.name.startswith("an-") for one in driver.all.state.isolates.values()))
    driver.until(lambda: driver.views.console._where.text().startswith("an-"))
    assert splitter.sizes() == before


def test_closing_with_endless_loops_leaves_nothing(driver: Driver) -> None:
    for number in range(3):
        driver.drag([driver.file(f"loop{number}.js", "for (;;) {}")], driver.empty_place())
    driver.until(lambda: sum(one.state is IsolateState.RUNNING for one in driver.all.state.isolates.values()) == 3)
    # the fixture closes the window, and fails when a process or thread is left
