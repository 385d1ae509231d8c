"""Every action of the window as a list that typing narrows: the best fit first, what can't be used with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

__all__ = ["Entry", "PaletteModel", "fit"]

_NONE = QModelIndex()
_NO_FIT = -1


class Entry(Struct, frozen=True):
    """`reason`: why it can't be used now, "" when it can. `checked`: None for what can't be checked."""

    key: str
    text: str
    tip: str
    shortcut: str = ""
    reason: str = ""
    checked: bool | None = None
    also: str = ""  # what else finds it


def fit(needle: str, text: str, *, scattered: bool = True) -> int:
    """How well `text` answers what was typed: every word of it must be found, or (`scattered`) its letters in
    order; -1 when not.

    The start of a word counts most, the inside of one less, scattered letters least; of equals the shorter wins.
    """
    wanted, offered = needle.casefold().split(), text.casefold()
    total = 0
    for word in wanted:
        place = offered.find(word)
        while place > 0 and offered[place - 1].isalnum():
            place = offered.find(word, place + 1)
        if place >= 0:
            total += 300 if place == 0 else 200
        elif word in offered:
            total += 100
        elif scattered and _in_order(word, offered):
            total += 10
        else:
            return _NO_FIT
    return total * 100 + max(0, 99 - len(text))


def _more(entry: Entry) -> str:
    """All that finds it: a search may take a word from its name and one from elsewhere."""
    return f"{entry.text} {entry.also} {entry.tip}"


def _in_order(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)


class PaletteModel(QAbstractListModel):
    """`narrow` keeps what fits; an empty needle keeps all, those that can be used first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: Sequence[Entry] = ()
        self._shown: list[Entry] = []

    def put(self, entries: Sequence[Entry]) -> None:
        self._all = entries
        self.narrow("")

    def narrow(self, needle: str) -> None:
        self.beginResetModel()
        if needle.strip():
            ranked = [
                (max(fit(needle, one.text), fit(needle, _more(one), scattered=False) // 4), one) for one in self._all
            ]
            found = [(rank, one) for rank, one in ranked if rank >= 0]
            self._shown = [one for _, one in sorted(found, key=lambda pair: (bool(pair[1].reason), -pair[0]))]
        else:
            self._shown = sorted(self._all, key=lambda one: bool(one.reason))
        self.endResetModel()

    def entry(self, row: int) -> Entry | None:
        return self._shown[row] if 0 <= row < len(self._shown) else None

    # --- Qt's questions ---

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NONE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entry(index.row()) if index.isValid() else None
        if entry is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = "" if entry.checked is None else ", on" if entry.checked else ", off"
            return f"{entry.text}{state}, {entry.reason or entry.shortcut or entry.tip}"
        return None
