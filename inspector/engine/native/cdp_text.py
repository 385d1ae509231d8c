"""Commands of debuggers as text: what is read of them, and changed, before V8 has them. Nothing here knows V8."""

from __future__ import annotations

import json
import re
import time

__all__ = ["OURS", "call_id_of", "gap_notice", "method_of", "param_of", "with_ours", "without_timeout"]

OURS = "^inspector:"  # the urls of our preludes
_METHOD = re.compile(rb'"method"\s*:\s*"([A-Za-z]+\.[A-Za-z]+)"')


def gap_notice(count: int, context_id: int) -> bytes:
    """A console line in place of those that a debugger was too slow for."""
    lines = "1 console line was" if count == 1 else f"{count} console lines were"
    text = f"{lines} dropped here: this debugger did not read them as fast as they came."
    params = {
        "type": "warning",
        "args": [{"type": "string", "value": text}],
        "executionContextId": context_id,
        "timestamp": time.time() * 1000,
    }
    return json.dumps({"method": "Runtime.consoleAPICalled", "params": params}, separators=(",", ":")).encode()


def call_id_of(message: bytes) -> int | None:
    """Its id; None when it has none that can be answered."""
    try:
        call_id = json.loads(message).get("id")
    except (ValueError, AttributeError):
        return None
    return call_id if isinstance(call_id, int) else None


def with_ours(message: bytes) -> bytes:
    """A debugger's choice of what steps pass over, with our preludes added: timers run through them."""
    try:
        command = json.loads(message)
        command["params"]["patterns"] = [*command["params"]["patterns"], OURS]
    except (ValueError, KeyError, TypeError, AttributeError):
        return message  # V8 says what is wrong with it
    return json.dumps(command).encode()


def param_of(message: bytes, name: str) -> object:
    """One parameter; None when it is not there."""
    try:
        return json.loads(message)["params"][name]
    except (ValueError, KeyError, TypeError):
        return None


def without_timeout(message: bytes) -> bytes:
    """An evaluation without the timeout of V8, which ends an isolate's execution by itself; limits are ours."""
    try:
        command = json.loads(message)
        params = command["params"]
        if params.get("throwOnSideEffect") is True and not params.get("awaitPromise"):
            return message
        params.pop("timeout", None)
    except (ValueError, KeyError, TypeError, AttributeError):
        return message  # V8 says what is wrong with it
    return json.dumps(command).encode()


def method_of(message: bytes) -> bytes:
    """The method of a CDP command, found without parsing it; b"" when there is none."""
    found = _METHOD.search(message)
    return found.group(1) if found else b""
