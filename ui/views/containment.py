"""The test of containment: what is asked, the table of cases, and beneath it one case: its heap, its neighbour, its
script.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QPlainTextEdit,
    QSplitter,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from inspector.text import visible
from inspector.units import format_ms
from ui.models.containment import CASE, VERDICT, CaseRow, ContainmentModel, Stage, Tone
from ui.style import fixed_font
from ui.theme import Themes
from ui.views.containment_chart import ContainmentChart, Shown
from ui.views.containment_controls import ContainmentControls
from ui.views.tables import Table

__all__ = ["ContainmentView"]

_WIDTHS = (28, 12, 8, 9, 11, 11, 24, 6, 6)  # characters


class ContainmentView(QWidget):
    """`row_shown`: the row whose case is beneath the table; it follows what runs until the user chooses one."""

    shown_changed = Signal()

    def __init__(self, model: ContainmentModel, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.controls = ContainmentControls(themes, self)
        self.table = Table(model, themes, name="Cases", empty="No cases.", widths=_WIDTHS)
        model.rowsInserted.disconnect(self.table.scrollToBottom)
        self.table.setItemDelegateForColumn(VERDICT, _VerdictDelegate(model, themes, self.table))
        self.chart = ContainmentChart(themes, self)
        self.script = QPlainTextEdit(self)
        self._follows = True
        self._script_of = ""
        self._lay_out()
        self.table.selectionModel().currentRowChanged.connect(self._row_chosen)
        self.table.clicked.connect(self._clicked)
        self.table.activated.connect(self._clicked)
        model.began.connect(self._began)
        model.dataChanged.connect(self._data_changed)
        model.modelReset.connect(self._reset)

    def row(self) -> CaseRow | None:
        """Whose case is shown beneath the table."""
        index = self.table.currentIndex()
        return self.model.rows[index.row()] if index.isValid() and index.row() < len(self.model.rows) else None

    def follow(self) -> None:
        """Show what runs, from now on, until the user chooses a row."""
        self._follows = True

    def draw(self, at_us: int) -> None:
        """Show the case that is chosen as it stands at this instant."""
        row = self.row()
        if row is None:
            self.chart.show_trial(None, "Choose a case to see its heap.")
        elif row.trial is not None:
            self.chart.show_trial(_shown_after(row))
        elif row.stage is Stage.RUNS:
            self.chart.show_trial(_shown_while(row, at_us))
        else:
            self.chart.show_trial(None, visible(row.reason, 300) or visible(row.case.title, 300))

    def _lay_out(self) -> None:
        self.script.setReadOnly(True)
        self.script.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.script.setFont(fixed_font(1.0))
        self.script.setStyleSheet("QPlainTextEdit { border: none; border-radius: 0; }")
        self.script.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.script.setAccessibleName("Script of the case")
        self.script.setPlaceholderText("The script of the case that is chosen.")
        self.script.setTabChangesFocus(True)
        self.script.setMinimumWidth(120)
        beneath = QSplitter(Qt.Orientation.Horizontal)
        beneath.addWidget(self.chart)
        beneath.addWidget(self.script)
        beneath.setStretchFactor(0, 3)
        beneath.setStretchFactor(1, 2)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(self.table)
        parts.addWidget(beneath)
        parts.setSizes([220, 220])
        for splitter in (beneath, parts):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        self.table.setMinimumHeight(90)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.controls)
        column.addWidget(parts, 1)

    # --- which row ---

    def _clicked(self, index: QModelIndex) -> None:
        self._follows = not index.isValid() or self.model.rows[index.row()].stage is Stage.RUNS
        self._show_row()

    def _row_chosen(self, *_indexes: object) -> None:
        if self.table.hasFocus():
            self._clicked(self.table.currentIndex())
        else:
            self._show_row()

    def _began(self, row: int) -> None:
        if self._follows:
            self.table.selectRow(row)
            self.table.scrollTo(self.model.index(row, CASE))

    def _reset(self) -> None:
        if self.model.rows:
            self.table.selectRow(0)
        self._show_row()

    def _data_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        if first.row() <= self.table.currentIndex().row() <= last.row():
            self.shown_changed.emit()

    def _show_row(self) -> None:
        row = self.row()
        text = "" if row is None else visible(row.case.text, len(row.case.text) * 8, lines=True)
        if text != self._script_of:
            self._script_of = text
            self.script.setPlainText(text)
        self.shown_changed.emit()


class _VerdictDelegate(QStyledItemDelegate):
    """The verdict in the colour of its tone; the words say the same."""

    def __init__(self, model: ContainmentModel, themes: Themes, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._themes = themes

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        row, theme = self._model.rows[index.row()], self._themes.current
        plain = theme.accent if row.stage is Stage.RUNS else theme.muted
        colours = {Tone.PLAIN: plain, Tone.GOOD: theme.ok, Tone.DOUBTFUL: theme.warn, Tone.BAD: theme.error}
        option.palette.setColor(QPalette.ColorRole.Text, colours[row.tone])


def _shown_while(row: CaseRow, at_us: int) -> Shown:
    return Shown(tuple(row.points), (), None, row.limit_bytes, row.began_us, max(at_us, row.began_us + 1))


def _shown_after(row: CaseRow) -> Shown:
    trial = row.trial
    assert trial is not None
    ended = " ".join(row.verdict.words).lower() if row.verdict is not None else ""
    words = f"{ended} after {format_ms(trial.after_ms)}"
    return Shown(
        trial.heap,
        trial.neighbour_gaps,
        trial.neighbour_worst_gap_ms,
        trial.limit_bytes,
        trial.began_us,
        trial.stopped_us,
        trial.stopped_us,
        words,
    )
