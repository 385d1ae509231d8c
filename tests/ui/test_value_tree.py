"""The tree of a value, the log of messages and the code they become, fed by hand."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QModelIndex
from pytestqt.modeltest import ModelTester

from inspector.value_events import ValueMoved
from ui.models.messages import MessagesModel
from ui.models.value_code import Delivery, isolated_vm, python
from ui.models.value_tree import PORTION, ValueNode, ValueTree


def row(name: str, verdict: str = "copied", size: int = 0, why: str = "") -> dict[str, Any]:
    return {
        "name": name,
        "step": f".{name}",
        "kind": "object",
        "text": "{…}",
        "verdict": verdict,
        "why": why,
        "size": size,
    }


def level(*rows: dict[str, Any], size: int, dropped: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"self": row("", size=size), "rows": list(rows), "dropped": list(dropped)}


def test_a_level_is_asked_for_once_and_in_portions(qapp: object, qtmodeltester: ModelTester) -> None:
    tree = ValueTree()
    wanted: list[ValueNode] = []
    tree.wanted.connect(wanted.append)
    tree.start("value", level(*(row(f"a{i}") for i in range(PORTION)), size=PORTION + 1, dropped=("Symbol(s)",)))
    root = tree.index(0, 0)
    assert tree.rowCount(root) == PORTION + 1 and tree.canFetchMore(root)
    tree.fetchMore(root)
    tree.fetchMore(root)
    assert [node.path for node in wanted] == [()]
    tree.put(wanted[0], level(row("last", "refused", 0, "a function can't be copied"), size=PORTION + 1))
    assert not tree.canFetchMore(root) and tree.refused == 1
    last = tree.index(PORTION + 1, 0, root)
    node = tree.node(last)
    assert node is not None and node.path == (PORTION,) and node.place == ".last"
    assert tree.index(PORTION + 1, 2, root).data() == "refused: a function can't be copied"
    assert str(tree.index(PORTION, 2, root).data()).startswith("dropped")
    assert tree.parent(last) == root and tree.parent(root) == QModelIndex()
    qtmodeltester.check(tree)


def moved(message_id: int, outcome: str = "arrived", cause: str = "", name: str = "got") -> ValueMoved:
    return ValueMoved(1, message_id, 1, 1, 2, 1, "copy", name, "Array(3)", 2048, 70, 1200, 0, outcome, cause, 5)


def test_messages_are_filtered_and_written(qapp: object, qtmodeltester: ModelTester) -> None:
    model = MessagesModel(lambda isolate_id, _: {1: "a · main", 2: "b · main"}.get(isolate_id or 0, ""))
    model.add(moved(1))
    model.add(moved(2, "refused", "no clone at .f"))
    cells = [str(model.index(1, column).data()) for column in range(1, model.columnCount())]
    assert cells == [
        "a · main",
        "b · main",
        "copy",
        "refused: no clone at .f",
        "2 KiB",
        "0.07 ms",
        "1.2 ms",
        "got: Array(3)",
    ]
    model.narrow("refused .f")
    assert model.rowCount() == 1
    model.add(moved(3))
    assert model.rowCount() == 1
    model.narrow("")
    assert model.rowCount() == 3 and len([*model.lines()]) == 3
    qtmodeltester.check(model)


@pytest.mark.parametrize("call", [False, True])
@pytest.mark.parametrize("kind", ["expression", "json", "file"])
def test_what_was_done_becomes_code(kind: str, call: bool) -> None:
    for mode in ("copy", "transfer", "reference") if kind == "expression" else ("copy",):
        one = Delivery(kind, "data.bin" if kind == "file" else "[1]", "a", (("b", "main"),), "got", call, mode)
        compile(python(one), "panel.py", "exec", flags=0x2000)  # PyCF_ALLOW_TOP_LEVEL_AWAIT
        assert ("give_to" if mode == "reference" else "copy.release()") in python(one)
        assert ("reference: true" if mode == "reference" else "copyInto") in isolated_vm(one)
