"""The tab of a repeat: its fields, the chart, and the table behind it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QScrollArea, QSplitter, QVBoxLayout, QWidget

from ui.models.repeat import RepeatModel
from ui.style import SPACE
from ui.theme import Themes
from ui.views.elided_label import ElidedLabel
from ui.views.repeat_chart import RepeatChart
from ui.views.repeat_fields import RepeatFields
from ui.views.tables import Table

__all__ = ["RepeatView"]

_WIDTHS = (12, 8, 7, 8, 9, 9, 9, 9, 13)  # characters


class RepeatView(QWidget):
    def __init__(self, model: RepeatModel, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields = RepeatFields(themes)
        self.chart = RepeatChart(model, themes, self)
        self.table = Table(model, themes, name="Repeats", empty="Nothing was repeated.", widths=_WIDTHS)
        rows = self.table.verticalHeader().defaultSectionSize()
        self.table.setMinimumHeight(rows * 4 + 24)
        self.footing = ElidedLabel()
        self.footing.setProperty("tone", "muted")
        self.footing.setContentsMargins(SPACE + 4, 4, SPACE + 4, 4)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(self.chart)
        parts.addWidget(self.table)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 1)
        parts.setHandleWidth(1)
        parts.setChildrenCollapsible(False)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.fields)
        column.addWidget(parts, 1)
        column.addWidget(self.footing)
        area = QScrollArea(self)  # in a low window the fields would be crushed
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        model.changed.connect(lambda: self.footing.setText(" · ".join(filter(None, (model.heading, model.footing)))))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        (self.fields.run if self.fields.path is not None else self.fields.choose).setFocus()
