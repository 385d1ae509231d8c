from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from inspector.events import ContextReleased, IsolateEnded, IsolateStateChanged
from inspector.states import IsolateState
from tests.ui.made import context, host, isolate
from ui.drop import DropPlan, Offer, Where, offer_of, offer_of_text, plan_drop
from ui.models.isolates import IsolatesModel
from ui.models.pool_state import PoolState
from ui.models.tree_nodes import Node

NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
FILES = Offer((Path("/files/a.js"), Path("/files/b.js")))


@pytest.fixture
def state() -> PoolState:
    made = PoolState()
    made.apply([host(), isolate(1), context(1), isolate(2), context(2)])
    return made


def node(state: PoolState, *key: object) -> Node:
    model = IsolatesModel(state)
    model._tree.rebuild(grouped=False)
    found = model.node(model.find(*key))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("modifiers", "where", "words"),
    [
        (NONE, Where.NEW_EACH, "Run 2 files each in a new isolate"),
        (CTRL, Where.NEW_ONE, "Run 2 files in one new isolate, one after another"),
        (SHIFT, Where.NEW_ALONE, "Run 2 files in a new isolate, each alone in its process"),
    ],
)
def test_empty_space(state: PoolState, modifiers: Qt.KeyboardModifier, where: Where, words: str) -> None:
    plan = plan_drop(FILES, None, modifiers, state)
    assert (plan.where, plan.paths) == (where, FILES.paths)
    assert plan.sentence.startswith(words)


def test_rows(state: PoolState) -> None:
    on_pool = plan_drop(FILES, node(state, "pool"), NONE, state)
    assert (on_pool.where, on_pool.sentence) == (Where.EVERY, "Run 2 files in each of 2 isolates, one after another")
    on_isolate = plan_drop(FILES, node(state, "isolate", 1), NONE, state)
    assert (on_isolate.where, on_isolate.isolate_id, on_isolate.context_id) == (Where.ISOLATE, 1, None)
    assert on_isolate.sentence == "Run 2 files in “isolate 1”, one after another"
    on_context = plan_drop(FILES, node(state, "context", 2, 1), NONE, state)
    assert (on_context.where, on_context.isolate_id, on_context.context_id) == (Where.CONTEXT, 2, 1)
    assert "context “main” of “isolate 2”" in on_context.sentence


def test_a_busy_isolate_says_that_it_waits(state: PoolState) -> None:
    state.apply([IsolateStateChanged(11, 1, IsolateState.RUNNING)])
    assert "waits for the running script" in plan_drop(FILES, node(state, "isolate", 1), NONE, state).sentence


def test_what_has_ended_refuses(state: PoolState) -> None:
    state.apply([IsolateEnded(5, 1, IsolateState.CRASHED, "lost", None), ContextReleased(5, 2, 1, "replaced")])
    for key in (("isolate", 1), ("context", 2, 1)):
        plan = plan_drop(FILES, node(state, *key), NONE, state)
        assert plan.refused
        assert not plan.paths
        assert "has ended" in plan.sentence


def refused(data: QMimeData) -> DropPlan:
    plan = plan_drop(offer_of(data), None, NONE, PoolState())
    assert plan.refused
    return plan


def test_text_images_and_addresses_are_refused_with_a_line(qtbot: QtBot) -> None:
    text, image, address = QMimeData(), QMimeData(), QMimeData()
    text.setText("alert(1)")
    image.setImageData(QImage(4, 4, QImage.Format.Format_RGB32))
    address.setUrls([QUrl("https://example.org/evil\u202e.js")])
    assert "Text can't be dropped" in refused(text).sentence
    assert "An image can't run" in refused(image).sentence
    assert "Nothing is fetched" in refused(address).sentence
    assert "\u202e" not in refused(address).sentence
    assert "no file" in refused(QMimeData()).sentence


def test_one_address_among_files_refuses_all() -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/files/a.js"), QUrl("ftp://example.org/b.js")])
    assert offer_of(data).trouble


def test_pasted_paths(tmp_path: Path) -> None:
    text = f'"{tmp_path / "a b.js"}"\n\nfile://{tmp_path}/c%20d.js\n~/e.js\n'
    assert offer_of_text(text).paths == (tmp_path / "a b.js", tmp_path / "c d.js", Path.home() / "e.js")
    assert "no absolute path" in offer_of_text("let a = 1").trouble
    assert "no paths" in offer_of_text(" \n").trouble
