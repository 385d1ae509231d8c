"""Debuggers and the window: allow, attach, see, step, send away; and a pause of our own."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from inspector.states import Capability, IsolateState
from tests.end_to_end.driver import Driver
from tests.endpoint.client import Client, attached
from tests.fixtures.engines import MAIN, skip_without
from ui.features.debuggers import Debuggers
from ui.features.pauses import Pauses
from ui.models.tree_nodes import Kind

CODE = "function tick(n) {\n  const next = n + 1;\n  return next;\n}\ndebugger;\ntick(1);\n"


class Attached:
    """A debugger on the pool's loop, held until `leave`."""

    def __init__(self, driver: Driver, url: str) -> None:
        self._submit = driver.door.submit
        self._leave = asyncio.Event()
        self.clients: list[Client] = []
        self.over = self._submit(self._hold(url))

    async def _hold(self, url: str) -> None:
        async with attached(url) as client:
            await client.call("Debugger.enable")
            self.clients.append(client)
            await self._leave.wait()

    def leave(self) -> None:
        async def leave() -> None:
            self._leave.set()

        self._submit(leave()).result(30)
        self.over.result(30)


def row(driver: Driver) -> str:
    model = driver.all.tree
    node = model.node(model.find("isolate", driver.isolate("isolate 1").isolate_id))
    assert node is not None and node.kind is Kind.ISOLATE
    return model.wording.secondary(node)


def open_port(port: int) -> bool:
    with socket.socket() as stranger:
        return stranger.connect_ex(("127.0.0.1", port)) == 0


def write(driver: Driver) -> Path:
    path = driver.folder / "tick.js"
    path.write_text(CODE)
    return path


@skip_without(Capability.PAUSE)
def test_allow_attach_pause_step_and_send_away(driver: Driver) -> None:
    record = driver.select("isolate 1")
    actions, feature = driver.all.actions, driver.all.feature(Debuggers)
    assert not actions["copy-devtools-url"].isEnabled() and feature.endpoint is None
    actions["allow-debuggers"].trigger()
    driver.until(lambda: record.debugger_url)
    assert actions["allow-debuggers"].isChecked() and row(driver).startswith("debuggable")
    port = feature.port
    assert open_port(port) and f"port {port}" in driver.views.status.text()
    actions["copy-devtools-url"].trigger()
    assert QGuiApplication.clipboard().text().startswith("devtools://devtools/bundled/js_app.html?")
    actions["copy-launch-configuration"].trigger()
    assert json.loads(QGuiApplication.clipboard().text())["websocketAddress"] == record.debugger_url

    debugger = Attached(driver, record.debugger_url)
    driver.until(lambda: record.debuggers and record.debuggers[0].debugging)
    assert row(driver).startswith("1 debugger") and "1 debugger" in driver.views.status.text()
    driver.all.bridge.spawn(driver.all.commands.run_files(record.isolate_id, None, [write(driver)]))
    panel_of = driver.all.feature(Pauses)
    driver.until(lambda: panel_of.panel is not None and panel_of.panel.line.text() == "debugger;")
    panel = panel_of.panel
    assert panel is not None and panel.isVisibleTo(driver.window) and panel.number.text() == "tick.js:5"
    panel.buttons["step-over"].click()
    driver.until(lambda: panel.line.text() == "tick(1);")
    panel.buttons["step-into"].click()
    driver.until(lambda: panel.line.text() == "const next = n + 1;")
    assert [panel.frames.item(at).text() for at in range(panel.frames.count())] == [
        "tick   tick.js:2",
        "(top level)   tick.js:6",
    ]
    panel.frames.setCurrentRow(1)
    driver.until(lambda: panel.line.text() == "tick(1);")
    panel.buttons["step-out"].click()
    driver.until(lambda: record.paused is not None and len(record.paused.frames) == 1)
    panel.buttons["resume"].click()
    driver.until(lambda: driver.outcome("isolate 1") == "completed")
    driver.until(lambda: not panel.isVisibleTo(driver.window))

    actions["allow-debuggers"].trigger()
    driver.until(lambda: not record.debuggers and not record.debugger_url and feature.endpoint is None)
    driver.until(lambda: not open_port(port))
    debugger.leave()
    driver.until(lambda: "debugger" not in driver.views.status.text() and row(driver) == str(IsolateState.IDLE))


@pytest.mark.parametrize("driver", [MAIN], indirect=True)
@skip_without(Capability.PAUSE)
def test_pause_of_our_own_shows_where_and_stops(driver: Driver) -> None:
    record = driver.select("isolate 1")
    path = driver.folder / "loop.js"
    path.write_text("let n = 0;\nfor (;;) {\n  n += 1;\n}\n")
    driver.all.bridge.spawn(driver.all.commands.run_files(record.isolate_id, None, [path]))
    driver.until(driver.all.actions["pause"].isEnabled)
    driver.all.actions["pause"].trigger()
    feature = driver.all.feature(Pauses)
    driver.until(lambda: feature.panel is not None and feature.panel.line.text())
    assert feature.panel is not None and feature.panel.number.text().startswith("loop.js:")
    feature.panel.buttons["stop"].click()
    driver.until(lambda: driver.outcome("isolate 1") == "cancelled")


@skip_without(Capability.PAUSE)
def test_the_window_closes_while_a_debugger_is_attached(driver: Driver) -> None:
    record = driver.select("isolate 1")
    driver.all.actions["allow-debuggers"].trigger()
    driver.until(lambda: record.debugger_url)
    debugger = Attached(driver, record.debugger_url)
    driver.until(lambda: record.debuggers)
    debugger.leave()
    assert open_port(driver.all.feature(Debuggers).port)  # and the fixture closes the window, which leaves none
