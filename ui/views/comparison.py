"""Two recordings, isolates or ranges beside each other: heaps overlaid, tables of changes, difference flame graph."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSplitter, QTabWidget, QToolButton, QVBoxLayout, QWidget

from inspector.analysis.comparison import Comparison, Side, Verdict
from inspector.analysis.difference import Difference
from inspector.analysis.flame import laid_out
from inspector.analysis.tree import Array
from inspector.units import format_us
from ui.models.comparison import ChangesModel, FunctionChangesModel, change_text
from ui.models.flame_chart import Block
from ui.models.session_window import SessionWindow
from ui.style import SPACE, mixed
from ui.theme import Theme, Themes
from ui.views.elided_label import ElidedLabel
from ui.views.flame_chart import FlameChart
from ui.views.heap_overlay import HeapOverlay
from ui.views.tables import Table

__all__ = ["ComparisonView"]

_STEPS = 20  # of colour, each way
_FULL_CHANGE = 1.0  # doubled or gone has the full colour


class ComparisonView(QWidget):
    """`comparison_wished` carries (before, after), two `Side`s: work that would stall the window."""

    comparison_wished = Signal(object, object)

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._difference: Difference | None = None
        self._totals: tuple[Array, Array] = (np.zeros(0), np.zeros(0))
        self._per = "run"
        self.changes = ChangesModel(self)
        self.functions = FunctionChangesModel(self)
        self.overlay = HeapOverlay(themes)
        self.weights = SessionWindow(self)
        self.flame = FlameChart(self.weights, themes, title="B against A")
        self.flame.setAccessibleName("Difference flame graph")
        self.flame.length_words = self._words_of
        self.pickers = QComboBox(), QComboBox()
        self.summary = ElidedLabel()
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Tables of the comparison")
        self._lay_out()
        for picker in self.pickers:
            picker.activated.connect(self._picked)
        themes.changed.connect(self._theme_changed)

    def put_sides(self, sides: Sequence[Side], before: int, after: int) -> None:
        """What may be compared, and which two are."""
        for picker, chosen in zip(self.pickers, (before, after), strict=True):
            picker.clear()
            for side in sides:
                picker.addItem(side.name, side)
            picker.setCurrentIndex(chosen)
        self._picked()

    def show_comparison(self, found: Comparison, difference: Difference | None) -> None:
        self.changes.put(found.figures)
        self.functions.put(found.functions)
        self._per = found.per
        self.tabs.setTabText(1, f"Functions, per {found.per}")
        all_verdicts = [one.verdict for one in found.figures] + [one.verdict for one in found.functions]
        more, less = all_verdicts.count(Verdict.MORE), all_verdicts.count(Verdict.LESS)
        unknown = all_verdicts.count(Verdict.UNKNOWN)
        self.summary.setText(
            f"B against A: {more} more, {less} less beyond noise"
            + (f" · {unknown} figures have too few repeats for a verdict" if unknown else "")
        )
        self._put_difference(difference)

    def sides(self) -> tuple[Side, Side] | None:
        found = [picker.currentData() for picker in self.pickers]
        return (found[0], found[1]) if all(isinstance(one, Side) for one in found) else None

    # --- the difference ---

    def _put_difference(self, difference: Difference | None) -> None:
        self._difference = difference
        if difference is None:
            self.flame.show_profile(None, "A difference needs a CPU profile on both sides.")
            return
        tree = difference.tree
        self._totals = tree.totals(difference.before), tree.totals(difference.after)
        profile = laid_out(tree, np.maximum(difference.before, difference.after))
        self.weights.put_whole(0.0, max(1.0, profile.until_us))
        self.weights.fit()
        self.flame.show_profile(profile)
        self.flame.paint_with(self._colours(self._themes.current))

    def _colours(self, theme: Theme) -> Array:
        """Redder: more in B; greener: less. Grey: within a twentieth."""
        before, after = self._totals
        most = np.maximum(np.maximum(before, after), 1e-9)
        change = np.clip((after - before) / most / _FULL_CHANGE, -1, 1)
        ramp = [mixed(theme.ok, theme.raised, -i / _STEPS * 0.6).rgb() for i in range(-_STEPS, 0)]
        ramp += [mixed(theme.error, theme.raised, i / _STEPS * 0.6).rgb() for i in range(_STEPS + 1)]
        colours: Array = np.array(ramp, np.uint32)[np.round(change * _STEPS).astype(int) + _STEPS]
        return colours

    def _words_of(self, block: Block) -> str:
        before, after = float(self._totals[0][block.node]), float(self._totals[1][block.node])
        told = f"A {format_us(before)}, B {format_us(after)} per {self._per}"
        return f"{told} ({change_text(before, after)})"

    def _theme_changed(self, theme: Theme) -> None:
        if self._difference is not None:
            self.flame.paint_with(self._colours(theme))

    # --- gestures ---

    def _picked(self) -> None:
        found = self.sides()
        if found is not None:
            self.overlay.show_sides(found)
            self.summary.setText("Comparing…")
            self.comparison_wished.emit(*found)

    def swap(self) -> None:
        places = [picker.currentIndex() for picker in self.pickers]
        for picker, place in zip(self.pickers, reversed(places), strict=True):
            picker.setCurrentIndex(place)
        self._picked()

    def _lay_out(self) -> None:
        swap = QToolButton()
        swap.setText("Swap")
        swap.setToolTip("Exchange A and B")
        swap.clicked.connect(self.swap)
        bar = QHBoxLayout()
        bar.setContentsMargins(SPACE, SPACE // 2, SPACE, SPACE // 2)
        bar.setSpacing(SPACE)
        for name, picker in zip("AB", self.pickers, strict=True):
            label = QLabel(name)
            label.setBuddy(picker)
            picker.setAccessibleName(f"Side {name}")
            picker.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            picker.setMinimumContentsLength(14)
            bar.addWidget(label)
            bar.addWidget(picker, 1)
        bar.addWidget(swap)
        self.summary.setProperty("tone", "muted")
        words = QHBoxLayout()
        words.setContentsMargins(SPACE, 0, SPACE, SPACE // 2)
        words.addWidget(self.summary)
        words.addStretch(1)
        figures = Table(
            self.changes, self._themes, name="Changes", empty="Nothing to compare.", widths=(28, 12, 12, 10, 28, 29)
        )
        functions = Table(
            self.functions,
            self._themes,
            name="Changes per function",
            empty="A comparison of functions needs a CPU profile on both sides.",
            widths=(24, 10, 10, 10, 24, 29, 16),
        )
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        for view, name in ((figures, "Figures"), (functions, "Functions"), (self.flame, "Difference flame graph")):
            self.tabs.addTab(view, name)
        down = QSplitter(Qt.Orientation.Vertical)
        down.addWidget(self.overlay)
        down.addWidget(self.tabs)
        down.setHandleWidth(1)
        down.setChildrenCollapsible(False)
        down.setSizes([190, 330])
        down.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addLayout(words)
        column.addWidget(down, 1)
