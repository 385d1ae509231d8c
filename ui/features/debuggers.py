"""Allow Debuggers: the endpoint, which is open while an isolate is allowed, and the words to give a debugger."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from inspector.errors import UsageError
from inspector.events import DebuggersChanged, Event, IsolateEnded
from inspector.text import visible
from ui.features.feature import Feature, Workbench
from ui.models.debuggers import attached_words
from ui.models.pool_state import Changes

if TYPE_CHECKING:
    from inspector.endpoint import Endpoint

__all__ = ["Debuggers"]


class Debuggers(Feature):
    """No port is open, and nothing of it is imported, before it is asked for."""

    keys = ("allow-debuggers", "copy-devtools-url", "copy-launch-configuration")

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.endpoint: Endpoint | None = None  # belongs to the pool's loop
        self.port = 0
        self._off = asyncio.Event()  # nobody is allowed any more
        self._lock = asyncio.Lock()

    def grant(self, key: str) -> None:
        record = self.bench.state.isolates.get(self.bench.selection.isolate_id or 0)
        if record is None:
            return
        if key == "allow-debuggers":
            allow = not record.debugger_url
            self._show_checked()  # until it has come true
            self.bench.bridge.spawn(self._allow(record.isolate_id, allow), "allow debuggers")
            return
        from inspector.endpoint import devtools_url, launch_configuration

        url = record.debugger_url
        text = devtools_url(url) if key == "copy-devtools-url" else launch_configuration(record.name, url)
        QGuiApplication.clipboard().setText(text)
        what = "The DevTools URL" if key == "copy-devtools-url" else "The launch configuration"
        self.bench.views.status.tell(f"{what} of {visible(record.name, 60)} is on the clipboard.")

    def take(self, events: Sequence[Event], changes: Changes) -> None:
        for event in events:
            if isinstance(event, IsolateEnded):
                self._mark(event.isolate_id, "")
                self._close_if_unused()
            elif isinstance(event, DebuggersChanged):
                self._say()

    def selection_changed(self) -> None:
        self._show_checked()

    async def _allow(self, isolate_id: int, allow: bool) -> None:
        async with self._lock:
            if not allow:
                self._mark(isolate_id, "")
                if self.endpoint is not None:
                    await self.bench.bridge.submit(_disallowed(self.endpoint, isolate_id))
                self._close_if_unused()
                return
            if self.endpoint is None:
                await self._open()
            assert self.endpoint is not None
            self._mark(isolate_id, await self.bench.bridge.submit(_allowed(self.endpoint, isolate_id)))
            self.bench.views.status.tell("Everyone on this machine may debug this isolate now, until that is ended.")

    async def _open(self) -> None:
        from inspector.endpoint import DEFAULT_PORT, Endpoint

        endpoint = Endpoint(self.bench.pool)
        try:
            await self.bench.bridge.submit(endpoint.open(DEFAULT_PORT))
        except UsageError:  # another program debugs there
            await self.bench.bridge.submit(endpoint.open())
        self.endpoint, self.port = endpoint, endpoint.port
        self._off.clear()
        self.bench.bridge.spawn(self._hold(endpoint), "hold the endpoint")

    async def _hold(self, endpoint: Endpoint) -> None:
        """Until it is switched off, or the window closes."""
        try:
            await self._off.wait()
        finally:
            self.endpoint, self.port = None, 0
            self._say()
            await self.bench.bridge.submit(endpoint.close())

    def _close_if_unused(self) -> None:
        if self.endpoint is not None and not any(one.debugger_url for one in self.bench.state.isolates.values()):
            self._off.set()

    def _mark(self, isolate_id: int, url: str) -> None:
        record = self.bench.state.isolates.get(isolate_id)
        if record is None or record.debugger_url == url:
            return
        record.debugger_url = url
        rows = self.bench.views.tree.model_of_rows
        rows.apply(Changes(isolates={isolate_id}))
        rows.flush()
        self._show_checked()
        self.bench.update_actions()
        self._say()

    def _show_checked(self) -> None:
        record = self.bench.state.isolates.get(self.bench.selection.isolate_id or 0)
        self.bench.actions["allow-debuggers"].setChecked(record is not None and bool(record.debugger_url))

    def _say(self) -> None:
        """In the status bar: whether a port is open, and who is attached."""
        attached = [one for record in self.bench.state.isolates.values() for one in record.debuggers]
        words = attached_words(attached) if attached else f"debuggers allowed, port {self.port}" if self.port else ""
        self.bench.views.status.show_debuggers(words)


async def _allowed(endpoint: Endpoint, isolate_id: int) -> str:
    return endpoint.allow(isolate_id)


async def _disallowed(endpoint: Endpoint, isolate_id: int) -> None:
    endpoint.disallow(isolate_id)
