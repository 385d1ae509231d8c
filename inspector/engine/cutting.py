"""Strings too long to be carried: a result or a logged text of many megabytes would hold up pool and window.

Reading 32 MB of JSON holds Python's interpreter, and with it the window's process, for 60 ms. What is cut says so.
"""

from __future__ import annotations

import json
from typing import Any

__all__ = ["LARGE_BYTES", "cut_console", "cut_string"]

LARGE_BYTES = 8 << 20
SHOWN_CHARACTERS = 1 << 20


def cut_string(remote: dict[str, Any]) -> int:
    """Cut a RemoteObject's string where it is; the length it had, 0 when it may stay."""
    value = remote.get("value")
    if not isinstance(value, str) or len(value) <= LARGE_BYTES:
        return 0
    remote["value"] = f"[{len(value)} characters, the first {SHOWN_CHARACTERS} of them:] {value[:SHOWN_CHARACTERS]}"
    return len(value)


def cut_console(text: bytes) -> bytes:
    """A Runtime.consoleAPICalled whose long strings are cut. Price: 10 ms a megabyte, on the isolate's thread."""
    event = json.loads(text)
    arguments = event["params"]["args"]
    if not any([cut_string(argument) for argument in arguments]):  # noqa: C419 (each is to be cut, not the first alone)
        return text
    return json.dumps(event, separators=(",", ":")).encode()
