"""The rows of the tree as plain objects: pool, host processes, isolates, contexts, scripts.

A node's number stands in for it in Qt's indexes, so that a stale index finds nothing instead of a freed object.
Rows are only ever appended, or taken away with everything beneath them.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from itertools import count
from typing import Any

from msgspec import Struct, field

from ui.models.pool_state import PoolState
from ui.models.records import ContextRecord, HostRecord, IsolateRecord, ScriptRecord

__all__ = ["Kind", "Node", "NodeTree"]


class Kind(Enum):
    POOL = "pool"
    HOST = "host process"
    ISOLATE = "isolate"
    CONTEXT = "context"
    SCRIPT = "script"


class Node(Struct, eq=False):
    number: int
    kind: Kind
    record: Any  # HostRecord, IsolateRecord, ContextRecord, ScriptRecord; the pool's is its PoolState
    parent: Node | None
    row: int = 0
    children: list[Node] = field(default_factory=list)

    @property
    def isolate_id(self) -> int | None:
        """The isolate this row is or lies in."""
        node: Node | None = self
        while node is not None:
            if node.kind is Kind.ISOLATE:
                return int(node.record.isolate_id)
            node = node.parent
        return None


class NodeTree:
    """Builds and finds nodes. `grow` only prepares: whoever draws inserts what it returns with `attach`."""

    def __init__(self, state: PoolState) -> None:
        self._state = state
        self._numbers = count(1)
        self.grouped = False
        self.by_number: dict[int, Node] = {}
        self.by_key: dict[tuple[Any, ...], Node] = {}
        self.root = self._new(Kind.POOL, ("pool",), state, None)

    def rebuild(self, *, grouped: bool) -> None:
        """Make all rows anew, flat or under their host processes."""
        self.grouped = grouped
        self.by_number.clear()
        self.by_key.clear()
        self.root = self._new(Kind.POOL, ("pool",), self._state, None)
        for parent, nodes in self.grow(list(everything(self._state))).items():
            self.attach(self.by_number[parent], nodes)

    def grow(self, appeared: list[tuple[str, Any]]) -> dict[int, list[Node]]:
        """New nodes by the number of the attached parent they belong under; whole branches where the parent is new
        too.
        """
        loose: set[int] = set()
        pending: dict[int, list[Node]] = {}
        for what, record in appeared:
            node = self._node_for(what, record)
            if node is None or node.parent is None:
                continue
            if node.parent.number in loose:
                node.row = len(node.parent.children)
                node.parent.children.append(node)
            else:
                pending.setdefault(node.parent.number, []).append(node)
            loose.add(node.number)
        return pending

    @staticmethod
    def attach(parent: Node, nodes: list[Node]) -> None:
        for node in nodes:
            node.row = len(parent.children)
            parent.children.append(node)

    def detach(self, node: Node) -> None:
        """Take a row and all beneath it away."""
        if node.parent is None:
            return
        siblings = node.parent.children
        del siblings[node.row]
        for row in range(node.row, len(siblings)):
            siblings[row].row = row
        gone = {one.number for one in branch(node)}
        self.by_number = {number: one for number, one in self.by_number.items() if number not in gone}
        self.by_key = {key: one for key, one in self.by_key.items() if one.number not in gone}

    def _new(self, kind: Kind, key: tuple[Any, ...], record: Any, parent: Node | None) -> Node:
        node = Node(next(self._numbers), kind, record, parent)
        self.by_number[node.number] = self.by_key[key] = node
        return node

    def _node_for(self, what: str, record: Any) -> Node | None:
        if what == "host":
            return self._host_node(record)
        if what == "isolate":
            return self._new(Kind.ISOLATE, ("isolate", record.isolate_id), record, self._home(record))
        if what == "context":
            isolate_id = record.created.isolate_id
            parent = self.by_key.get(("isolate", isolate_id))
            key: tuple[Any, ...] = ("context", isolate_id, record.context_id)
            return None if parent is None else self._new(Kind.CONTEXT, key, record, parent)
        isolate_id, context_id = record.parsed.isolate_id, record.parsed.context_id
        parent = self.by_key.get(("context", isolate_id, context_id))
        key = ("script", isolate_id, record.parsed.script_id)
        if parent is not None and record.added:  # V8 parsed a file that stands there already
            known = next((one for one in parent.children if one.record is record), None)
            if known is not None:
                self.by_key[key] = known
                return None
        return None if parent is None else self._new(Kind.SCRIPT, key, record, parent)

    def _host_node(self, record: HostRecord) -> Node | None:
        return self._new(Kind.HOST, ("host", record.host_id), record, self.root) if self.grouped else None

    def _home(self, record: IsolateRecord) -> Node:
        return self.by_key.get(("host", record.created.host_id), self.root) if self.grouped else self.root


def branch(node: Node) -> Iterator[Node]:
    """A node and all beneath it."""
    yield node
    for child in node.children:
        yield from branch(child)


def everything(state: PoolState) -> Iterator[tuple[str, HostRecord | IsolateRecord | ContextRecord | ScriptRecord]]:
    """All records in the order in which their events would have come."""
    for host in state.hosts.values():
        yield "host", host
    for isolate in state.isolates.values():
        yield "isolate", isolate
        for context in isolate.contexts.values():
            yield "context", context
            for script in context.scripts.values():
                yield "script", script
