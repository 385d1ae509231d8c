"""The tree view: isolates, contexts and scripts, live; it speaks the selection and takes drops."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QContextMenuEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QStyleOptionViewItem, QTreeView, QWidget

from ui.models.isolates import IsolatesModel
from ui.models.pool_state import PoolState
from ui.models.records import IsolateRecord
from ui.models.tree_nodes import Kind, Node
from ui.models.tree_text import COLUMNS, GROWTH, HEAP, LIMIT, NAME, SPARK
from ui.selection import Selection
from ui.style import mixed
from ui.theme import Themes
from ui.views.font_care import when_font
from ui.views.isolates_delegate import IsolatesDelegate

__all__ = ["IsolatesView"]

Index = QModelIndex | QPersistentModelIndex

_EXPAND_UP_TO = 24  # isolates that open by themselves; more would bury the list

_LEAST_DIGITS = {SPARK: 45, GROWTH: 55, LIMIT: 59}  # so wide is the tree that has room for the column


class IsolatesView(QTreeView):
    """One selection rules all panels: this view writes it and follows it."""

    menu_requested = Signal(QPoint)  # global position
    opened = Signal(int)  # an isolate was double-clicked
    script_opened = Signal(int, str)  # a script of it was

    def __init__(
        self,
        model: IsolatesModel,
        state: PoolState,
        selection: Selection,
        themes: Themes,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._state = state
        self._selection = selection
        self._themes = themes
        self._following = False
        self._painted_from = 0  # the left edge of what is painted now
        self._in_sight: set[int] | None = None  # price of a look: 0.7 ms for 27 rows
        self.model_of_rows = model
        self.delegate = IsolatesDelegate(model, themes, self)
        self.delegate.host_letter = self._host_letter
        self.setModel(model)
        self.setItemDelegate(self.delegate)
        self._set_up()
        model.rowsInserted.connect(self._rows_inserted)
        model.modelReset.connect(self._model_reset)
        bar = self.verticalScrollBar()
        moved = (bar.valueChanged, bar.rangeChanged, self.expanded, self.collapsed, model.rowsInserted)
        for signal in (*moved, model.rowsRemoved, model.modelReset):
            signal.connect(self._forget_sight)
        selection.changed.connect(self._follow)
        themes.changed.connect(self._theme_changed)
        self._model_reset()

    def _forget_sight(self, *_what: object) -> None:
        self._in_sight = None

    def _theme_changed(self, _theme: object) -> None:
        self.viewport().update()

    def _set_up(self) -> None:
        self.setAccessibleName("Isolates")
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setAnimated(False)
        self.setSelectionMode(QTreeView.SelectionMode.ExtendedSelection)
        self.setIndentation(16)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QTreeView.ScrollMode.ScrollPerPixel)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setHighlightSections(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        when_font(self, self._measure)
        self.doubleClicked.connect(self._double_clicked)
        # it paints its own ground: so Qt moves what is painted when it scrolls, and paints nothing that lies behind
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def _measure(self) -> None:
        header, digit = self.header(), self.fontMetrics().horizontalAdvance("0")
        header.setMinimumSectionSize(digit * 6)
        for column, digits in ((HEAP, 9), (LIMIT, 7), (GROWTH, 11), (SPARK, 8)):
            title = str(self.model_of_rows.headerData(column, Qt.Orientation.Horizontal))
            header.resizeSection(column, max(digit * digits + 8, self.fontMetrics().horizontalAdvance(title) + 20))
        self._hide_columns()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._themes.current.panel)
        painter.end()
        self._painted_from = event.rect().left()
        super().paintEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(520, 480)

    # --- which rows are in sight ---

    def rows_in_sight(self) -> set[int]:
        """Numbers of the nodes in the viewport: the only ones worth repainting."""
        if self._in_sight is None:
            self._in_sight = self._look()
        return self._in_sight

    def _look(self) -> set[int]:
        numbers: set[int] = set()
        index = self.indexAt(QPoint(1, 1))
        bottom = self.viewport().height()
        while index.isValid() and self.visualRect(index).top() <= bottom:
            node = self.model_of_rows.node(index)
            if node is not None:
                numbers.add(node.number)
            index = self.indexBelow(index)
        return numbers

    def chosen_isolates(self) -> list[int]:
        """Numbers of the isolates that the selected rows are or lie in, from top to bottom."""
        nodes = [self.model_of_rows.node(index) for index in self.selectionModel().selectedRows()]
        found = {node.isolate_id for node in nodes if node is not None and node.isolate_id is not None}
        return [one for one in self._state.isolates if one in found]

    def node_at(self, position: QPoint) -> Node | None:
        """The row under a position of the viewport; None: empty space."""
        return self.model_of_rows.node(self.indexAt(position))

    def state_of(self, index: QModelIndex) -> str:
        """The state of a row's isolate or host process, for "What is this?"; "" when it has none."""
        node = self.model_of_rows.node(index)
        return str(getattr(node.record, "state", "")) if node is not None else ""

    def record(self, isolate_id: int) -> IsolateRecord | None:
        return self._state.isolates.get(isolate_id)

    def row_rect(self, node: Node) -> QRect:
        """The whole row of a node, in the viewport."""
        rect = self.visualRect(self.model_of_rows.index_of(node))
        return QRect(0, rect.top(), self.viewport().width(), rect.height())

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Repaint these rows alone: Qt repaints the whole viewport when more than one cell differs (a row: 0.8 ms)."""
        if QAccessible.isActive():
            super().dataChanged(first, last, list(roles))  # it tells screen readers too
            return
        above, beneath = self.visualRect(first), self.visualRect(last)
        if above.isValid() or beneath.isValid():
            top = above.top() if above.isValid() else 0
            bottom = beneath.bottom() if beneath.isValid() else self.viewport().height()
            left = 0 if first.column() == NAME else self.columnViewportPosition(first.column())
            self.viewport().update(left, top, self.viewport().width() - left, bottom - top + 1)

    # --- the selection, both ways ---

    def selectionChanged(self, selected: object, deselected: object) -> None:
        super().selectionChanged(selected, deselected)  # type: ignore[arg-type]
        if self._following:
            return
        indexes = self.selectionModel().selectedRows()
        node = self.model_of_rows.node(indexes[0]) if indexes else None
        if node is None or node.kind is Kind.POOL:
            self._selection.clear()
        elif node.kind is Kind.HOST:
            self._selection.set(host_id=node.record.host_id)
        elif node.kind is Kind.ISOLATE:
            self._selection.set(isolate_id=node.record.isolate_id)
        elif node.kind is Kind.CONTEXT:
            created = node.record.created
            self._selection.set(isolate_id=created.isolate_id, context_id=created.context_id)
        else:
            parsed = node.record.parsed
            self._selection.set(isolate_id=parsed.isolate_id, context_id=parsed.context_id, script_id=parsed.script_id)

    def _follow(self) -> None:
        index = self._index_of_selection()
        if index.isValid() and index not in self.selectionModel().selectedRows():
            self._following = True
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(index, flags)
            self.scrollTo(index)
            self._following = False

    def _index_of_selection(self) -> QModelIndex:
        chosen, find = self._selection, self.model_of_rows.find
        if chosen.script_id is not None:
            return find("script", chosen.isolate_id, chosen.script_id)
        if chosen.context_id is not None:
            return find("context", chosen.isolate_id, chosen.context_id)
        if chosen.isolate_id is not None:
            return find("isolate", chosen.isolate_id)
        return find("host", chosen.host_id) if chosen.host_id is not None else find("pool")

    # --- rows that come ---

    def _rows_inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        node = self.model_of_rows.node(parent)
        few = len(self._state.isolates) <= _EXPAND_UP_TO
        if few or (node is not None and node.kind in (Kind.POOL, Kind.HOST)):
            self.expand(parent)
        for row in range(first, last + 1 if few else first):
            self.expandRecursively(self.model_of_rows.index(row, 0, parent))
        self._follow()

    def _model_reset(self) -> None:
        few = len(self._state.isolates) <= _EXPAND_UP_TO
        self.expandAll() if few else self.expandToDepth(1 if self.model_of_rows.grouped else 0)
        self._follow()

    def _host_letter(self, isolate_id: int) -> tuple[int, str] | None:
        host = self._state.host_of(isolate_id)
        return None if host is None else (host.host_id, host.started.letter)

    def _double_clicked(self, index: QModelIndex) -> None:
        node = self.model_of_rows.node(index)
        if node is not None and node.isolate_id is not None and node.kind is Kind.ISOLATE:
            self.opened.emit(node.isolate_id)
        elif node is not None and node.isolate_id is not None and node.kind is Kind.SCRIPT:
            self.script_opened.emit(node.isolate_id, node.record.parsed.script_id)
        else:
            self.setExpanded(index, not self.isExpanded(index))

    # --- painting what is not a cell ---

    def drawRow(self, painter: QPainter, options: QStyleOptionViewItem, index: QModelIndex) -> None:  # type: ignore[override]
        theme = self._themes.current
        rect: QRect = options.rect
        row = QRect(0, rect.top(), self.viewport().width(), rect.height())
        if self.selectionModel().isRowSelected(index.row(), index.parent()):
            painter.fillRect(row, mixed(theme.accent, theme.panel, 0.18 if self.hasFocus() else 0.12))
            painter.fillRect(QRect(0, row.top(), 2, row.height()), theme.accent)
        elif self._hovered(index):
            painter.fillRect(row, mixed(theme.raised, theme.panel, 0.6))
        # not Qt's own row: its styles draw a selection of their own, each in another way
        node = self.model_of_rows.node(index)
        for column in range(len(COLUMNS)):
            seen = self.columnViewportPosition(column) + self.columnWidth(column) > self._painted_from
            if node is not None and not self.isColumnHidden(column) and (seen or node.kind is not Kind.ISOLATE):
                across = QRect(self.columnViewportPosition(column), row.top(), self.columnWidth(column), row.height())
                options.rect = self.visualRect(index) if column == NAME else across  # the name stands further in
                self.delegate.paint_cell(painter, options, node, column)
                if column == NAME:
                    branch = QRect(0, row.top(), options.rect.left(), row.height())
                    self.drawBranches(painter, branch, index)

    def _hovered(self, index: QModelIndex) -> bool:
        if not self.viewport().underMouse():
            return False
        over = self.indexAt(self.viewport().mapFromGlobal(self.cursor().pos()))
        return over.isValid() and over.siblingAtColumn(0) == index.siblingAtColumn(0)

    def drawBranches(self, painter: QPainter, rect: QRect, index: QModelIndex) -> None:  # type: ignore[override]
        if not self.model_of_rows.hasChildren(index):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._themes.current.muted, 1.3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        x, y = rect.right() - 8, rect.center().y() + 1
        points = ((-3, -1), (0, 2), (3, -1)) if self.isExpanded(index) else ((-1, -3), (2, 0), (-1, 3))
        painter.drawPolyline([QPoint(x + dx, y + dy) for dx, dy in points])
        painter.restore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._forget_sight()
        self._hide_columns()

    def _hide_columns(self) -> None:
        """Those for which there is no room."""
        digits = self.viewport().width() / max(1, self.fontMetrics().horizontalAdvance("0"))
        for column, least in _LEAST_DIGITS.items():
            self.setColumnHidden(column, digits < least)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        if index.isValid() and not self.selectionModel().isRowSelected(index.row(), index.parent()):
            self.setCurrentIndex(index)
        self.menu_requested.emit(event.globalPos())
