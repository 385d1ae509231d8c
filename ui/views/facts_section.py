"""A section of the facts: its title, and a row of name and figure for each fact."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from ui.models.fact import Fact, Section
from ui.models.tip import plain_tip
from ui.style import SPACE

__all__ = ["BETWEEN", "FactsSection", "label", "shape_of"]

BETWEEN = 5  # pixels between two rows


def label(parent: QWidget, tone: str = "", *, wraps: bool = True) -> QLabel:
    """A label that takes nothing for markup and can be selected. Price: 0.2 ms, as much again when it is laid out."""
    made = QLabel(parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wraps)
    made.setProperty("tone", tone)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def shape_of(section: Section) -> Hashable:
    """All but the texts and their tone: sections of one shape can be shown by the same labels."""
    return section.title, tuple((fact.name, fact.meaning, fact.long) for fact in section.facts)


class FactsSection(QWidget):
    """Of one shape."""

    def __init__(self, section: Section, parent: QWidget) -> None:
        super().__init__(parent)
        self.values: list[QLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE * 2)
        self._grid.setVerticalSpacing(BETWEEN)
        self._grid.setColumnStretch(1, 1)
        title = label(self)
        font = title.font()
        font.setWeight(QFont.Weight.DemiBold)
        title.setFont(font)
        title.setText(section.title)
        title.setContentsMargins(0, 0, 0, 2)
        self._grid.addWidget(title, 0, 0, 1, 2)
        row = 1
        for fact in section.facts:
            self._add(fact, row)
            row += 2 if fact.long else 1
        self.show_facts(section.facts)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        for value, fact in zip(self.values, facts, strict=True):
            if value.text() != fact.text:
                value.setText(fact.text)
            tone = "error" if fact.trouble else ""
            if value.property("tone") != tone:
                value.setProperty("tone", tone)
                value.style().polish(value)

    def _add(self, fact: Fact, row: int) -> None:
        name = label(self, "muted", wraps=False)
        name.setText(fact.name)
        name.setAlignment(Qt.AlignmentFlag.AlignTop)
        value = label(self)
        value.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        side = Qt.AlignmentFlag.AlignLeft if fact.long else Qt.AlignmentFlag.AlignRight
        value.setAlignment(side | Qt.AlignmentFlag.AlignTop)
        value.setAccessibleName(fact.name)
        for one in (name, value):
            one.setToolTip(plain_tip(fact.meaning) if fact.meaning else "")
            one.setProperty("helpName", fact.name)  # for ui.views.help_target
            one.setProperty("helpWords", fact.meaning)
        if fact.long:
            self._grid.addWidget(name, row, 0, 1, 2)
            self._grid.addWidget(value, row + 1, 0, 1, 2)
        else:
            self._grid.addWidget(name, row, 0)
            self._grid.addWidget(value, row, 1)
        self.values.append(value)
