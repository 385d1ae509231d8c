"""The doors of the selected context: in its facts once a second, closed from a menu; channels, opened from another."""

from __future__ import annotations

import contextlib
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu

from inspector.errors import GoneError, InspectorError
from inspector.states import IsolateState
from inspector.text import visible
from ui.features.feature import Feature, Workbench
from ui.models.door_facts import door_name

if TYPE_CHECKING:
    from inspector.pool import Context
    from inspector.records import Door
    from ui.models.records import ContextRecord

__all__ = ["DoorsFeature"]

_EVERY_US = 1_000_000
_MOST_OBJECTS = 20_000  # of a reference that are looked at, once: 6 ms of its isolate's thread
_MOST_LOOKED_AT = 50
_LOOK_S = 0.5
Place = tuple[int, int]


class DoorsFeature(Feature):
    """Nothing is asked for while nobody sees the facts of a context. Price: no message to its host."""

    keys = ("close-door", "open-channel")

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.menu: QMenu | None = None  # the one that was shown last
        self._asked_us = 0
        self._asking = False
        bench.clock.tick.connect(self._tick)

    def grant(self, key: str) -> None:
        place = self._place()
        if place is not None and key == "close-door":
            self.bench.bridge.spawn(self._offer_doors(place), "list the doors")
        elif place is not None:
            self._offer_channels(place)

    def selection_changed(self) -> None:
        self._asked_us = 0
        self.bench.clock.ask()

    # --- doors ---

    def _tick(self, at_us: int) -> None:
        chosen = self.bench.selection.context_id
        if self._asking or chosen is None or not self.bench.views.facts.isVisible():
            return
        if at_us < self._asked_us + _EVERY_US:
            self.bench.clock.ask(self._asked_us + _EVERY_US)
        elif (place := self._place()) is not None:
            self._asked_us = at_us
            self._asking = True
            self.bench.bridge.spawn(self._ask(place), "list the doors")

    async def _ask(self, place: Place) -> None:
        try:
            doors = await self.bench.bridge.submit(_doors(self, place))
        except GoneError:
            return  # it ended meanwhile, which its row tells
        finally:
            self._asking = False
            self.bench.clock.ask()  # for the next time
        record = self._record(place)
        if record is not None:
            record.doors = doors
            self.bench.figures_changed()  # also when they are the same: how long ago one was used is told

    async def _offer_doors(self, place: Place) -> None:
        doors = await self.bench.bridge.submit(_doors(self, place))
        menu = self._fresh_menu("Close a door")
        for door in doors:
            words = f"{'Open again' if door.closed else 'Close'}: {door_name(door)}".replace("&", "&&")
            menu.addAction(words).triggered.connect(lambda _=False, one=door: self._change(place, one))
        menu.popup(QCursor.pos())

    def _change(self, place: Place, door: Door) -> None:
        self._asked_us = 0
        self.bench.clock.ask()
        name = door_name(door)
        words = f"{name[:1].upper()}{name[1:]} is {'open' if door.closed else 'closed'}."
        self._spawn(_changed(self, place, door), words, "close a door")

    # --- channels ---

    def _offer_channels(self, place: Place) -> None:
        menu = self._fresh_menu("Open a channel to")
        for record in self.bench.state.isolates.values():
            for context in record.contexts.values() if record.state.alive else ():
                other = (record.isolate_id, context.context_id)
                if not context.released and other != place:
                    words = visible(f"{record.name} · {context.created.name}", 80).replace("&", "&&")
                    menu.addAction(words).triggered.connect(
                        lambda _=False, one=other: self.connect_contexts(place, one)
                    )
        if menu.isEmpty():
            menu.addAction("There is no other context").setEnabled(False)
        menu.popup(QCursor.pos())

    def connect_contexts(self, place: Place, other: Place) -> None:
        """A port in each, under the first free name of port, port2, …"""
        self._spawn(_connected(self, place, other), "", "open a channel")

    # --- inside ---

    def _spawn(self, work: Coroutine[Any, Any, str], words: str, what: str) -> None:
        self.bench.bridge.spawn(self._told(work, words), what)

    async def _told(self, work: Coroutine[Any, Any, str], words: str) -> None:
        try:
            told = await self.bench.bridge.submit(work)
        except InspectorError as error:
            self.bench.problems.report_error(error)
        else:
            self.bench.commands.told.emit(words or told)

    def _fresh_menu(self, title: str) -> QMenu:
        if self.menu is not None:
            self.menu.deleteLater()
        self.menu = QMenu(title, self.bench.window)
        return self.menu

    def _place(self) -> Place | None:
        """The selected context, or the default one of the selected isolate."""
        chosen = self.bench.selection
        record = self.bench.state.isolates.get(chosen.isolate_id or 0)
        if record is None or not record.state.alive:
            return None
        context_id = chosen.context_id or record.default_context_id
        return None if context_id is None else (record.isolate_id, context_id)

    def _record(self, place: Place) -> ContextRecord | None:
        isolate = self.bench.state.isolates.get(place[0])
        return None if isolate is None else isolate.contexts.get(place[1])

    def context(self, place: Place) -> Context:
        """On the pool's loop."""
        return self.bench.pool.isolate(place[0]).context(place[1], "Find the context")


async def _doors(feature: DoorsFeature, place: Place) -> tuple[Door, ...]:
    context = feature.context(place)
    values = context.isolate.values
    lent = [given.reference for given in values.given.lent.values()]
    for reference in [*values.references, *lent][:_MOST_LOOKED_AT]:
        if reference.context is context and reference.reached is None and context.isolate.state is IsolateState.IDLE:
            with contextlib.suppress(InspectorError):  # it is told without then
                await reference.reach(most=_MOST_OBJECTS, timeout_s=_LOOK_S)
    return context.doors.list()


async def _changed(feature: DoorsFeature, place: Place, door: Door) -> str:
    doors = feature.context(place).doors
    if door.closed:
        doors.open(door.key)
    else:
        await doors.close(door.key)
    return ""


async def _connected(feature: DoorsFeature, place: Place, other: Place) -> str:
    ends = [feature.context(place), feature.context(other)]
    taken = {port.name for end in ends for _, port in end.isolate.ports.values()}
    name = next(one for one in ("port", *(f"port{number}" for number in range(2, 1000))) if one not in taken)
    await ends[0].open_channel(ends[1], name=name)
    names = f"{ends[0].isolate.name} and {ends[1].isolate.name}"
    return f"{names} talk by `{name}`: {name}.postMessage(value), {name}.onmessage = (event) => …"
