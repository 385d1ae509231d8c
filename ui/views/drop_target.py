"""Drag and drop over the whole window: shows while dragging what a drop would do, and takes it as a copy or not at
all.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from ui.drop import DropPlan, Where, offer_of, plan_drop, plan_value
from ui.models.pool_state import PoolState
from ui.models.tree_nodes import Node
from ui.models.value_drag import dragged_value
from ui.views.drop_overlay import DropOverlay
from ui.views.isolates import IsolatesView

__all__ = ["DropTarget"]


class DropTarget(QObject):
    """`dropped` carries a `DropPlan` to carry out, `refused` the sentence that says why not."""

    dropped = Signal(object)
    value_dropped = Signal(object, object)  # a DraggedValue and the plan for it
    refused = Signal(str)

    def __init__(self, area: QWidget, tree: IsolatesView, overlay: DropOverlay, state: PoolState) -> None:
        super().__init__(area)
        self._area = area
        self._tree = tree
        self._state = state
        self.overlay = overlay
        self._refusal = ""

    def enter(self, event: QDragEnterEvent) -> None:
        # Taken here whatever it is: only then does Qt go on to ask about places, so that the line can say why not.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def move(self, event: QDragMoveEvent) -> None:
        plan, rect = self._plan(event)
        self.overlay.show_plan(self._area.geometry(), rect, plan.sentence, refused=plan.refused)
        self._refusal = plan.sentence if plan.refused else ""
        self._answer(event, plan)

    def leave(self) -> None:
        self.overlay.hide()
        if self._refusal:
            self.refused.emit(self._refusal)
            self._refusal = ""

    def drop(self, event: QDropEvent) -> None:
        plan, _rect = self._plan(event)
        self._refusal = ""
        self.overlay.hide()
        self._answer(event, plan)
        if plan.refused:
            self.refused.emit(plan.sentence)
        elif plan.where is Where.VALUE:
            self.value_dropped.emit(dragged_value(event.mimeData()), plan)
        else:
            self.dropped.emit(plan)

    @staticmethod
    def _answer(event: QDropEvent, plan: DropPlan) -> None:
        """A copy or nothing: a source that would delete its file after a move must never be told "moved"."""
        if plan.refused:
            event.setDropAction(Qt.DropAction.IgnoreAction)
            event.ignore()
        else:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def _plan(self, event: QDropEvent) -> tuple[DropPlan, QRect]:
        """What a drop here would do, and the outline of its target."""
        offer = offer_of(event.mimeData())
        node = self._node_at(event.position().toPoint())
        value = dragged_value(event.mimeData())
        if value is None:
            plan = plan_drop(offer, node, event.modifiers(), self._state)
        else:
            plan = plan_value(value, node, self._state)
        if not plan.refused and not event.possibleActions() & Qt.DropAction.CopyAction:
            words = "This source only offers to move or link: nothing is taken, the files stay where they are."
            plan = DropPlan(plan.where, (), words, refused=True)
        if node is None:
            return plan, self._area.rect()
        row = self._tree.row_rect(node)
        return plan, QRect(self._tree.viewport().mapTo(self._area, row.topLeft()), row.size())

    def _node_at(self, position: QPoint) -> Node | None:
        viewport = self._tree.viewport()
        window = self._area.window()
        inside = viewport.mapFrom(window, position)
        return self._tree.node_at(inside) if viewport.rect().contains(inside) and viewport.isVisible() else None
