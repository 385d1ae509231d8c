"""A recording in its tab: one brush filters everything beneath, a click leads to the source."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest
from PySide6.QtCore import QModelIndex, QPoint, QPointF, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from inspector.analysis.cpu_profile import CpuProfile
from inspector.analysis.cpuprofile import profile_of
from inspector.analysis.figures import range_figures
from inspector.analysis.findings import Finding, findings
from inspector.analysis.heap_profile import heap_profile_of
from inspector.analysis.track import Console, Message, Moment, RunSpan, Track
from inspector.analysis.tree import Frame
from inspector.errors import FormatError
from inspector.states import Capability
from inspector.units import format_us
from tests.analysis.made import MIB, collections, cpuprofile, samples
from tests.fixtures.engines import skip_without
from tests.fixtures.recorded import Recorded
from ui.models.call_tree import CallTreeModel, Direction
from ui.models.findings import FindingsModel
from ui.models.flame_chart import FlameModel
from ui.models.range_figures import RangeFiguresModel
from ui.models.recorded_session import RecordedSession
from ui.models.session_data import SessionData, SourceText, read_profile_file
from ui.models.session_events import SessionEventsModel
from ui.models.session_lanes import HeapColumns, LaneKind, lanes_of
from ui.models.session_window import SessionWindow
from ui.models.track_arrays import TrackArrays
from ui.theme import DARK, LIGHT, Theme, Themes
from ui.views.session import SessionView
from ui.views.session_axis import since_text, ticks_since
from ui.views.session_tracks import SessionTracks

SECOND = 1_000_000
STACKS = ["main alpha"] * 3000 + ["main beta"] * 1000 + ["(idle)"] * 1000


def node(name: str, size: int, *children: object) -> dict[str, object]:
    call = {"functionName": name, "scriptId": "7", "url": "a.js", "lineNumber": 0, "columnNumber": 0}
    return {"callFrame": call, "selfSize": size, "id": 1, "children": list(children)}


def api(isolate_id: int = 1, **changes: object) -> Track:
    at_us = np.arange(0, 5 * SECOND + 1, 50_000)
    values: dict[str, object] = {
        "name": "api",
        "letter": "A",
        "limit_bytes": 64 * MIB,
        "samples": samples(at_us, 20 * MIB + at_us * 4),
        "collections": collections(
            *((i * 400_000, 2 * (i % 2), 2000 * (i + 1), 30 * MIB, 20 * MIB) for i in range(1, 12))
        ),
        "runs": [RunSpan(1, "a.js", 0, 2 * SECOND), RunSpan(2, "b.js", 3 * SECOND, 4 * SECOND, "threw", "Error: no")],
        "console": Console(np.array([SECOND, 2 * SECOND]), np.array([0, 2], np.uint8), lambda i: ("hello", "bad")[i]),
        "messages": [Message(SECOND, 1, 2, 3 * MIB)],
        "moments": [Moment(4 * SECOND, "limit", "heap limit"), Moment(SECOND, "mark", "here")],
        "profile": profile_of(cpuprofile(STACKS, start_us=0)),
    }
    return Track(isolate_id, **{**values, **changes})  # type: ignore[arg-type]


def no_source(_track: Track, frame: Frame) -> SourceText:
    return SourceText(None, f"no source of {frame.label}") if frame.name == "beta" else SourceText("a\nb\nc\nd", "a.js")


def recording(*tracks: Track, live: bool = False, to_us: float = 5 * SECOND) -> SessionData:
    return SessionData("session", "/files/a.isosession", tracks, 0.0, to_us, no_source, live)


@pytest.fixture
def view(qtbot: QtBot, themes: Themes) -> SessionView:
    made = SessionView(themes)
    qtbot.addWidget(made)
    made.resize(900, 760)
    made.put(recording(api(), Track(2, "worker")))
    made.show()
    return made


def rows(view: SessionView, direction: Direction) -> dict[str, str]:
    model = view.tables.models[direction]
    column = 1 if direction is Direction.BOTTOM_UP else 2
    return {model.index(row, 0).data(): model.index(row, column).data() for row in range(model.rowCount())}


def test_a_brush_filters_everything_beneath(view: SessionView, qtbot: QtBot) -> None:
    assert rows(view, Direction.BOTTOM_UP) == {"alpha": "3 s  75.0%", "beta": "1 s  25.0%"}
    assert view.tables.events.rowCount() == 20
    asked: list[tuple[object, float, float]] = []
    view.figures_wished.connect(lambda *one: asked.append(one))
    view.tables.setCurrentWidget(view.tables.figure_table)
    view.time.put_brush(2.5 * SECOND, 4.5 * SECOND)
    qtbot.waitUntil(lambda: rows(view, Direction.BOTTOM_UP) == {"beta": "1 s  66.7%", "alpha": "500 ms  33.3%"})
    assert rows(view, Direction.TOP_DOWN) == {"main": "1.5 s  100.0%"}
    whats = [view.tables.events.index(row, 1).data() for row in range(view.tables.events.rowCount())]
    assert sum(what.endswith("collection") for what in whats) == 5
    assert {"run began", "run threw", "limit"} < set(whats)
    assert asked[-1][1:] == (2.5 * SECOND, 4.5 * SECOND)
    assert "1.5 s busy" in view._range.text()
    view._all.click()
    qtbot.waitUntil(lambda: len(rows(view, Direction.BOTTOM_UP)) == 2 and view.tables.events.rowCount() == 20)


def test_a_click_shows_source_callers_and_callees(view: SessionView, qtbot: QtBot) -> None:
    chart, row = view.flame, view.flame.row_height
    qtbot.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(int(chart.x_of(SECOND)), row + row // 2))
    source = view.tables.source
    assert view.tables.currentWidget() is source
    assert source.text.toPlainText() == "a\nb\nc\nd"
    assert source.text.times == {4: 4 * SECOND}  # alpha and beta begin in one line
    assert not source.text.grab().isNull()
    assert list(rows(view, Direction.CALLEES)) == ["alpha"]
    beta = QPoint(int(chart.x_of(3.5 * SECOND)), row + row // 2)
    qtbot.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=beta)
    assert source.empty.isVisible()
    assert source.empty.text() == "no source of beta"


def test_what_still_grows_keeps_view_brush_and_isolate(view: SessionView) -> None:
    block = view.flame.model.block_at(SECOND, 1) if view.flame.model is not None else None
    assert block is not None
    view.flame.select(block)
    view.put(recording(api(), live=True, to_us=8 * SECOND))
    assert view.flame.block == block
    view.put(recording(api(), Track(2, "worker"), live=True, to_us=8 * SECOND))
    view.choose(2)
    view.time.put_brush(SECOND, 2 * SECOND)
    view.time.show(SECOND, 3 * SECOND)
    view.put(recording(api(), Track(2, "worker"), api(3), live=True, to_us=9 * SECOND))
    assert view.track is not None
    assert view.track.isolate_id == 2
    assert view.time.brush == (SECOND, 2 * SECOND)
    assert view.time.view == (SECOND, 3 * SECOND)
    assert "still recording" in view._range.text()


def test_what_was_saved_for_a_moment_opens_there(qtbot: QtBot, themes: Themes) -> None:
    made = SessionView(themes)
    qtbot.addWidget(made)
    data = recording(api(), Track(2, "worker", began_us=1), to_us=60 * SECOND)
    made.put(replace(data, focus=(2, 30.0 * SECOND)))
    assert made.track is not None
    assert made.track.isolate_id == 2
    assert made.time.view == (26 * SECOND, 31 * SECOND)


def test_find_lights_up_and_goes_on(view: SessionView, qtbot: QtBot) -> None:
    view.flame.setFocus()
    qtbot.keyClicks(view.flame, "/")
    assert view._words.hasFocus() or view._words.isVisible()
    view._words.setText("BETA")
    assert view._found.text() == "1 function"
    qtbot.keyClick(view._words, Qt.Key.Key_Return)
    assert view.flame.block is not None
    assert view.flame.block.from_us == 3 * SECOND
    view._words.setText("nothing of it")
    assert view._found.text() == "0 functions"


def test_letters_go_to_fields_and_not_to_charts(view: SessionView, qtbot: QtBot) -> None:
    before = view.time.view
    qtbot.keyClicks(view._words, "wasdf")
    assert view.time.view == before
    assert view._words.text() == "wasdf"


def test_an_isolate_is_chosen_in_its_track(view: SessionView, qtbot: QtBot) -> None:
    lane = next(one for one in view.tracks._lanes if one.track == 1)
    place = QPointF(20, view.tracks._top(lane) + lane.height / 2).toPoint()
    qtbot.mouseClick(view.tracks.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert view.track is not None
    assert view.track.name == "worker"
    assert rows(view, Direction.BOTTOM_UP) == {}
    assert view._isolates.currentData() == 2


def test_tracks_tell_what_lies_under_the_mouse(view: SessionView) -> None:
    for lane in view.tracks._lanes[:4]:
        at = QPointF(view.tracks.x_of(2 * SECOND), view.tracks._top(lane) + lane.height / 2)
        lines = view.tracks._lines_at(at)
        words = {
            LaneKind.HEAP: "used 27.6 MiB",
            LaneKind.COLLECTIONS: "full collection, 12 ms",
            LaneKind.RUNS: "a.js: completed, 2 s",
            LaneKind.CONSOLE: "bad",
        }
        assert lane.kind is not None
        assert words[lane.kind] in lines


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_tracks_paint_heap_limit_pauses_and_failures(view: SessionView, themes: Themes, theme: Theme) -> None:
    themes.set_by_hand(theme.name)  # type: ignore[arg-type]
    image = view.tracks.viewport().grab().toImage()
    colours = {image.pixel(x, y) for x in range(0, image.width()) for y in range(0, image.height())}
    for colour in (theme.used, theme.gc_major, theme.gc_minor, theme.error, theme.accent):
        assert colour.rgb() in colours, colour.name()


def test_a_view_that_moved_looks_as_if_it_had_been_there(qtbot: QtBot, themes: Themes) -> None:
    window, shown = SessionWindow(), [api(), api(2, name="other")]
    moved, fresh = SessionTracks(window, themes), SessionTracks(window, themes)
    for tracks in (moved, fresh):
        qtbot.addWidget(tracks)
        tracks.resize(500, 240)
        tracks.show_tracks(shown, 0.0)
    window.put_whole(0, 5 * SECOND)
    window.show(SECOND, SECOND + moved.plot_width * 1000)  # a millisecond for each column
    for columns in (0, 37, 300, -450, -20, 4000):
        window.show(window.view[0] + columns * 1000, window.view[1] + columns * 1000)
        picture = moved.grab().toImage()
        fresh.show_tracks(shown, 0.0)
        assert picture == fresh.grab().toImage(), columns  # what it had painted before fits what it paints now
        assert moved._strips.size_bytes < 20 * picture.sizeInBytes()


def test_a_finding_leads_to_its_range(view: SessionView) -> None:
    view.show_findings(findings(view.data.tracks if view.data else []))
    assert view.tables.tabText(view.tables.indexOf(view.tables.finding_table)).startswith("Findings (")
    view.open_finding(Finding("pause", "words", 1, SECOND, 2 * SECOND))
    assert view.time.brush == (SECOND, 2 * SECOND)
    assert view.time.view == (SECOND, 2 * SECOND)


def test_allocations_have_a_chart_of_bytes(view: SessionView) -> None:
    profile = heap_profile_of({"head": node("(root)", 0, node("keep", 3 * MIB, node("more", MIB))), "samples": []})
    view.put(recording(api(profile=None, heap_profile=profile)))
    assert view.chart is view.allocations
    assert rows(view, Direction.TOP_DOWN) == {"keep": "4 MiB  100.0%"}
    assert rows(view, Direction.BOTTOM_UP) == {"keep": "3 MiB  75.0%", "more": "1 MiB  25.0%"}
    assert not view.allocations.viewport().grab().isNull()


def test_models_obey_qt(qtmodeltester: ModelTester) -> None:
    events, figures, found = SessionEventsModel(), RangeFiguresModel(), FindingsModel()
    events.put(api(), 0)
    figures.put(range_figures(api(), 0, 5 * SECOND))
    found.put(findings([api()]))
    for model in (events, figures, found):
        qtmodeltester.check(model)
    cells = {figures.index(row, 0).data(): figures.index(row, 1).data() for row in range(figures.rowCount())}
    assert cells["Allocation rate"] == "25.8 MiB/s"  # 11 times 10 MiB collected, and growth
    assert cells["Busy"] == "80.0%"
    events.put(None, 0)
    assert events.rowCount() == 0


def test_a_heap_holds_its_value_between_samples() -> None:
    track = Track(1, "x", samples=samples([1000, 2000, 9000], [10, 50, 20]), ended_us=9500)
    columns = HeapColumns(TrackArrays(track), 0, 10_000, 10)
    low, high = columns.of("used_bytes")
    assert columns.known.tolist() == [False, *[True] * 9]
    assert high[1:9].tolist() == [10, 50, 50, 50, 50, 50, 50, 50]
    assert (low[9], high[9]) == (20, 20)
    lanes, height = lanes_of([track, Track(2, "bare")])
    assert [lane.kind for lane in lanes] == [LaneKind.HEAP, None]
    assert height > lanes[-1].top


def test_the_axis_has_round_steps_at_every_zoom() -> None:
    for span in (60, 1e3, 1e5, 1e7, 3e8, 1e10):
        ticks = ticks_since(0, 0, span, 8)
        assert 2 <= len(ticks) <= 10
        assert len({tick.text for tick in ticks}) == len(ticks)
        assert all(0 <= tick.share <= 1 for tick in ticks)
    assert since_text(1_250_000, 50_000) == "1.25 s"
    assert since_text(200e6, 60e6) == "3 min"
    assert since_text(200e6, 5e6) == "3 min 20 s"
    assert since_text(12_500, 500) == "12.5 ms"


def test_profiles_of_others_are_opened(tmp_path: Path) -> None:
    script = tmp_path / "burn.js"
    script.write_text("function main() {}\n")
    raw = cpuprofile(["main"])
    raw["nodes"][1]["callFrame"]["url"] = script.as_uri()
    path = tmp_path / "a.cpuprofile"
    path.write_bytes(orjson.dumps(raw))
    data = read_profile_file(path)
    track = data.tracks[0]
    assert track.profile is not None
    found = data.source_of(track, track.profile.tree.frames[1])
    assert found.text == "function main() {}\n"
    for url in ("file://server/share/a.js", "//server/a.js", "/etc/passwd", "https://x.org/a.js", "node:fs", "a.js"):
        assert data.source_of(track, Frame("f", url)).text is None
    heap = tmp_path / "b.HEAPPROFILE"
    heap.write_bytes(orjson.dumps({"head": node("(root)", 0, node("keep", 5)), "samples": []}))
    assert read_profile_file(heap).tracks[0].heap_profile is not None
    for wrong in (tmp_path / "gone.cpuprofile", tmp_path):
        with pytest.raises(FormatError, match="Open "):
            read_profile_file(wrong)


def stacks_us(profile: CpuProfile, low: float, high: float) -> dict[str, float]:
    """Busy time with a function on the stack, sample by sample, in a range: nothing of ours in between."""
    found: dict[str, float] = {"": 0.0}
    ends = [*profile.at_us[1:].tolist(), profile.until_us]
    for node, begin, end in zip(profile.node.tolist(), profile.at_us.tolist(), ends, strict=True):
        names = [profile.tree.frames[int(profile.tree.frame[one])].name for one in profile.tree.path(node)]
        took = max(0.0, min(end, high) - max(begin, low))
        if took and names and names[-1] != "(idle)":
            for name in {"", *names}:
                found[name] = found.get(name, 0.0) + took
    return found


def walked(model: CallTreeModel, name: str, parent: QModelIndex) -> float:
    """The total of all outermost rows of a function in the call tree."""
    found = 0.0
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        frame = model.named(index)
        if frame is not None and frame.name == name:
            found += float(model._weight(index.internalPointer(), 2) or 0)
        else:
            found += walked(model, name, index)
    return found


@skip_without(Capability.CPU_PROFILE)
def test_all_views_of_one_range_tell_one_truth(qtbot: QtBot, themes: Themes, recorded: Recorded) -> None:
    """A range of a real recording of functions of known shares: bottom-up, call tree, flame chart, the sum above."""
    opened = RecordedSession(recorded.path)
    view = SessionView(themes)
    qtbot.addWidget(view)
    view.put(opened.read())
    opened.close()
    assert view.data is not None
    shape = next(track for track in view.data.tracks if track.name == "shape")
    view.choose(shape.isolate_id)
    profile = shape.profile
    assert profile is not None
    tenth = (profile.until_us - profile.from_us) / 10
    low, high = profile.from_us + tenth, profile.until_us - tenth
    expected = stacks_us(profile, low, high)
    view.time.put_brush(low, high)
    up, down = view.tables.models[Direction.BOTTOM_UP], view.tables.models[Direction.TOP_DOWN]
    qtbot.waitUntil(lambda: up.whole == pytest.approx(expected[""]), timeout=30_000)
    qtbot.waitUntil(lambda: down.whole == pytest.approx(expected[""]), timeout=30_000)
    for model, column in ((up, 1), (down, 2)):
        rows = [model.index(row, 0) for row in range(model.rowCount())]
        total = sum(float(model._weight(row.internalPointer(), column) or 0) for row in rows)
        assert total == pytest.approx(expected[""])
    quarter, more = (walked(down, name, QModelIndex()) for name in ("quarter", "threeQuarters"))
    assert (quarter, more) == pytest.approx((expected["quarter"], expected["threeQuarters"]))
    counted = CallTreeModel(Direction.TOP_DOWN)  # by samples: the clock goes on while the machine does other things
    counted.put(profile.tree, np.bincount(profile.node, minlength=len(profile.tree)).astype(float))
    quarter, more = (walked(counted, name, QModelIndex()) for name in ("quarter", "threeQuarters"))
    assert more / quarter == pytest.approx(3, rel=0.33)
    columns = FlameModel(profile).nodes_at(low, high, 100_000)
    names = np.array([frame.name for frame in profile.tree.frames])
    tree, wanted = profile.tree, np.isin(names[profile.tree.frame], "threeQuarters")
    beneath = np.zeros(len(tree), bool)
    for node in np.flatnonzero(wanted).tolist():
        beneath[node : tree.end[node]] = True
    busy, shown = columns[columns >= 0], (high - low) / len(columns)
    assert len(busy) * shown == pytest.approx(expected[""], rel=0.02)
    assert beneath[busy].sum() * shown == pytest.approx(expected["threeQuarters"], rel=0.02)
    assert f"{format_us(expected[''])} busy" in view._range.text()
