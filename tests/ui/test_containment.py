"""The test of containment in the window: fields, table, chart and script, fed with what a campaign tells."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from inspector.containment import (
    CaseBegan,
    CaseEnded,
    CaseFailed,
    CaseGrew,
    Limits,
    Trial,
    all_cases,
    judge,
)
from inspector.states import Outcome
from ui.models.containment import CASE, VERDICT, ContainmentModel, Stage, Tone
from ui.theme import DARK, LIGHT, Themes
from ui.views.containment import ContainmentView
from ui.views.containment_chart import ContainmentChart, Shown
from ui.views.containment_controls import ContainmentControls, read_limits
from ui.views.readout import Readout

MIB = 1 << 20
CASES = all_cases()[:3]

TRIAL = Trial(
    case=CASES[0],
    engine="native",
    outcome=Outcome.HEAP_LIMIT,
    evidence="V8 reached its heap limit",
    error="",
    settled=True,
    after_ms=600.0,
    late_ms=600.0,
    isolates=1,
    limit_bytes=64 * MIB,
    peak_bytes=80 * MIB,
    resident_growth_bytes=100 * MIB,
    neighbour_worst_gap_ms=120.0,
    neighbour_ticks=60,
    neighbour_gaps=(*((1_000_000.0 + i * 10_000, 10.0) for i in range(20)), (1_320_000.0, 120.0)),
    heap=tuple((1_000_000 + i * 50_000, i * 6 * MIB, MIB) for i in range(13)),
    began_us=1_000_000,
    stopped_us=1_600_000,
    usable_after=True,
    disposed_ms=4.0,
    host_lost="",
)


def ended(position: int, **changed: object) -> CaseEnded:
    trial = replace(TRIAL, case=CASES[position], **changed)  # type: ignore[arg-type]
    return CaseEnded(position, trial, judge(trial))


@pytest.fixture
def model(qapp: object) -> ContainmentModel:
    made = ContainmentModel()
    made.put_cases(CASES)
    return made


@pytest.fixture
def view(qtbot: QtBot, model: ContainmentModel, themes: Themes) -> ContainmentView:
    made = ContainmentView(model, themes)
    qtbot.addWidget(made)
    made.resize(700, 600)
    made.show()
    return made


def texts(model: ContainmentModel, row: int) -> list[str]:
    return [model.index(row, column).data() for column in range(model.columnCount())]


def test_the_table_fills_live(model: ContainmentModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)
    model.start(64 * MIB)
    assert [texts(model, row)[VERDICT] for row in range(3)] == ["waits"] * 3
    model.take(CaseBegan(0, 1_000_000))
    assert texts(model, 0)[VERDICT] == "runs"
    model.take(CaseGrew(0, ((1_000_000, 5, 0),)))
    model.take(CaseGrew(0, ((1_050_000, 9, 0),)))
    assert [used for _, used, _ in model.rows[0].points] == [5, 9]
    model.take(ended(0))
    assert texts(model, 0) == [
        *(CASES[0].name, "STOPPED", "600 ms", "80 MiB", "120 ms", "+100 MiB", "memory limit (heap)", "yes", "alive")
    ]
    assert model.progress() == (1, 3)
    model.take(CaseFailed(1, CASES[1], "the engine lacks it", unsupported=True))
    assert texts(model, 1)[VERDICT] == "NOT RUN"
    assert "the engine lacks it" in texts(model, 1)
    model.take(CaseBegan(2, 2_000_000))
    model.finish()
    assert [row.stage for row in model.rows] == [Stage.ENDED, Stage.FAILED, Stage.CANCELLED]
    assert model.summary() == "1 ended: 1 stopped in time and in bounds, no host process lost"


def test_words_and_tones_are_never_better_than_the_verdict(model: ContainmentModel) -> None:
    model.start(64 * MIB)
    model.take(ended(0, late_ms=9_000.0))
    model.take(ended(1, host_lost="killed by SIGTRAP", usable_after=False))
    model.take(ended(2, usable_after=False))
    model.finish()
    assert [row.tone for row in model.rows] == [Tone.DOUBTFUL, Tone.BAD, Tone.DOUBTFUL]
    assert texts(model, 1)[-2:] == ["no", "lost"]
    assert model.summary().endswith("2 late, over or not usable, 1 not contained, 1 host processes lost")


def test_cases_are_chosen_by_their_box_and_not_while_they_run(model: ContainmentModel) -> None:
    box = Qt.ItemDataRole.CheckStateRole
    assert model.setData(model.index(1, CASE), Qt.CheckState.Unchecked, box)
    assert [case.name for case in model.chosen] == [CASES[0].name, CASES[2].name]
    model.start(64 * MIB)
    assert not model.setData(model.index(1, CASE), Qt.CheckState.Checked, box)
    model.take(ended(0))
    model.take(CaseBegan(1, 5))
    assert model.rows[2].stage is Stage.RUNS  # the second of the chosen
    model.finish()
    model.choose_all(False)
    assert not model.chosen


def test_what_comes_after_the_end_is_left_out(model: ContainmentModel) -> None:
    model.start(64 * MIB)
    model.finish()
    model.take(ended(0))
    assert model.rows[0].trial is None


def test_files_come_first_and_alone(model: ContainmentModel) -> None:
    mine = replace(CASES[0], name="mine.js", title="Your file mine.js.")
    model.put_files([mine])
    model.put_files([mine])
    assert [row.case.name for row in model.rows] == ["mine.js", *(case.name for case in CASES)]
    assert [case.name for case in model.chosen] == ["mine.js"]


@pytest.mark.parametrize(
    ("fields", "wrong", "word"),
    [
        (("64", "10 s", ""), "memory", "Did you mean 64 MiB?"),
        (("1 KiB", "10 s", ""), "memory", "at least"),
        (("64 MiB", "soon", ""), "timeout", "soon"),
        (("64 MiB", "", ""), "timeout", ""),
        (("64 MiB", "-1 s", ""), "timeout", ""),
        (("64 MiB", "10 s", "0"), "cpu", ""),
    ],
)
def test_a_field_that_is_wrong_says_why(fields: tuple[str, str, str], wrong: str, word: str) -> None:
    limits, field, trouble = read_limits(*fields)
    assert limits is None
    assert field == wrong
    assert trouble
    assert word in trouble


def test_fields_that_are_right() -> None:
    assert read_limits("64 MiB", "2 s", "500 ms") == (Limits(64 * MIB, 2.0, 0.5), "", "")
    assert read_limits("32MiB", "1m", " ") == (Limits(32 * MIB, 60.0, None), "", "")


def test_the_controls_ask_for_what_can_run(qtbot: QtBot, themes: Themes) -> None:
    controls = ContainmentControls(themes)
    qtbot.addWidget(controls)
    wishes: list[Limits] = []
    cancels: list[bool] = []
    controls.run_requested.connect(wishes.append)
    controls.cancel_requested.connect(lambda: cancels.append(True))
    controls.show_chosen(0, 3)
    assert not controls.run.isEnabled()
    assert controls.words.text() == "Choose a case."
    controls.show_chosen(2, 3)
    assert controls.all.checkState() is Qt.CheckState.PartiallyChecked
    controls.timeout.setText("never")
    assert not controls.run.isEnabled()
    assert controls.timeout.property("wrong")
    controls.timeout.setText("3 s")
    controls.run.click()
    assert wishes == [Limits(64 * MIB, 3.0, None)]
    controls.show_running(1, 2, "Case 2 of 2: endless-loop, 0.5 s")
    assert not controls.run.isVisibleTo(controls)
    assert not controls.timeout.isEnabled()
    controls.cancel.click()
    assert cancels == [True]


def test_a_click_shows_the_script_and_the_view_follows_what_runs(view: ContainmentView) -> None:
    model = view.model
    model.start(64 * MIB)
    view.follow()
    model.take(CaseBegan(0, 1_000_000))
    assert view.row() is model.rows[0]
    assert view.script.toPlainText() == CASES[0].text
    assert view.script.isReadOnly()
    model.take(ended(0))
    model.take(CaseBegan(1, 2_000_000))
    assert view.row() is model.rows[1]
    view.table.selectRow(0)
    view.table.clicked.emit(model.index(0, 0))
    model.take(ended(1))
    model.take(CaseBegan(2, 3_000_000))
    assert view.row() is model.rows[0]  # the user looks at this one
    assert view.script.toPlainText() == CASES[0].text
    model.finish()


def test_a_hostile_script_is_plain_text(view: ContainmentView) -> None:
    view.model.put_files([replace(CASES[0], name="\u202ecase<b>", text="<b>bold</b>\n\u202ex\x1b")])
    assert view.script.toPlainText() == "<b>bold</b>\n\\u202ex\\x1b"
    assert view.model.index(0, CASE).data() == "\\u202ecase<b>"


def has(image: QImage, colour: QColor) -> bool:
    wanted = colour.rgb()
    return any(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_chart_draws_limit_stop_ticks_and_gaps(qtbot: QtBot, themes: Themes, theme: object) -> None:
    themes.set_by_hand(theme.name)  # type: ignore[attr-defined]
    chart = ContainmentChart(themes)
    qtbot.addWidget(chart)
    chart.resize(500, 240)
    colours = themes.current
    chart.show_trial(None, "nothing yet")
    assert not has(chart.grab().toImage(), colours.limit)
    shown = Shown(
        TRIAL.heap, TRIAL.neighbour_gaps, 120.0, 64 * MIB, 1_000_000, 1_600_000, 1_600_000, "stopped after 600 ms"
    )
    chart.show_trial(shown)
    image = chart.grab().toImage()
    for colour in (colours.limit, colours.text, colours.ok, colours.warn):
        assert has(image, colour), colour.name()
    assert chart.accessibleDescription() == "stopped after 600 ms"


def test_the_cursor_reads_the_figures_of_its_instant(qtbot: QtBot, themes: Themes) -> None:
    chart = ContainmentChart(themes)
    qtbot.addWidget(chart)
    chart.resize(500, 240)
    chart.show_trial(Shown(TRIAL.heap, TRIAL.neighbour_gaps, 120.0, 64 * MIB, 1_000_000, 1_600_000, 1_600_000, "x"))
    chart.show()
    qtbot.mouseMove(chart, QPoint(280, 100))
    readout = chart.findChild(Readout)
    assert readout is not None
    qtbot.waitUntil(readout.isVisible)
    assert len(readout.lines) == 4
    assert "after the start" in readout.lines[0]
    assert readout.lines[2] == "off-heap 1 MiB"
    assert readout.lines[3] == "neighbour's tick after 120 ms"
    qtbot.mouseMove(chart, QPoint(10, 100))
    qtbot.waitUntil(lambda: not readout.isVisible())


def test_the_chart_bears_whatever_a_trial_may_hold(qtbot: QtBot, themes: Themes) -> None:
    chart = ContainmentChart(themes)
    qtbot.addWidget(chart)
    for size in ((220, 130), (900, 400)):
        chart.resize(*size)
        for shown in (
            Shown((), (), None, 64 * MIB, 5, 5),
            Shown(((9, 0, 0),), (), None, 64 * MIB, 5, 6, 6, "x" * 300),
            Shown(((1, 1, 1), (10**15, 1 << 40, 1 << 41)), ((1.0, 1e9),), 1e9, 1, 5, 10**12, 9, ""),
        ):
            chart.show_trial(shown)
            assert not chart.grab().isNull()
