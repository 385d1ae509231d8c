"""The variables of a call frame as a lazy tree: its scopes, what they hold, what that holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct, field
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from inspector.events import PausedScope
from inspector.text import visible
from inspector.values import Member, preview_text
from ui.models.tip import plain_tip

__all__ = ["ScopeNode", "ScopeTree"]

Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()
_COLUMNS = ("Variable", "Value")
_WORDS = {
    "block": "Block",
    "catch": "Catch",
    "closure": "Closure",
    "eval": "Eval",
    "global": "Global",
    "local": "Local",
    "module": "Module",
    "script": "Script",
    "wasm-expression-stack": "Stack",
    "with": "With",
}
_OPEN_AT_FIRST = ("local", "block", "catch")
_LONGEST = 300


class ScopeNode(Struct, eq=False):
    """`member` has the CDP RemoteObject; a scope is one too."""

    member: Member
    parent: ScopeNode | None
    row: int
    opens_itself: bool = False
    asked: bool = False
    known: bool = False  # `children` came
    children: list[ScopeNode] = field(default_factory=list)

    @property
    def can_open(self) -> bool:
        return self.member.kind in ("range", "getter") or "objectId" in self.member.value


class ScopeTree(QAbstractItemModel):
    """`wanted` carries a ScopeNode whose children are asked for: answer with `put`, `put_value` or `put_failure`."""

    wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._roots: list[ScopeNode] = []

    def show(self, scopes: Sequence[PausedScope]) -> list[ScopeNode]:
        """Another frame; returns the nodes that should stand open at once."""
        self.beginResetModel()
        self._roots = []
        for row, scope in enumerate(scopes):
            words = _WORDS.get(scope.kind, scope.kind)
            words = f"{words} ({visible(scope.name, 60)})" if scope.name else words
            remote = {"type": "object", "objectId": scope.object_id, "description": ""}
            opens = scope.kind in _OPEN_AT_FIRST
            self._roots.append(ScopeNode(Member(words, "scope", remote), None, row, opens_itself=opens))
        self.endResetModel()
        return [node for node in self._roots if node.opens_itself]

    def put(self, node: ScopeNode, members: Sequence[Member]) -> None:
        """What a node holds; nothing when another frame is shown by now."""
        if not self._is_here(node) or node.known:
            return
        node.asked, node.known = False, True
        found = [ScopeNode(one, node, row) for row, one in enumerate(members)]
        if not found:
            found = [ScopeNode(Member("(nothing)", "failure", {}), node, 0)]
        self.beginInsertRows(self.index_of(node), 0, len(found) - 1)
        node.children = found
        self.endInsertRows()

    def put_value(self, node: ScopeNode, remote: Any) -> None:
        """A getter was read."""
        if self._is_here(node):
            node.asked = False
            node.member = Member(node.member.name, "property", remote)
            at = self.index_of(node)
            self.dataChanged.emit(at, at.siblingAtColumn(1))

    def put_failure(self, node: ScopeNode, words: str) -> None:
        self.put(node, [Member(visible(words, _LONGEST), "failure", {})])

    # --- Qt's questions ---

    def node(self, index: Index) -> ScopeNode | None:
        return index.internalPointer() if index.isValid() else None

    def index_of(self, node: ScopeNode) -> QModelIndex:
        return self.createIndex(node.row, 0, node)

    def index(self, row: int, column: int, parent: Index = _NONE) -> QModelIndex:
        above = self.node(parent)
        nodes = self._roots if above is None else above.children
        return self.createIndex(row, column, nodes[row]) if 0 <= row < len(nodes) else QModelIndex()

    def parent(self, index: Index = _NONE) -> QModelIndex:  # type: ignore[override]
        node = self.node(index)
        return QModelIndex() if node is None or node.parent is None else self.index_of(node.parent)

    def rowCount(self, parent: Index = _NONE) -> int:
        if parent.column() > 0:
            return 0
        node = self.node(parent)
        return len(self._roots if node is None else node.children)

    def columnCount(self, _parent: Index = _NONE) -> int:
        return len(_COLUMNS)

    def hasChildren(self, parent: Index = _NONE) -> bool:
        node = self.node(parent)
        return bool(self._roots) if node is None else parent.column() <= 0 and node.can_open

    def canFetchMore(self, parent: Index) -> bool:
        node = self.node(parent)
        return node is not None and node.can_open and not node.asked and not node.known

    def fetchMore(self, parent: Index) -> None:
        node = self.node(parent)
        if node is not None and self.canFetchMore(parent):
            node.asked = True
            self.wanted.emit(node)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _COLUMNS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        node = self.node(index)
        if node is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _value(node.member) if index.column() else visible(node.member.name, 200)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(f"{visible(node.member.name, 200)}: {_value(node.member)}")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{visible(node.member.name, 200)}: {_value(node.member)}"
        return None

    def _is_here(self, node: ScopeNode) -> bool:
        top = node
        while top.parent is not None:
            top = top.parent
        return any(one is top for one in self._roots)


def _value(member: Member) -> str:
    if member.kind == "getter":
        return "(a getter: open it to run it)"
    if member.kind in ("scope", "range", "failure"):
        return ""
    return preview_text(member.value, _LONGEST) if member.value else "(not initialised yet)"
