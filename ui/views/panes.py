"""How tree, middle and facts share the window's width, and the two halves of the middle its height."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from ui.settings import Settings

__all__ = ["Panes"]

_ACROSS, _DOWN = (480, 532, 268), (450, 270)  # at the first start, of a window of 1280 points
_LEAST_TREE = 200


class Panes:
    """The tree has its place from the start; the others come with `put`."""

    def __init__(self, tree: QWidget, settings: Settings) -> None:
        self.across = _splitter(Qt.Orientation.Horizontal)
        self._down = _splitter(Qt.Orientation.Vertical)
        self._gaps = (
            QWidget(),
            QWidget(),
        )  # of the middle and the facts: without them the tree would be wider at first
        tree.setMinimumWidth(_LEAST_TREE)
        self._down.addWidget(self._gaps[0])
        for widget in (tree, self._down, self._gaps[1]):
            self.across.addWidget(widget)
        self.across.setStretchFactor(1, 1)
        self.across.setSizes(list(_ACROSS))
        self.across.restoreState(settings.data("across"))

    def put(self, above: QWidget, below: QWidget, facts: QWidget) -> None:
        """Fill the middle and the right."""
        self.across.replaceWidget(2, facts)
        self._down.replaceWidget(0, above)
        self._down.addWidget(below)
        for gap in self._gaps:
            gap.deleteLater()
        for place, stretch in enumerate((3, 2)):
            self._down.setStretchFactor(place, stretch)
        self.across.setSizes(list(_ACROSS))
        self._down.setSizes(list(_DOWN))

    def share(self, across: Sequence[int], down: Sequence[int]) -> None:
        """The room, in any unit: of tree, middle and facts; of middle and bottom; () leaves them."""
        for splitter, shares in ((self.across, across), (self._down, down)):
            if not shares:
                continue
            room = splitter.width() if splitter is self.across else splitter.height()
            splitter.setSizes([share * room // max(1, sum(shares)) for share in shares])

    def share_as_at_first(self) -> None:
        """Tree and facts as wide as they were then; the middle has the rest."""
        tree, middle, facts = _ACROSS
        self.across.setSizes([tree, max(middle, self.across.width() - tree - facts), facts])
        self.share((), _DOWN)

    def now(self) -> tuple[tuple[int, int, int], tuple[int, int]]:
        """What `share` takes."""
        tree, middle, facts = self.across.sizes()
        above, below = self._down.sizes()
        return (tree, middle, facts), (above, below)

    def remember(self, settings: Settings) -> None:
        for key, splitter in (("across", self.across), ("down", self._down)):
            settings.put_data(key, bytes(splitter.saveState().data()))

    def recall(self, settings: Settings) -> None:
        """Take the shares of the last window; what a state says of a splitter's looks is not taken."""
        for key, splitter in (("across", self.across), ("down", self._down)):
            splitter.restoreState(settings.data(key))
            _keep_looks(splitter)


def _splitter(orientation: Qt.Orientation) -> QSplitter:
    made = QSplitter(orientation)
    _keep_looks(made)
    return made


def _keep_looks(splitter: QSplitter) -> None:
    splitter.setHandleWidth(1)
    splitter.setChildrenCollapsible(False)
