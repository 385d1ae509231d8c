"""Facts, runs, problems, run bar, actions, dialog, welcome, status bar: fed with events, looked at from outside."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from inspector.errors import UsageError
from inspector.events import (
    HostLost,
    IsolateEnded,
    IsolateStateChanged,
    LedgerEntry,
    PoolStopped,
    ProblemReported,
    RunReport,
    RunSettled,
    RunStarted,
    RunTimings,
)
from inspector.pool.placement import LARGEST_LIMIT_BYTES, SMALLEST_LIMIT_BYTES
from inspector.states import Capability, IsolateState, Outcome
from tests.ui.made import MIB, context, host, isolate, queued, samples, script, settled, thrown
from ui.actions import Actions
from ui.models.facts import Fact, Facts, Section, facts_of
from ui.models.isolate_wish import LEAST_LIMIT, MOST_LIMIT, IsolateWish, free_name, limit_trouble
from ui.models.pool_state import PoolState
from ui.models.problems import Problem, ProblemsModel
from ui.models.runs import RunsModel
from ui.specs import ACTIONS, Situation, why_not
from ui.theme import Themes
from ui.views.elided_label import ElidedLabel
from ui.views.facts import FactsView
from ui.views.new_isolate import NewIsolateDialog
from ui.views.notice_bar import NoticeBar
from ui.views.run_bar import RunBar
from ui.views.status_bar import StatusBar
from ui.views.tables import Table
from ui.views.welcome import Welcome

SPEC = {spec.key: spec for spec in ACTIONS}


def running() -> PoolState:
    state = PoolState()
    state.apply([host(), isolate(), context(), script(), samples((1, 5 * MIB)), queued(), RunStarted(11, 1, 1)])
    return state


def texts(state: PoolState, **chosen: object) -> dict[str, str]:
    facts = facts_of(state, **{"isolate_id": None, **chosen})  # type: ignore[arg-type]
    return {fact.name: fact.text for section in facts.sections for fact in section.facts}


def test_facts_of_everything_that_can_be_selected() -> None:
    state = running()
    state.apply([settled(outcome=Outcome.THREW, error=thrown())])
    assert texts(state)["JS heap"] == "5 MiB"
    told = texts(state, isolate_id=1)
    assert (told["Heap used"], told["Memory limit"], told["Outcome"]) == ("5 MiB", "128 MiB", "threw")
    assert texts(state, isolate_id=1, context_id=1)["Scripts"] == "1"
    assert texts(state, isolate_id=1, context_id=1, script_id="7")["File"] == "/files/leak.js"
    assert texts(state, isolate_id=None, host_id=1)["Process id"] == "4001"


def test_facts_of_what_has_ended_give_the_ledger() -> None:
    state = running()
    ledger = LedgerEntry(90 * MIB, 80 * MIB, 5 * MIB, 0, 3.0)
    state.apply([IsolateEnded(30, 1, IsolateState.DISPOSED, "disposed by the user", ledger)])
    told = texts(state, isolate_id=1)
    assert told["Came back"] == "yes: 10 MiB"
    assert told["Heap used"] == "5 MiB"


def test_the_facts_view_keeps_its_labels_while_only_figures_change(qtbot: QtBot) -> None:
    state = running()
    view = FactsView()
    qtbot.addWidget(view)
    view.show_facts(facts_of(state, isolate_id=1))
    labels = list(view.values)
    state.apply([samples((1, 7 * MIB), at_us=2000)])
    view.show_facts(facts_of(state, isolate_id=1))
    assert view.values == labels
    assert any(label.text() == "7 MiB" for label in labels)
    formats = {label.textFormat() for label in view.findChildren(QLabel)}
    assert formats == {Qt.TextFormat.PlainText}


def test_the_facts_view_makes_only_the_sections_that_differ(qtbot: QtBot) -> None:
    view = FactsView()
    qtbot.addWidget(view)
    first, second = (Section(name, (Fact("one", name, figure=True),)) for name in ("first", "second"))
    view.show_facts(Facts("a", "", (first, second)))
    labels = view.values
    more = Section("more", (Fact("two", "2", figure=True), Fact("bad", "words", trouble=True)))
    view.show_facts(Facts("a", "", (first, more, second)))
    assert [label.text() for label in view.values] == ["first", "2", "words", "second"]
    assert [view.values[0], view.values[-1]] == labels
    assert view.values[2].property("tone") == "error"
    heights = [label.mapTo(view, label.pos()).y() for label in view.values if view.grab()]
    assert heights == sorted(heights) and len(set(heights)) == 4
    view.show_facts(Facts("b", "", (second,)))
    assert not labels[0].isVisibleTo(view)
    changed = Section("first", (Fact("one", "again", figure=True),))
    view.show_facts(Facts("a", "", (second, changed)))
    assert view.values == [labels[1], labels[0]] and labels[0].text() == "again"


def test_runs(qtmodeltester: ModelTester, qtbot: QtBot, themes: Themes) -> None:
    state = PoolState()
    model = RunsModel(state)
    for events in ([host(), isolate()], [queued(), RunStarted(11, 1, 1)], [settled(preview="<b>42</b>")], [queued(2)]):
        model.apply(state.apply(events).runs)
    qtmodeltester.check(model)
    row = [model.index(0, column).data() for column in range(model.columnCount())]
    assert row == ["isolate 1", "leak.js", "completed", "13 ms", "3 ms", "", "<b>42</b>"]
    assert model.rowCount() == 2
    table = Table(model, themes, name="Runs", empty="No runs yet.", widths=(10, 10))
    qtbot.addWidget(table)
    table.selectRow(0)
    table.copy()
    assert not table.grab().isNull()


def test_a_long_problem_is_read_without_scrolling_sideways(qtbot: QtBot, themes: Themes) -> None:
    model = ProblemsModel()
    table = Table(model, themes, name="Problems", empty="No problems.", widths=(12, 8), wraps=True)
    qtbot.addWidget(table)
    table.resize(420, 200)
    table.show()
    model.report(Problem("warning", "Drop", "nothing was taken"))
    model.report(Problem("warning", "Drop", "this source only offers to move or to link, " * 5))
    qtbot.waitUntil(lambda: table.rowHeight(1) > table.rowHeight(0))
    assert table.horizontalScrollBar().maximum() == 0


def test_problems_count_the_same_one(qtmodeltester: ModelTester) -> None:
    model = ProblemsModel()
    told: list[Problem] = []
    model.reported.connect(told.append)
    lost = HostLost(1, 1, -9, "killed by SIGKILL", "fatal\nV8 is out of memory", 0)
    model.apply([lost, ProblemReported(2, "warning", "Read a.js", "it is a folder", "Drop files.")])
    for _ in range(3):
        model.report_error(UsageError("Create an isolate", "the name is used", "Choose another."))
    model.report_error(ValueError("odd"))
    qtmodeltester.check(model)
    assert model.rowCount() == 4
    assert model.index(2, 0).data().endswith("×3")
    assert model.index(0, 1).data() == "error"
    assert "V8 is out of memory" in model.index(0, 2).data()
    assert "fault of the program" in model.index(3, 2).data()
    assert len(told) == 6


def test_the_run_bar_from_waiting_to_the_end(qtbot: QtBot, themes: Themes) -> None:
    state = PoolState()
    bar = RunBar(themes)
    qtbot.addWidget(bar)
    stops: list[int] = []
    bar.stop_requested.connect(stops.append)
    state.apply([host(), isolate(), queued(waits_for="waits for the running script")])
    bar.show_run(state.runs[1], 10)
    assert "waits for the running script" in bar.state.text()
    assert bar.cancel.isVisibleTo(bar)
    assert not bar.stop.isVisibleTo(bar)
    state.apply([RunStarted(1_000_000, 1, 1)])
    bar.show_run(state.runs[1], 3_500_000)
    assert bar.state.text() == "running 2.5 s"
    bar.stop.click()
    assert stops == [1]
    state.apply([settled(outcome=Outcome.THREW, error=thrown())])
    bar.show_run(state.runs[1], 9_000_000, not_run=2)
    assert bar.state.text() == "threw in 13 ms"
    assert bar.words.text() == "TypeError: no such thing (leak.js:3)"
    assert bar.rest.text() == "Run the rest (2)"
    bar.show_run(None, 0)
    assert not bar.isVisibleTo(bar.parentWidget())


def test_a_paused_run_says_so_and_its_time_stands_still(qtbot: QtBot, themes: Themes) -> None:
    bar = RunBar(themes)
    qtbot.addWidget(bar)
    run = running().isolates[1].runs[-1]
    bar.show_run(run, 5_000_000, paused=True)
    assert bar.state.text() == "paused" and bar.stop.isHidden()
    bar.show_run(run, 6_000_000)
    assert bar.state.text().startswith("running") and not bar.stop.isHidden()


def test_a_run_that_lost_its_host_tells_how_long_it_went_and_offers_no_more(qtbot: QtBot, themes: Themes) -> None:
    state = PoolState()
    bar = RunBar(themes)
    qtbot.addWidget(bar)
    state.apply([host(), isolate(), queued(), RunStarted(1_000_000, 1, 1)])
    report = RunReport(
        Outcome.HOST_LOST, "killed by SIGKILL", None, False, None, "", None, RunTimings(None, 0, None), None
    )
    state.apply([RunSettled(5_400_000, 1, 1, 1, report)])
    bar.show_run(state.runs[1], 9_000_000, alive=False)
    assert bar.state.text() == "host-lost in 4.4 s"
    assert not bar.again.isVisibleTo(bar)


def test_a_stop_of_all_starts_names_the_way_out(qtbot: QtBot) -> None:
    model = ProblemsModel()
    model.apply([PoolStopped(1, "three host processes were lost within 30 s")])
    assert "Allow Starts Again" in model.text()
    bar = NoticeBar("Allow starts again")
    qtbot.addWidget(bar)
    pressed: list[bool] = []
    bar.pressed.connect(lambda: pressed.append(True))
    bar.show_words("Stopped: <b>three</b>\u202e")
    assert bar.isVisibleTo(bar.parentWidget())
    assert "\u202e" not in bar.words.text()
    bar.button.click()
    assert pressed
    bar.show_words("")
    assert bar.isHidden()


def test_a_pool_that_cannot_open_is_the_reason_of_every_greyed_action() -> None:
    trouble = "Use the native engine: the self-test failed."
    now = Situation(trouble=trouble)
    for spec in ACTIONS:
        if spec.key in ("new-isolate", "open", "paste", "collect", "dispose"):
            assert why_not(spec, now) == trouble


def test_the_facts_of_a_lost_host_hold_its_exit_code_and_last_words() -> None:
    state = PoolState()
    state.apply([host(), isolate(), HostLost(1, 1, -6, "V8 ran out of memory", "#\n# Fatal error\n", None)])
    found = texts(state, host_id=1)
    assert found["Exit code"] == "-6"
    assert "Fatal error" in found["Last words"]
    state.apply([PoolStopped(2, "three host processes were lost")])
    assert facts_of(state, isolate_id=None).sections[0].title == "Stopped"
    state.apply([host(2)])
    assert facts_of(state, isolate_id=None).sections[0].title == "All isolates"


def test_the_contexts_alive_are_told_apart() -> None:
    state = PoolState()
    state.apply([host(), isolate(), context(), samples((1, MIB))])
    assert texts(state, isolate_id=1)["Contexts alive"] == "1 + 1 mini-racer's own"


def test_a_label_without_room_tells_the_rest_as_plain_text(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.setText("<img src=x> a long name that has no room here")
    assert label.shown_text().endswith("…")
    assert "&lt;img" in label.toolTip()
    label.setText("ab")
    assert label.toolTip() == ""


def test_actions_say_why_they_cannot_be_used(themes: Themes) -> None:
    state = running()
    record = state.isolates[1]
    assert why_not(SPEC["stop"], Situation(ready=True)) == "Select an isolate first."
    now = Situation(ready=True, isolate=record)
    assert why_not(SPEC["stop"], now) == ""
    assert why_not(SPEC["run-again"], now) == ""
    lacking = {str(Capability.PAUSE): "the public API has no debugger"}
    poor = Situation(ready=True, isolate=record, capabilities=lacking, engine="public API engine")
    assert why_not(SPEC["pause"], poor) == "The public API engine can't: the public API has no debugger"
    actions = Actions(themes)
    actions.update_for(poor)
    assert not actions["pause"].isEnabled()
    assert "the public API has no debugger" in actions["pause"].toolTip()
    state.apply([IsolateEnded(9, 1, IsolateState.CRASHED, "lost", None)])
    assert why_not(SPEC["dispose"], now) == "This isolate has ended."


def test_pause_and_resume_follow_the_state() -> None:
    state = running()
    now = Situation(ready=True, isolate=state.isolates[1])
    state.apply([IsolateStateChanged(9, 1, IsolateState.RUNNING)])
    assert why_not(SPEC["pause"], now) == ""
    assert why_not(SPEC["resume"], now) == "It is not paused."
    state.apply([IsolateStateChanged(9, 1, IsolateState.PAUSED)])
    assert why_not(SPEC["pause"], now) == "It is paused already."
    assert why_not(SPEC["resume"], now) == ""


def test_no_two_actions_share_a_shortcut() -> None:
    keys = [key for spec in ACTIONS for key in spec.shortcuts]
    assert len(keys) == len(set(keys))
    assert len(SPEC) == len(ACTIONS)


@pytest.mark.parametrize("text", ["0", "-1 MiB", "lots", "64", "", "1 KiB", "99 GiB", "64 MiB extra", "\u202e64 MiB"])
def test_a_limit_that_cannot_be_taken_says_why(text: str) -> None:
    limit, trouble = limit_trouble(text)
    assert limit == 0
    assert trouble.endswith((".", "?"))


def test_the_dialog_takes_the_limits_that_the_pool_takes() -> None:
    assert (LEAST_LIMIT, MOST_LIMIT) == (SMALLEST_LIMIT_BYTES, LARGEST_LIMIT_BYTES)
    assert limit_trouble("2.5 GiB") == (LARGEST_LIMIT_BYTES, "")
    assert "at most 2.5 GiB" in limit_trouble("2.6 GiB")[1]


def test_a_limit_without_a_unit_is_asked_back() -> None:
    assert limit_trouble("64")[1].endswith("Did you mean 64 MiB?")
    assert limit_trouble("64 MiB") == (64 * MIB, "")


def test_the_dialog_validates_while_typing(qtbot: QtBot) -> None:
    dialog = NewIsolateDialog(lambda: ["worker"], "128 MiB")
    qtbot.addWidget(dialog)
    wishes: list[IsolateWish] = []
    dialog.wished.connect(wishes.append)
    dialog.open()
    dialog.name.setText("worker")
    assert not dialog.create_button.isEnabled()
    assert "used already" in dialog.trouble.text()
    dialog.name.setText("evil\u202egpj")
    assert not dialog.create_button.isEnabled()
    assert dialog.trouble.text() == "“evil\\u202egpj” holds characters that can't be shown."
    dialog.name.setText("other")
    dialog.limit.setText("lots")
    assert not dialog.create_button.isEnabled()
    dialog.limit.setText("64 MiB")
    dialog.alone.setChecked(True)
    dialog.prelude.setCurrentIndex(dialog.prelude.findData("bare"))
    dialog.prelude_file.setText(" setup.js ")
    dialog.create_button.click()
    assert wishes == [IsolateWish("other", 64 * MIB, True, prelude=("bare", "setup.js"))]


def test_free_names() -> None:
    assert free_name("leak", []) == "leak"
    assert free_name("leak", ["leak", "leak 2"]) == "leak 3"


def test_welcome_offers_three_things_and_examples(qtbot: QtBot, themes: Themes) -> None:
    welcome = Welcome(themes)
    qtbot.addWidget(welcome)
    wished: list[str] = []
    examples: list[object] = []
    welcome.wished.connect(wished.append)
    welcome.example_requested.connect(examples.append)
    for button, _name in welcome._buttons:
        button.click()
    assert wished == ["new-isolate", "open-each"]
    card = next(one for one in welcome.findChildren(type(welcome._card(_example()))))
    qtbot.keyClick(card, Qt.Key.Key_Return)
    assert len(examples) == 1


def _example():  # type: ignore[no-untyped-def]
    from ui.examples import EXAMPLES

    return EXAMPLES[0]


def test_the_status_bar_sums_up(qtbot: QtBot) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.show_totals(running())
    assert bar.text().startswith("1 isolate in 1 host process · JS heap 5 MiB · off-heap")
    assert "V8 inspector engine · V8 14.4.1" in bar.text()


def test_what_just_happened_takes_room_from_the_totals(qtbot: QtBot) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.show_totals(running())
    bar.resize(1000, 24)
    bar.show()
    bar.fit(1000)
    engine, isolates = bar._labels["engine"], bar._labels["isolates"]
    assert engine.isVisible()
    bar.tell("Drop: <b>Nothing</b> is fetched from an address\u202e: save it as a file, and drop that. " + "x" * 30)
    assert bar.said().startswith("Drop: <b>Nothing</b>")
    assert "\u202e" not in bar.said()
    assert not engine.isVisible()
    assert isolates.isVisible()
    bar._forget.timeout.emit()
    assert bar.said() == ""
    assert engine.isVisible()
