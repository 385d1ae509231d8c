from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from ui.models.palette import Entry, PaletteModel, fit
from ui.specs import ACTIONS
from ui.specs.synonyms import SYNONYMS
from ui.theme import Themes
from ui.views.palette import Palette

ENTRIES = (
    Entry("run-again", "Run Again", "Replay the files", "Ctrl+R", "No file has run in this isolate yet."),
    Entry("collect", "Collect Garbage", "A full garbage collection", "Ctrl+G"),
    Entry("clear-ended", "Clear Ended Rows", "Forget isolates that have ended"),
    Entry("group", "Group by Host Process", "Isolates under their hosts", checked=True),
)


def shown(model: PaletteModel) -> list[str]:
    return [str(model.index(row).data()) for row in range(model.rowCount())]


@pytest.fixture
def model() -> PaletteModel:
    made = PaletteModel()
    made.put(ENTRIES)
    return made


@pytest.mark.parametrize(
    ("needle", "better", "worse"),
    [
        ("gar", "Collect Garbage", "Cigar Box"),
        ("run", "Run Again", "Replay and Run"),
        ("cg", "Collect Garbage", "Run Again"),
        ("ho gr", "Group by Host Process", "Group by Name"),
        ("stop", "Stop", "Stop and Dispose"),
    ],
)
def test_the_better_fit_comes_first(needle: str, better: str, worse: str) -> None:
    assert fit(needle, better) > fit(needle, worse)


def test_what_can_be_used_comes_first_and_typing_narrows(model: PaletteModel, qtmodeltester: ModelTester) -> None:
    assert shown(model) == ["Collect Garbage", "Clear Ended Rows", "Group by Host Process", "Run Again"]
    model.narrow("again")
    assert shown(model) == ["Run Again"]
    model.narrow("forget")
    assert shown(model) == ["Clear Ended Rows"]  # by its explanation
    model.narrow("zzz")
    assert shown(model) == []
    qtmodeltester.check(model)
    model.narrow("")
    assert "No file has run" in model.index(3).data(Qt.ItemDataRole.AccessibleTextRole)
    assert ", on" in model.index(2).data(Qt.ItemDataRole.AccessibleTextRole)


@pytest.mark.parametrize(
    ("needle", "text"),
    [
        ("dark theme", "Dark"),
        ("kill", "Stop"),
        ("gc", "Collect Garbage"),
        ("preferences", "Settings…"),
        ("keyboard", "Shortcuts"),
        ("clear console", "Clear Console"),
        ("benchmark", "Repeat…"),
        ("flame chart", "Record"),
        ("go to line", "Sources"),
        ("exit", "Quit"),
        ("restart", "Run Again"),
    ],
)
def test_an_action_is_found_by_its_names_in_other_tools(needle: str, text: str) -> None:
    model = PaletteModel()
    model.put([Entry(one.key, one.text, one.tip, also=SYNONYMS.get(one.key, "")) for one in ACTIONS])
    model.narrow(needle)
    assert text in shown(model)[:4]


def test_every_synonym_is_of_an_action_that_is_there() -> None:
    assert SYNONYMS.keys() <= {one.key for one in ACTIONS}


def test_keys_choose_and_what_can_not_be_used_is_not_chosen(qtbot: QtBot, themes: Themes, model: PaletteModel) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    view = Palette(model, themes, window)
    chosen: list[str] = []
    view.chosen.connect(chosen.append)
    view.open()
    qtbot.keyClick(view.line, Qt.Key.Key_Down)
    qtbot.keyClick(view.line, Qt.Key.Key_Return)
    assert chosen == ["clear-ended"]
    assert not view.isVisible()
    view.open()
    assert view.line.text() == ""
    qtbot.keyClicks(view.line, "run")
    qtbot.keyClick(view.line, Qt.Key.Key_Return)
    assert chosen == ["clear-ended"]
    assert view.isVisible()
    qtbot.keyClick(view.line, Qt.Key.Key_Escape)
    assert not view.isVisible()
