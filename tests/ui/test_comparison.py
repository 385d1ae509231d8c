"""Two sides beside each other: tables of changes, overlaid heaps, a difference flame graph."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from inspector.analysis.comparison import Side, compare, difference_of
from inspector.analysis.cpuprofile import profile_of
from inspector.analysis.track import RunSpan, Track
from tests.analysis.made import MIB, cpuprofile, samples
from ui.models.comparison import VERDICT, ChangesModel, FunctionChangesModel, change_text
from ui.models.flame_chart import Block
from ui.theme import DARK, LIGHT, Theme, Themes
from ui.views.comparison import ComparisonView
from ui.views.heap_overlay import first_run_us
from ui.views.readout import Readout

RUNS = 20


def side(name: str, alpha: int, *, start_us: int) -> Side:
    """Runs of 10 samples, of which `alpha` are in alpha; the rest in beta."""
    stacks = [*["main alpha"] * alpha, *["main beta"] * (10 - alpha)] * RUNS
    spans = [RunSpan(i, "a.js", start_us + i * 10_000, start_us + (i + 1) * 10_000) for i in range(RUNS)]
    at_us = np.arange(start_us - 20_000, start_us + RUNS * 10_000, 5_000)
    heap = samples(at_us, 10 * MIB + (at_us - start_us + 20_000) * alpha)
    profile = profile_of(cpuprofile(stacks, start_us=start_us))
    made = Track(1, name, runs=spans, profile=profile, samples=heap)
    return Side(made, start_us - 20_000, start_us + RUNS * 10_000, name)


BEFORE, AFTER = side("old", 2, start_us=1_000_000), side("new", 6, start_us=7_000_000)


@pytest.fixture
def view(qtbot: QtBot, themes: Themes) -> ComparisonView:
    made = ComparisonView(themes)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.comparison_wished.connect(lambda a, b: made.show_comparison(compare(a, b), difference_of(a, b)))
    made.put_sides([BEFORE, AFTER], 0, 1)
    made.show()
    return made


def test_functions_that_changed_have_a_verdict(view: ComparisonView) -> None:
    model = view.functions
    rows = {model.cells[row][0]: model.cells[row] for row in range(model.rowCount())}
    assert rows["alpha"][1:4] == ("2 ms", "6 ms", "+200.0%")
    assert rows["alpha"][VERDICT] == "more"
    assert rows["beta"][VERDICT] == "less"
    assert "less beyond noise" in view.summary.text()


def test_sides_can_be_exchanged(view: ComparisonView) -> None:
    view.swap()
    rows = {cells[0]: cells for cells in view.functions.cells}
    assert rows["alpha"][1:4] == ("6 ms", "2 ms", "-66.7%")
    for picker in view.pickers:
        picker.setCurrentIndex(0)
    view._picked()
    assert all(cells[VERDICT] not in ("more", "less") for cells in view.functions.cells + view.changes.cells)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_difference_is_coloured_and_told(view: ComparisonView, themes: Themes, theme: Theme) -> None:
    themes.set_by_hand(theme.name)  # type: ignore[arg-type]
    view.tabs.setCurrentWidget(view.flame)
    difference = difference_of(BEFORE, AFTER)
    assert difference is not None
    assert (difference.before.sum(), difference.after.sum()) == (pytest.approx(10_000), pytest.approx(10_000))
    names = [difference.tree.frames[frame].name for frame in difference.tree.frame.tolist()]
    colours = view._colours(theme)
    alpha, beta = (QColor.fromRgb(int(colours[names.index(name)])) for name in ("alpha", "beta"))
    assert alpha.red() - alpha.green() > beta.red() - beta.green()
    words = view.flame.lines_of(Block(names.index("alpha"), 2, 0, 1))
    assert words[-1] == "A 2 ms, B 6 ms per run (+200.0%)"
    assert not view.flame.viewport().grab().isNull()


def test_heaps_begin_at_their_first_runs(view: ComparisonView, qtbot: QtBot) -> None:
    assert first_run_us(BEFORE) == 1_000_000
    overlay = view.overlay
    image = overlay.grab().toImage()
    seen = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
    assert all(colour.rgb() in seen for colour in overlay.colours())
    area = overlay._area()
    lines = overlay._lines_at(area.center().x())
    assert lines[0].endswith("after the first run")
    assert lines[1:] == ("A  used 10.2 MiB", "B  used 10.7 MiB")
    qtbot.mouseMove(overlay, QPoint(int(area.center().x()), int(area.center().y())))
    readout = overlay.findChild(Readout)
    assert readout is not None
    qtbot.waitUntil(readout.isVisible)


def test_without_profiles_heaps_or_runs_words_say_so(view: ComparisonView) -> None:
    bare = Side(Track(3, "bare"), 0, 1000, "bare")
    view.put_sides([bare, AFTER], 0, 1)
    assert view.functions.rowCount() == 0
    assert view.flame.words == "A difference needs a CPU profile on both sides."
    view.put_sides([bare], 0, 0)
    assert not view.grab().isNull()


def test_models_obey_qt(qtmodeltester: ModelTester) -> None:
    found = compare(BEFORE, AFTER)
    changes, functions = ChangesModel(), FunctionChangesModel()
    changes.put(found.figures)
    functions.put(found.functions)
    for model in (changes, functions):
        qtmodeltester.check(model)
    assert changes.headerData(VERDICT, Qt.Orientation.Horizontal) == "Verdict"
    told = [change_text(*pair) for pair in ((2, 3), (0, 3), (3, 0), (0, 0), (None, 1), (2, 80))]
    assert told == ["+50.0%", "new", "gone", "0%", "\u2013", "×40"]
