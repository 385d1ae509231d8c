from __future__ import annotations

import time
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from inspector.events import IsolateEnded, IsolateStateChanged, RunStarted, ScriptParsed
from inspector.states import IsolateState, Outcome, SourceKind
from tests.ui.made import MIB, context, host, isolate, queued, samples, script, settled
from ui.models.file_added import FileAdded
from ui.models.growth import Growth
from ui.models.isolates import IsolatesModel
from ui.models.pool_state import PoolState
from ui.models.tree_nodes import Kind, Node
from ui.models.tree_text import GROWTH, HEAP, LIMIT, NAME, SPARK
from ui.selection import Selection
from ui.theme import Themes
from ui.views.isolates import IsolatesView


class Slopes:
    """Isolate 1 grows as its full collections tell, 3 as its young ones do; of the others nothing is known."""

    def growth_detail(self, isolate_id: int) -> Growth | None:
        return Growth(3174.0, 4, full=isolate_id == 1) if isolate_id in (1, 3) else None


def names(model: IsolatesModel, parent: QModelIndex | None = None, depth: int = 0) -> list[str]:
    """The tree as text, one row a line, indented."""
    rows: list[str] = []
    parent = parent or QModelIndex()
    for row in range(model.rowCount(parent)):
        index = model.index(row, NAME, parent)
        rows += ["  " * depth + str(index.data()), *names(model, index, depth + 1)]
    return rows


def filled(count: int = 2) -> tuple[PoolState, IsolatesModel]:
    state = PoolState()
    model = IsolatesModel(state, Slopes())
    model.apply(state.apply([host(1), host(2)]))
    for one in range(1, count + 1):
        model.apply(state.apply([isolate(one, 1 + one % 2), context(one), script(one)]))
    return state, model


def test_flat_and_grouped(qtmodeltester: ModelTester) -> None:
    _state, model = filled()
    qtmodeltester.check(model)
    assert names(model) == [
        "All isolates",
        "  isolate 1",
        "    main",
        "      leak.js",
        "  isolate 2",
        "    main",
        "      leak.js",
    ]
    model.set_grouped(True)
    qtmodeltester.check(model)
    assert names(model)[:3] == ["All isolates", "  Host process A", "    isolate 2"]


def test_figures_say_what_they_are() -> None:
    state, model = filled()
    model.apply(state.apply([samples((1, 5 * MIB))]))
    row = model.find("isolate", 1)
    assert row.siblingAtColumn(HEAP).data() == "5 MiB"
    assert row.siblingAtColumn(LIMIT).data() == "128 MiB"
    assert row.siblingAtColumn(GROWTH).data() == "+3.1 KiB/s"
    assert model.find("isolate", 2).siblingAtColumn(GROWTH).data() == "–"
    assert "5 MiB" in row.data(Qt.ItemDataRole.AccessibleTextRole)


def test_growth_from_young_collections_says_so() -> None:
    _state, model = filled(3)
    young = model.find("isolate", 3).siblingAtColumn(GROWTH)
    assert young.data() == "~+3.1 KiB/s"
    assert "young collections" in young.data(Qt.ItemDataRole.ToolTipRole)
    full = model.find("isolate", 1).siblingAtColumn(GROWTH)
    assert "full collections" in full.data(Qt.ItemDataRole.ToolTipRole)


def test_what_stands_beside_the_names() -> None:
    state, model = filled()
    words = model.wording

    def beside(*key: object) -> str:
        node = model.node(model.find(*key))
        assert node is not None
        return words.secondary(node)

    state.apply([samples((1, 5 * MIB), (2, MIB))])
    assert beside("pool") == "2 live · 6 MiB heap used"
    assert beside("script", 1, "7") == "2 KiB · no run yet"
    state.apply([queued(), RunStarted(11, 1, 1)])
    assert beside("script", 1, "7") == "2 KiB · runs now"
    state.apply([settled()])
    assert beside("script", 1, "7") == "2 KiB · 1 run · completed"
    state.apply([queued(2), RunStarted(21, 2, 1), settled(2, outcome=Outcome.HOST_LOST, script_id="")])
    assert beside("script", 1, "7") == "2 KiB · 2 runs · host-lost"
    state.apply([IsolateEnded(30, 1, IsolateState.CRASHED, "killed", None)])
    assert beside("pool") == "1 live · 1 ended · 1 MiB heap used"


def test_an_isolate_tells_that_its_last_run_failed() -> None:
    state, model = filled(1)
    node = model.node(model.find("isolate", 1))
    assert node is not None
    for number, outcome, words in ((1, Outcome.THREW, "idle · threw"), (2, Outcome.COMPLETED, "idle")):
        model.apply(state.apply([queued(number), RunStarted(21, number, 1)]))
        assert model.wording.secondary(node) == "idle"
        model.apply(state.apply([settled(number, outcome=outcome, script_id="")]))
        assert model.wording.secondary(node) == words


def test_a_script_that_calls_itself_something_else_shows_its_file() -> None:
    state, model = filled(1)
    parsed = ScriptParsed(1, 1, 1, "8", "http://x/<b>.js", "/files/real.js", 64, "", SourceKind.SCRIPT, False)
    model.apply(state.apply([parsed]))
    node = model.node(model.find("script", 1, "8"))
    assert node is not None
    assert model.wording.name(node) == "<b>.js"
    assert model.wording.secondary(node).startswith("file real.js · ")


def test_only_rows_in_sight_are_announced() -> None:
    state, model = filled()
    model.flush()
    told: list[str] = []
    model.dataChanged.connect(lambda first, _last: told.append(first.data()))
    model.apply(state.apply([samples((1, MIB), (2, MIB))]))
    seen = {model.find("isolate", 2).internalId()}
    assert model.flush(seen) == 1
    assert told == ["isolate 2"]
    assert model.flush() == 0


def test_clearing_takes_the_branch_away_and_stale_indexes_find_nothing(qtmodeltester: ModelTester) -> None:
    state, model = filled(3)
    qtmodeltester.check(model)
    stale = model.find("script", 1, "7")
    state.apply([IsolateEnded(5, 1, IsolateState.DISPOSED, "disposed", None)])
    model.forget(Kind.ISOLATE, 1)
    assert model.node(stale) is None
    assert model.data(stale) is None
    assert names(model)[1] == "  isolate 2"
    assert model.find("isolate", 3).row() == 1
    qtmodeltester.check(model)


def test_names_are_plain_text() -> None:
    state = PoolState()
    model = IsolatesModel(state)
    nasty = "<b>bold</b>\u202egnp.exe\n" + "x" * 10_000
    model.apply(state.apply([host(), isolate(1, name=nasty)]))
    shown = model.find("isolate", 1).data()
    assert "\u202e" not in shown
    assert "\n" not in shown
    assert len(shown) < 300
    tip = model.find("isolate", 1).data(Qt.ItemDataRole.ToolTipRole)
    assert "<b>bold" not in tip
    assert "&lt;b&gt;" in tip


@pytest.fixture
def view(qtbot: QtBot, themes: Themes) -> IsolatesView:
    state, model = filled()
    made = IsolatesView(model, state, Selection(), themes)
    made.resize(500, 400)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_view_writes_and_follows_the_selection(view: IsolatesView) -> None:
    selection = view._selection
    view.setCurrentIndex(view.model_of_rows.find("script", 2, "7"))
    assert (selection.isolate_id, selection.context_id, selection.script_id) == (2, 1, "7")
    view.setCurrentIndex(view.model_of_rows.find("pool"))
    assert selection.isolate_id is None
    selection.set(isolate_id=1)
    assert view.currentIndex().data() == "isolate 1"


def test_a_selection_that_comes_before_its_row_is_followed_when_the_row_comes(view: IsolatesView) -> None:
    view._selection.set(isolate_id=9)
    changes = view._state.apply([isolate(9)])
    view.model_of_rows.apply(changes)
    assert view.currentIndex().data() == "isolate 9"


def test_rows_in_sight_and_under_a_position(view: IsolatesView) -> None:
    assert len(view.rows_in_sight()) == 7
    node = view.node_at(QPoint(20, view.visualRect(view.model_of_rows.find("isolate", 2)).center().y()))
    assert node is not None
    assert node.isolate_id == 2
    assert view.node_at(QPoint(20, 390)) is None


def test_every_state_is_painted_in_both_themes(view: IsolatesView, themes: Themes) -> None:
    for name in ("light", "dark"):
        themes.set_by_hand(name)  # type: ignore[arg-type]
        for state in IsolateState:
            view.model_of_rows.apply(view._state.apply([IsolateStateChanged(3, 1, state, "because")]))
            assert not view.grab().isNull()


def test_6800_rows_and_1000_updates_a_second_cost_a_millisecond_a_frame(view: IsolatesView) -> None:
    state, model = view._state, view.model_of_rows
    events: list[object] = []
    for one in range(10, 210):
        events += [isolate(one)]
        for place in range(1, 4):
            events.append(context(one, place))
            events += [script(one, place, f"{place}-{number}") for number in range(10)]
    started = time.perf_counter()
    model.apply(state.apply(events))  # type: ignore[arg-type]
    inserted_ms = (time.perf_counter() - started) * 1000
    batch = samples(*((10 + number % 200, number * 1000 + 1) for number in range(33)))
    costs = []
    for _ in range(20):
        started = time.perf_counter()
        model.apply(state.apply([batch]))
        model.flush(view.rows_in_sight())
        costs.append((time.perf_counter() - started) * 1000)
    print(f"inserted 6,800 rows in {inserted_ms:.1f} ms; a frame costs {sorted(costs)[10]:.2f} ms")
    assert len(view.rows_in_sight()) < 40


@pytest.mark.parametrize("together", [True, False])
def test_an_added_file_keeps_its_row_when_v8_parses_it(*, together: bool) -> None:
    state = PoolState()
    model = IsolatesModel(state)
    model.apply(state.apply([host(), isolate(), context()]))
    added = FileAdded(1, 1, 1, "/files/leak.js", "leak.js", 9, SourceKind.SCRIPT)
    for batch in ([added, script()],) if together else ([added, added], [script()]):
        model.apply(state.apply(batch))
    assert [name.strip() for name in names(model)].count("leak.js") == 1
    assert model.find("script", 1, "7").isValid()
    model.apply(state.apply([script(script_id="8")]))  # parsed once more
    assert [name.strip() for name in names(model)].count("leak.js") == 2


def test_only_rows_that_differ_are_painted(view: IsolatesView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    state, model = view._state, view.model_of_rows
    model.apply(state.apply([isolate(one) for one in range(20, 26)]))
    qtbot.waitExposed(view)
    model.flush()
    view.grab()  # lays out what was inserted
    QApplication.processEvents()
    painted: list[str] = []
    columns: set[int] = set()
    paint = view.delegate.paint_cell

    def paint_cell(painter: Any, option: Any, node: Node, column: int) -> None:
        painted.append(model.wording.name(node))
        columns.add(column)
        paint(painter, option, node, column)

    monkeypatch.setattr(view.delegate, "paint_cell", paint_cell)
    model.apply(state.apply([samples((21, 5 * MIB), (22, 5 * MIB), (24, 5 * MIB))]))
    model.flush(view.rows_in_sight() - {model.find("pool").internalId()})
    qtbot.waitUntil(lambda: bool(painted))
    assert set(painted) == {"isolate 21", "isolate 22", "isolate 24"}
    painted.clear()
    columns.clear()
    assert model.mark_unsampled(2_000, 0) == 3  # time alone moves the sparklines of those that were sampled before
    assert model.flush(view.rows_in_sight()) >= 3
    qtbot.waitUntil(lambda: bool(painted))
    assert {"isolate 21", "isolate 22", "isolate 24"} <= set(painted)
    assert columns == {GROWTH, SPARK}
    assert model.mark_unsampled(2_000, 1_900) == 0  # level lines move no more
