"""The facts of the selection: title, what it means, its birth as a strip, and sections of figures that say what
they count.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.models.facts import BirthFacts, Fact, Facts, Section
from ui.models.tip import plain_tip
from ui.style import SPACE

__all__ = ["FactsView", "ShowBirth"]

ShowBirth = Callable[[BirthFacts], None]


def label(tone: str = "", *, wraps: bool = True) -> QLabel:
    """A label that takes nothing for markup and can be selected."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wraps)
    made.setProperty("tone", tone)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


class FactsView(QScrollArea):
    """Shows a `Facts`; labels are kept while the shape is the same, since figures change many times a second."""

    shown = Signal()  # it was hidden: what it shows may be old

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Facts of the selection")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._body = QFrame()
        self._body.setObjectName("panel")
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(SPACE * 2, SPACE + 4, SPACE * 2, SPACE * 2)
        self._column.setSpacing(SPACE)
        self._title = label()
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * 1.2)
        font.setWeight(QFont.Weight.DemiBold)
        self._title.setFont(font)
        self._subtitle = label("muted")
        for words in (self._title, self._subtitle):  # a name without a blank would push the figures out of sight
            words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._sections = QWidget()
        self._grid = QGridLayout(self._sections)
        self._birth: QWidget | None = None
        self._show_birth: ShowBirth = lambda _birth: None
        self._shape: tuple[object, ...] = ()
        self._values: list[QLabel] = []
        self._shown: Facts | None = None
        self._column.addWidget(self._title)
        self._column.addWidget(self._subtitle)
        self._column.addWidget(self._sections)
        self._column.addStretch(1)
        self.setWidget(self._body)

    def put_birth_strip(self, strip: QWidget, show: ShowBirth) -> None:
        """The strip comes late, with the graphs; it stands beneath the title."""
        self._birth, self._show_birth = strip, show
        self._shown = None
        self._column.insertWidget(2, strip)
        strip.setVisible(False)

    def show_facts(self, facts: Facts) -> None:
        if facts == self._shown:
            return
        if self._shown is None or facts.title != self._shown.title:
            self._title.setText(facts.title)
            self._title.setToolTip(plain_tip(facts.title))
        if self._shown is None or facts.subtitle != self._shown.subtitle:
            self._subtitle.setText(facts.subtitle)
        if self._birth is not None:
            self._birth.setVisible(facts.birth is not None)
            if facts.birth is not None and (self._shown is None or facts.birth != self._shown.birth):
                self._show_birth(facts.birth)
        shape = tuple(
            (section.title, tuple((fact.name, fact.meaning, fact.long) for fact in section.facts))
            for section in facts.sections
        )
        if shape != self._shape:
            self._rebuild(facts.sections)
            self._shape = shape
        values = [fact for section in facts.sections for fact in section.facts]
        for value, fact in zip(self._values, values, strict=True):
            if value.text() != fact.text:
                value.setText(fact.text)
            tone = "error" if fact.trouble else ""
            if value.property("tone") != tone:
                value.setProperty("tone", tone)
                value.style().polish(value)
        self._shown = facts

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def _rebuild(self, sections: tuple[Section, ...]) -> None:
        old = self._sections
        self._sections = QWidget()
        self._grid = QGridLayout(self._sections)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE * 2)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnStretch(1, 1)
        self._values = []
        row = 0
        for section in sections:
            row = self._add_section(section, row)
        self._column.replaceWidget(old, self._sections)
        old.deleteLater()

    def _add_section(self, section: Section, row: int) -> int:
        title = label()
        font = title.font()
        font.setWeight(QFont.Weight.DemiBold)
        title.setFont(font)
        title.setText(section.title)
        title.setContentsMargins(0, SPACE if row else 0, 0, 2)
        self._grid.addWidget(title, row, 0, 1, 2)
        row += 1
        for fact in section.facts:
            self._add_fact(fact, row)
            row += 2 if fact.long else 1
        return row

    def _add_fact(self, fact: Fact, row: int) -> None:
        name = label("muted", wraps=False)
        name.setText(fact.name)
        name.setAlignment(Qt.AlignmentFlag.AlignTop)
        value = label()
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
        self._values.append(value)
