"""What a window has from the start: the state of the pool, and the tree that shows it.

A live isolate is on the screen a tenth of a second before console, graphs, menus and facts could be imported and made.
They come after it (`ui.assembly`), and hear then what they missed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inspector.events import Event
from ui.bridge import Bridge
from ui.clock import FRAME_MS
from ui.event_queue import EventQueue
from ui.models.isolates import IsolatesModel
from ui.models.pool_state import Changes, PoolState
from ui.models.series import SeriesStore
from ui.opening import Opening
from ui.selection import Selection
from ui.views.isolates import IsolatesView

if TYPE_CHECKING:
    from inspector.pool import PoolDoor

__all__ = ["WindowCore"]


class WindowCore(QObject):
    """Owner: the GUI thread. `queue` is what the pool's listener fills, from before there was a window."""

    _taken = Signal(list, object)  # list[Event], Changes

    def __init__(self, opening: Opening, door: PoolDoor, queue: EventQueue, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self.door = door
        self.loop = loop
        self.settings = opening.settings
        self.themes = opening.themes
        self.window = opening.window
        self.selection = Selection(self)
        self.state = PoolState()
        self.store = SeriesStore(self)
        self.tree = IsolatesModel(self.state, self.store, self)
        self.tree.set_grouped(self.settings.flag("grouped"))
        self.bridge = Bridge(queue, door.submit, loop, self)
        self.bridge.pace_ms = 0  # the first row waits for no frame
        self._early: list[tuple[list[Event], Changes]] | None = []  # batches that nobody else has heard yet
        self.tree_view = IsolatesView(self.tree, self.state, self.selection, self.themes)
        self.window.begin(self.tree_view, self.settings)
        self.bridge.events_arrived.connect(self._take)

    def subscribe(self, take: Callable[[list[Event], Changes], object]) -> None:
        """Call `take` with each batch of events and what it changed, from the first batch on."""
        early, self._early = self._early or [], None
        for batch in early:
            take(*batch)
        self.bridge.pace_ms = FRAME_MS
        self._taken.connect(take)

    def _take(self, events: list[Event]) -> None:
        changes = self.state.apply(events)
        self.store.apply(events)
        self.tree.apply(changes)
        if self._early is None:
            self._taken.emit(events, changes)
        else:
            self._early.append((events, changes))
