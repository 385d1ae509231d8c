"""Where a value goes: the contexts that live, each with a box to check, and what became of it there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from inspector.text import visible
from ui.models.tip import plain_tip

__all__ = ["ValueTargets"]

_PLACE = Qt.ItemDataRole.UserRole
_CHECK = Qt.CheckState.Checked
_ALL = "All contexts"


class ValueTargets(QTreeWidget):
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderLabels(["To", "What became of it"])
        self.setAccessibleName("Where the value goes")
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.header().setStretchLastSection(True)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self._all = QTreeWidgetItem(self, [_ALL, ""])
        self._all.setFlags(self._all.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        self._all.setCheckState(0, Qt.CheckState.Unchecked)
        self._filling = False
        self.itemChanged.connect(self._checked)

    def put(self, places: Sequence[tuple[int, int, str]], source: tuple[int, int] | None) -> None:
        """The contexts that live; at first the first one of another isolate than the source's is checked."""
        self._filling = True
        before = {item.data(0, _PLACE): item for item in self._items()}
        kept = {place: (item.checkState(0), item.text(1)) for place, item in before.items()}
        for item in before.values():
            self.takeTopLevelItem(self.indexOfTopLevelItem(item))
        for isolate_id, context_id, words in places:
            item = QTreeWidgetItem(self, [words, ""])
            item.setData(0, _PLACE, (isolate_id, context_id))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            state, outcome = kept.get((isolate_id, context_id), (Qt.CheckState.Unchecked, ""))
            item.setCheckState(0, state)
            item.setText(1, outcome)
        if not self.checked():
            others = [item for item in self._items() if source is None or item.data(0, _PLACE)[0] != source[0]]
            others = others or [item for item in self._items() if item.data(0, _PLACE) != source] or self._items()
            for item in others[:1]:
                item.setCheckState(0, _CHECK)
        self._show_all()
        self._filling = False
        self.changed.emit()

    def checked(self) -> list[tuple[int, int]]:
        """Isolate and context of each."""
        return [item.data(0, _PLACE) for item in self._items() if item.checkState(0) == _CHECK]

    def check_only(self, place: tuple[int, int]) -> None:
        for item in self._items():
            item.setCheckState(0, _CHECK if item.data(0, _PLACE) == place else Qt.CheckState.Unchecked)

    def name_of(self, place: tuple[int, int]) -> str:
        return next((item.text(0) for item in self._items() if item.data(0, _PLACE) == place), "")

    def tell(self, place: tuple[int, int], words: str) -> None:
        """What became of it there."""
        for item in self._items():
            if item.data(0, _PLACE) == place:
                item.setText(1, visible(words, 300))
                item.setToolTip(1, plain_tip(visible(words, 1_000)))

    def told(self, place: tuple[int, int]) -> str:
        return next((item.text(1) for item in self._items() if item.data(0, _PLACE) == place), "")

    def forget_outcomes(self) -> None:
        for item in self._items():
            item.setText(1, "")
            item.setToolTip(1, "")

    def _items(self) -> list[QTreeWidgetItem]:
        found = [self.topLevelItem(row) for row in range(1, self.topLevelItemCount())]
        return [item for item in found if item is not None]

    def _checked(self, item: QTreeWidgetItem, column: int) -> None:
        if self._filling or column != 0:
            return
        self._filling = True
        if item is self._all:
            for one in self._items():
                one.setCheckState(0, self._all.checkState(0))
        else:
            self._show_all()
        self._filling = False
        self.changed.emit()

    def _show_all(self) -> None:
        count, of = len(self.checked()), len(self._items())
        some = Qt.CheckState.PartiallyChecked if count else Qt.CheckState.Unchecked
        self._all.setCheckState(0, _CHECK if of and count == of else some)
