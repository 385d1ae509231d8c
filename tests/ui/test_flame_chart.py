"""The flame chart: its cells are the samples, its blocks the calls; what is clicked is what is painted."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from inspector.analysis.cpuprofile import profile_of
from inspector.analysis.flame import laid_out
from tests.analysis.made import cpuprofile, many_samples
from ui.models.flame_chart import Block, FlameModel
from ui.models.session_window import SessionWindow
from ui.theme import DARK, LIGHT, Theme, Themes, flame_colours
from ui.views.flame_chart import FlameChart
from ui.views.flame_raster import frame_colour
from ui.views.readout import Readout
from ui.views.session_chart import GUTTER

STACKS = ["main alpha", "main alpha fib", "main beta", "(idle)", "main alpha", "main"]


def model(stacks: list[str]) -> FlameModel:
    return FlameModel(profile_of(cpuprofile(stacks, start_us=0)))


def names(made: FlameModel, row: int, width: int = 6) -> list[str]:
    cells = made.cells(0, width * 1000, width, 0, 3).node[row]
    return [made.tree.frames[made.tree.frame[node]].name if node >= 0 else "" for node in cells]


def test_cells_are_the_samples() -> None:
    made = model(STACKS)
    assert made.rows == 3
    assert names(made, 0) == ["main", "main", "main", "", "main", "main"]
    assert names(made, 1) == ["alpha", "alpha", "beta", "", "alpha", ""]
    assert names(made, 2) == ["", "fib", "", "", "", ""]
    assert names(made, 0, 8)[-2:] == ["", ""]  # after the end
    assert made.cells(0, 6000, 6, 1, 1).node.tolist() == made.cells(0, 6000, 6, 0, 3).node[1:2].tolist()


def test_a_block_reaches_as_far_as_its_call() -> None:
    made = model(STACKS)
    main = made.block_at(1500, 0)
    assert main is not None
    assert (main.from_us, main.to_us) == (0, 3000)  # idle time ends it
    alpha = made.block_at(1500, 1)
    assert alpha is not None
    assert (alpha.from_us, alpha.to_us, alpha.depth) == (0, 2000, 2)
    assert made.block_at(3500, 0) is None
    assert made.block_at(500, 2) is None
    assert made.block_at(-1, 0) is None
    assert made.block_at(6000, 0) is None


def test_a_long_call_is_found_whole() -> None:
    made = model(["main", *["main alpha"] * 20_000, "main beta"])
    block = made.block_at(10_000_000, 1)
    assert block is not None
    assert (block.from_us, block.to_us) == (1000, 20_001_000)


def test_find_goes_from_call_to_call_and_round() -> None:
    made = model(STACKS)
    wanted = np.array([one.name == "alpha" for one in made.tree.frames])
    first = made.next_block(wanted, -1)
    assert first is not None
    assert first.from_us == 0
    second = made.next_block(wanted, first.from_us)
    assert second is not None
    assert second.from_us == 4000
    assert made.next_block(wanted, second.from_us) == first
    assert made.next_block(np.zeros(len(made.tree.frames), bool), 0) is None


def test_weights_lie_side_by_side() -> None:
    profile = profile_of(cpuprofile(["main beta", "main alpha", "main", "main alpha", "other"]))
    flat = laid_out(profile.tree, profile.self_us())
    assert flat.until_us == 5000
    made = FlameModel(flat)
    assert names(made, 0, 5) == ["main"] * 4 + ["other"]
    assert names(made, 1, 5) == ["alpha", "alpha", "beta", "", ""]
    assert flat.self_us().sum() == 5000


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_names_can_be_read_on_every_block(theme: Theme) -> None:
    def light(colour: QColor) -> float:
        parts = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
                 for channel in (colour.redF(), colour.greenF(), colour.blueF())]  # fmt: skip
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    for ground in flame_colours(theme):
        pair = sorted((light(ground), light(theme.text)))
        assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5, ground.name()


@pytest.fixture
def chart(qtbot: QtBot, themes: Themes) -> FlameChart:
    profile = profile_of(cpuprofile(STACKS, start_us=0))
    window = SessionWindow()
    made = FlameChart(window, themes)
    qtbot.addWidget(made)
    made.resize(GUTTER + 600 + made.verticalScrollBar().sizeHint().width(), 200)
    window.put_whole(0, 6000)
    window.show(0, 6000)
    made.show_profile(profile)
    made.show()
    return made


def at(chart: FlameChart, us: float, row: int) -> QPoint:
    return QPoint(int(chart.x_of(us)), row * chart.row_height + chart.row_height // 2)


def colour_at(chart: FlameChart, us: float, row: int) -> QColor:
    image: QImage = chart.viewport().grab().toImage()
    place = at(chart, us, row)
    return QColor(image.pixel(place.x(), row * chart.row_height + chart.row_height - 3))


def test_a_click_selects_the_call_that_is_painted_there(chart: FlameChart, qtbot: QtBot) -> None:
    assert chart.model is not None
    heard: list[Block] = []
    chart.selected.connect(heard.append)
    qtbot.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=at(chart, 2400, 1))
    frame = chart.model.tree.frames[chart.model.tree.frame[heard[0].node]]
    assert frame.name == "beta"
    assert colour_at(chart, 2700, 1).rgb() == frame_colour(frame, chart.themes.current).rgb()
    assert chart.accessibleDescription().startswith("beta, file:///files/burn.js:4")
    qtbot.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=at(chart, 3500, 1))
    assert chart.block is None


def test_dragging_brushes_and_an_edge_can_be_moved(chart: FlameChart, qtbot: QtBot) -> None:
    view = chart.viewport()

    def drag(from_us: float, to_us: float) -> None:
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=at(chart, from_us, 5))
        qtbot.mouseMove(view, at(chart, to_us, 5))
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at(chart, to_us, 5))

    drag(1000, 3000)
    assert chart.time.brush == pytest.approx((1000, 3000), abs=20)
    drag(3000, 4000)
    assert chart.time.brush == pytest.approx((1000, 4000), abs=20)
    qtbot.keyClick(chart, Qt.Key.Key_Escape)
    assert chart.time.brush is None


def test_keys_of_tracing_tools(chart: FlameChart, qtbot: QtBot) -> None:
    window = chart.time
    qtbot.keyClick(chart, Qt.Key.Key_W)
    assert window.span_us == pytest.approx(6000 / 1.25)
    before = window.view[0]
    qtbot.keyClick(chart, Qt.Key.Key_D)
    assert window.view[0] > before
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert window.view[0] == pytest.approx(before)
    qtbot.keyClick(chart, Qt.Key.Key_S)
    assert window.span_us == pytest.approx(6000)
    qtbot.keyClick(chart, Qt.Key.Key_F)
    assert window.span_us == pytest.approx(6240)
    with qtbot.waitSignal(chart.find_requested):
        qtbot.keyClicks(chart, "/")
    qtbot.mouseDClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=at(chart, 2400, 1))
    assert window.view == pytest.approx((1950, 3050))


def test_found_calls_are_lit_and_come_into_view(chart: FlameChart) -> None:
    assert chart.model is not None
    wanted = np.array([one.name == "beta" for one in chart.model.tree.frames])
    main = colour_at(chart, 500, 0)
    chart.light_up(wanted)
    assert colour_at(chart, 500, 0) != main
    chart.time.show(4000, 6000)
    found = chart.find_next(wanted)
    assert found is not None
    assert chart.time.view[0] <= found.from_us < chart.time.view[1]
    chart.light_up(None)


def test_the_readout_tells_of_the_call_under_the_mouse(chart: FlameChart, qtbot: QtBot) -> None:
    readout = chart.findChild(Readout)
    assert readout is not None
    qtbot.mouseMove(chart.viewport(), at(chart, 500, 1))
    qtbot.waitUntil(readout.isVisible)
    assert readout.lines == ("alpha", "file:///files/burn.js:4", "2 ms without a break")
    qtbot.mouseMove(chart.viewport(), at(chart, 3500, 1))
    qtbot.waitUntil(lambda: not readout.isVisible())


def test_any_size_zoom_and_profile_can_be_painted(qtbot: QtBot, themes: Themes) -> None:
    window = SessionWindow()
    chart = FlameChart(window, themes)
    qtbot.addWidget(chart)
    for profile in (None, profile_of(cpuprofile([""])), many_samples(2000), profile_of(cpuprofile(["\u202e<b>x"]))):
        chart.show_profile(profile)
        if profile is not None:
            window.put_whole(profile.from_us, profile.until_us)
        for size in ((60, 30), (300, 200), (1200, 700)):
            chart.resize(*size)
            for zoom in (1.0, 1e-3, 1e-9):
                window.fit()
                window.zoom(zoom)
                assert not chart.viewport().grab().isNull()
