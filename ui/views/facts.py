"""The facts of the selection: title, what it means, its birth as a strip, and sections of figures that say what
they count.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.models.facts import BirthFacts, Facts, Section
from ui.models.tip import plain_tip
from ui.style import SPACE
from ui.views.facts_section import BETWEEN, FactsSection, label, shape_of
from ui.views.font_care import keep_font, larger

__all__ = ["FactsView", "ShowBirth"]

ShowBirth = Callable[[BirthFacts], None]
_MOST_KEPT = 24  # sections that are not shown now; selections come and go between the same shapes


class FactsView(QScrollArea):
    """Shows a `Facts`; sections are kept while their shape is the same, since figures change many times a second, and
    to make all of them anew takes 30 ms.
    """

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
        self._title = label(self._body)
        keep_font(self._title, lambda: larger(1.2))
        self._subtitle = label(self._body, "muted")
        for words in (self._title, self._subtitle):  # a name without a blank would push the figures out of sight
            words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._place = QVBoxLayout()  # of the sections
        self._place.setSpacing(SPACE + BETWEEN)
        self._birth: QWidget | None = None
        self._show_birth: ShowBirth = lambda _birth: None
        self._sections: dict[Hashable, FactsSection] = {}  # by shape, in order
        self._kept: dict[Hashable, FactsSection] = {}
        self._shown: Facts | None = None
        self._column.addWidget(self._title)
        self._column.addWidget(self._subtitle)
        self._column.addLayout(self._place)
        self._column.addStretch(1)
        self.setWidget(self._body)

    @property
    def values(self) -> list[QLabel]:
        """The labels of all figures."""
        return [value for section in self._sections.values() for value in section.values]

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
        shapes: dict[Hashable, Section] = {}
        for section in facts.sections:
            shape = shape_of(section)
            shapes[(shape, len(shapes)) if shape in shapes else shape] = section
        if list(shapes) != list(self._sections):
            self._put_sections(shapes)
        for shape, section in shapes.items():
            self._sections[shape].show_facts(section.facts)
        self._shown = facts

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def _put_sections(self, shapes: dict[Hashable, Section]) -> None:
        """Have a widget for each shape, in their order; those that are there already stay."""
        for shape in [one for one in self._sections if one not in shapes]:
            gone = self._kept[shape] = self._sections.pop(shape)
            self._place.removeWidget(gone)
            gone.hide()
        there = self._sections
        self._sections = {}
        for at, (shape, section) in enumerate(shapes.items()):
            one = there.get(shape) or self._kept.pop(shape, None) or FactsSection(section, self._body)
            self._sections[shape] = one
            if self._place.indexOf(one) != at:
                self._place.removeWidget(one)
                self._place.insertWidget(at, one)
                one.show()
        while len(self._kept) > _MOST_KEPT:
            self._kept.pop(next(iter(self._kept))).deleteLater()
