"""A value as it would arrive, as a lazy tree: a level is asked for when it is opened, and its rows in portions.

A million entries cost nothing until they are scrolled to: a portion of `PORTION` rows at a time is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from inspector.text import visible
from ui.models.tip import plain_tip

__all__ = ["PORTION", "ValueNode", "ValueTree"]

PORTION = 200
_COLUMNS = ("Value", "As it arrives", "Verdict")
_NONE = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class ValueNode(Struct, eq=False):
    """`size`: how many children it has; those that were asked for so far are in `children`."""

    name: str
    text: str
    verdict: str
    why: str
    size: int
    path: tuple[int, ...]
    step: str = ""
    parent: ValueNode | None = None
    row: int = 0
    children: list[ValueNode] = field(default_factory=list)
    asked: bool = False  # a portion is on its way

    @property
    def place(self) -> str:
        """As JavaScript writes it: `.users[3].save`."""
        return f"{self.parent.place}{self.step}" if self.parent is not None else ""


class ValueTree(QAbstractItemModel):
    """`wanted`: a ValueNode whose next portion is asked for; answer with `put`."""

    wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.root: ValueNode | None = None
        self.refused = 0  # of the rows that were looked at

    def start(self, name: str, level: Mapping[str, Any]) -> None:
        """Another value: its own row, and its first portion."""
        self.beginResetModel()
        one = level["self"]
        self.refused = 0
        self.root = ValueNode(name, one["text"], one["verdict"], one["why"], int(one["size"]), ())
        self._count(self.root)
        self.endResetModel()
        self.put(self.root, level)

    def clear(self) -> None:
        self.beginResetModel()
        self.root = None
        self.refused = 0
        self.endResetModel()

    def put(self, node: ValueNode, level: Mapping[str, Any]) -> None:
        """A portion came. What a copy leaves out stands behind the last row."""
        node.asked = False
        first = self._loaded(node)
        rows = [
            ValueNode(
                row["name"], row["text"], row["verdict"], row["why"], int(row["size"]), (*node.path, first + position),
                row["step"], node,
            )
            for position, row in enumerate(level["rows"])
        ]  # fmt: skip
        if not node.children:
            rows += [
                ValueNode(name, "", "dropped", "a copy takes own enumerable properties with string keys alone", 0,
                          (*node.path, -1), f" ({name})", node)
                for name in level["dropped"]
            ]  # fmt: skip
        if not rows:
            node.size = first
            return
        first = len(node.children)
        self.beginInsertRows(self._index_of(node), first, first + len(rows) - 1)
        for position, row in enumerate(rows):
            row.row = first + position
            self._count(row)
        node.children += rows
        self.endInsertRows()

    def _count(self, node: ValueNode) -> None:
        self.refused += node.verdict == "refused"

    # --- Qt's questions ---

    def node(self, index: Index) -> ValueNode | None:
        return index.internalPointer() if index.isValid() else None

    def _index_of(self, node: ValueNode) -> QModelIndex:
        return self.createIndex(node.row, 0, node)

    def index(self, row: int, column: int, parent: Index = _NONE) -> QModelIndex:
        above = self.node(parent)
        if above is None:
            return self.createIndex(0, column, self.root) if row == 0 and self.root is not None else QModelIndex()
        return self.createIndex(row, column, above.children[row]) if row < len(above.children) else QModelIndex()

    def parent(self, index: Index = _NONE) -> QModelIndex:  # type: ignore[override]
        node = self.node(index)
        return QModelIndex() if node is None or node.parent is None else self._index_of(node.parent)

    def rowCount(self, parent: Index = _NONE) -> int:
        if parent.column() > 0:
            return 0
        node = self.node(parent)
        return int(self.root is not None) if node is None else len(node.children)

    def columnCount(self, _parent: Index = _NONE) -> int:
        return len(_COLUMNS)

    def hasChildren(self, parent: Index = _NONE) -> bool:
        if parent.column() > 0:
            return False
        node = self.node(parent)
        return self.root is not None if node is None else node.size > 0 or bool(node.children)

    def canFetchMore(self, parent: Index) -> bool:
        node = self.node(parent)
        return node is not None and not node.asked and self._loaded(node) < node.size

    def fetchMore(self, parent: Index) -> None:
        node = self.node(parent)
        if node is not None and self.canFetchMore(parent):
            node.asked = True
            self.wanted.emit(node)

    @staticmethod
    def _loaded(node: ValueNode) -> int:
        return sum(child.verdict != "dropped" for child in node.children)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _COLUMNS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        node = self.node(index)
        if node is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(_cells(node)[index.column()], 300)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            words = f"{node.place or node.name}: {node.text} — {node.verdict}{f': {node.why}' if node.why else ''}"
            return plain_tip(visible(words, 1_000)) if role == Qt.ItemDataRole.ToolTipRole else visible(words, 500)
        return None


def _cells(node: ValueNode) -> Sequence[str]:
    return node.name, node.text, f"{node.verdict}: {node.why}" if node.why else node.verdict
