"""How a debugger is told where an isolate is: the words to paste into DevTools or VS Code."""

from __future__ import annotations

import json

__all__ = ["devtools_url", "launch_configuration", "websocket_url"]


def websocket_url(host: str, port: int, target: str) -> str:
    return f"ws://{host}:{port}/{target}"


def devtools_url(websocket: str) -> str:
    """For the address bar of Chrome or Chromium: the front end that it carries."""
    address = websocket.removeprefix("ws://")
    return f"devtools://devtools/bundled/js_app.html?experiments=true&v8only=true&ws={address}"


def launch_configuration(name: str, websocket: str) -> str:
    """An entry of `configurations` in VS Code's launch.json, for its JavaScript debugger."""
    configuration = {
        "type": "node",
        "request": "attach",
        "name": f"Attach to {name} (Isolate Inspector)",
        "websocketAddress": websocket,
        "attachExistingChildren": False,
        "autoAttachChildProcesses": False,
    }
    return json.dumps(configuration, indent=4, ensure_ascii=False)
