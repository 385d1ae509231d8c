"""The tree's model: pool -> (host processes ->) isolates -> contexts -> scripts.

Changes mark rows dirty; `flush` tells the view about the dirty rows that are in sight and forgets the rest, since a
row that comes into sight is read anew anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.models.pool_state import Changes, PoolState
from ui.models.tip import plain_tip
from ui.models.tree_nodes import Kind, Node, NodeTree
from ui.models.tree_text import COLUMN_HELP, COLUMNS, GROWTH, NAME, SPARK, Growth, Wording

__all__ = ["IsolatesModel"]

Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class IsolatesModel(QAbstractItemModel):
    """Rows come from `PoolState`; owner: the GUI thread."""

    def __init__(self, state: PoolState, growth: Growth | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._tree = NodeTree(state)
        self.wording = Wording(state, growth)
        self._dirty: set[int] = set()
        self._moved: set[int] = set()  # nodes whose last two columns differ, by time alone
        self._grew: set[int] = set()  # idle isolates whose growth was not “–” at the last look

    # --- what changed ---

    def apply(self, changes: Changes) -> None:
        """Insert what appeared and remember what differs."""
        for number, nodes in self._tree.grow(changes.appeared).items():
            parent = self._tree.by_number[number]
            first = len(parent.children)
            self.beginInsertRows(self.index_of(parent), first, first + len(nodes) - 1)
            self._tree.attach(parent, nodes)
            self.endInsertRows()
        for isolate_id in changes.isolates:
            self._mark_branch(isolate_id)
        for isolate_id in changes.figures:
            self._mark(("isolate", isolate_id))
        for host_id in changes.hosts:
            self._mark(("host", host_id))
        if changes.appeared or changes.figures or changes.isolates:
            self._dirty.add(self._tree.root.number)

    def mark_unsampled(self, since_us: int, level_us: int) -> int:
        """Live isolates without a sample since then: time alone moves their sparklines, and ends their growth. Those
        without one since `level_us` have a level line, which does not move. Returns how many differ.
        """
        growth, grew = self.wording.growth, self._grew
        self._grew = set()
        moved = 0
        for record in self._state.isolates.values():
            at_us = record.figures.at_us
            if not record.state.alive or not 0 < at_us < since_us:
                continue
            if growth is not None and growth.growth_detail(record.isolate_id) is not None:
                self._grew.add(record.isolate_id)
            if at_us > level_us or record.isolate_id in self._grew | grew:
                node = self._tree.by_key.get(("isolate", record.isolate_id))
                if node is not None:
                    self._moved.add(node.number)
                    moved += 1
        return moved

    def flush(self, visible: Iterable[int] | None = None) -> int:
        """Announce the dirty rows among the `visible` numbers (None: all); returns how many were.

        Neighbours are announced at once: each word to Qt costs a quarter of a millisecond, however many rows it names.
        """
        moved, dirty = self._moved - self._dirty, self._dirty
        self._moved, self._dirty = set(), set()
        if visible is not None:
            moved, dirty = moved.intersection(visible), dirty.intersection(visible)
        for numbers, column in ((dirty, NAME), (moved, GROWTH)):
            found = (self._tree.by_number.get(number) for number in numbers)
            for first, last in _neighbours(node for node in found if node is not None):
                self.dataChanged.emit(self.index_of(first, column), self.index_of(last, SPARK))
        return len(dirty) + len(moved)

    def forget(self, kind: Kind, identity: int) -> None:
        """Take an ended isolate's or host's row away."""
        node = self._tree.by_key.get(("isolate" if kind is Kind.ISOLATE else "host", identity))
        if node is not None and node.parent is not None:
            self.beginRemoveRows(self.index_of(node.parent), node.row, node.row)
            self._tree.detach(node)
            self.endRemoveRows()

    @property
    def grouped(self) -> bool:
        return self._tree.grouped

    def set_grouped(self, grouped: bool) -> None:
        """Flat, or under host processes."""
        if grouped != self._tree.grouped:
            self.beginResetModel()
            self._tree.rebuild(grouped=grouped)
            self._dirty.clear()
            self.endResetModel()

    # --- finding rows ---

    def node(self, index: Index) -> Node | None:
        """The node of an index; None for the invisible root and for what is gone."""
        return self._tree.by_number.get(int(index.internalId())) if index.isValid() else None

    def index_of(self, node: Node, column: int = NAME) -> QModelIndex:
        return self.createIndex(node.row, column, node.number)

    def find(self, *key: Any) -> QModelIndex:
        """The row of ("isolate", id), ("context", isolate, id), ("script", isolate, id), ("host", id), ("pool",)."""
        node = self._tree.by_key.get(key)
        return QModelIndex() if node is None else self.index_of(node)

    # --- Qt's questions ---

    def index(self, row: int, column: int, parent: Index = _NONE) -> QModelIndex:
        siblings = self._children(parent)
        if 0 <= row < len(siblings) and 0 <= column < len(COLUMNS):
            return self.createIndex(row, column, siblings[row].number)
        return QModelIndex()

    def parent(self, index: Index = _NONE) -> QModelIndex:  # type: ignore[override]  # Qt has a second parent()
        node = self.node(index)
        return QModelIndex() if node is None or node.parent is None else self.index_of(node.parent)

    def rowCount(self, parent: Index = _NONE) -> int:
        return len(self._children(parent)) if parent.column() <= 0 else 0

    def columnCount(self, parent: Index = _NONE) -> int:
        return len(COLUMNS)

    def hasChildren(self, parent: Index = _NONE) -> bool:
        return self.rowCount(parent) > 0

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in _ROLES:  # Qt asks for a dozen roles a cell
            return None
        node = self.node(index)
        if node is None:
            return None
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.wording.name(node) if column == NAME else self.wording.figure(node, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if column == NAME else _RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._tip(node, column))
        return self.wording.spoken(node) if column == NAME else self.wording.figure(node, column)

    def _tip(self, node: Node, column: int) -> str:
        if column == NAME:
            return self.wording.tip(node)
        return self.wording.growth_tip(node) if column == GROWTH else COLUMN_HELP[column]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(COLUMN_HELP[section])
        return (
            _LEFT
            if role == Qt.ItemDataRole.TextAlignmentRole and section == NAME
            else (_RIGHT if role == Qt.ItemDataRole.TextAlignmentRole else None)
        )

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _ROW_FLAGS if index.isValid() else Qt.ItemFlag.ItemIsDropEnabled

    def _children(self, parent: Index) -> list[Node]:
        if not parent.isValid():
            return [self._tree.root]
        node = self.node(parent)
        return [] if node is None else node.children

    def _mark(self, key: tuple[Any, ...]) -> None:
        node = self._tree.by_key.get(key)
        if node is not None:
            self._dirty.add(node.number)
            if node.parent is not None and node.parent.kind is Kind.HOST:
                self._dirty.add(node.parent.number)

    def _mark_branch(self, isolate_id: int) -> None:
        node = self._tree.by_key.get(("isolate", isolate_id))
        if node is not None:
            self._mark(("isolate", isolate_id))
            for context in node.children:
                self._dirty.add(context.number)
                self._dirty.update(script.number for script in context.children)


# Qt asks for them several times a row; joining them each time took a tenth of its paint
_ROW_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDropEnabled
_ROLES = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.TextAlignmentRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.AccessibleTextRole,
    }
)


def _neighbours(nodes: Iterable[Node]) -> Iterator[tuple[Node, Node]]:
    """First and last of those that follow each other under one parent."""
    ordered = sorted(nodes, key=lambda node: (node.parent.number if node.parent is not None else 0, node.row))
    first = last = None
    for node in ordered:
        if last is None or node.parent is not last.parent or node.row != last.row + 1:
            if first is not None and last is not None:
                yield first, last
            first = node
        last = node
    if first is not None and last is not None:
        yield first, last
