"""The documents under /json, as Node words them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from msgspec import Struct

import resources
from inspector.endpoint.addresses import devtools_url, websocket_url

__all__ = ["Listed", "list_document", "protocol_document", "version_document"]

# What the public API engine answers; everything else is -32601 there.
_PORTABLE = {
    "Runtime": frozenset(
        {
            "callFunctionOn",
            "disable",
            "discardConsoleEntries",
            "enable",
            "evaluate",
            "getHeapUsage",
            "getIsolateId",
            "getProperties",
            "releaseObject",
            "releaseObjectGroup",
            "terminateExecution",
        }
    ),
    "Debugger": frozenset({"getScriptSource"}),
    "HeapProfiler": frozenset({"collectGarbage"}),
}


class Listed(Struct, frozen=True):
    """One isolate that takes debuggers."""

    target: str
    name: str
    url: str  # a file's, as Node tells its main script; "" without one


def version_document(version: str, v8_version: str) -> bytes:
    """`v8_version` may be "": no host process runs."""
    told = {"Browser": f"isolate-inspector/{version}", "Protocol-Version": "1.3"}
    if v8_version:
        told["V8-Version"] = v8_version
    return orjson.dumps(told)


def list_document(host: str, port: int, listed: Iterable[Listed]) -> bytes:
    return orjson.dumps([_entry(host, port, one) for one in listed])


def protocol_document(*, portable: bool) -> bytes:
    """The domains of V8's own protocol. `portable`: what the public API engine answers of them."""
    text = resources.text("protocol/js_protocol.json")
    if not portable:
        return text.encode()
    document: dict[str, Any] = orjson.loads(text)
    document["domains"] = [_narrowed(one) for one in document["domains"] if one["domain"] in _PORTABLE]
    return orjson.dumps(document)


def _entry(host: str, port: int, listed: Listed) -> dict[str, str]:
    websocket = websocket_url(host, port, listed.target)
    front_end = devtools_url(websocket)
    return {
        "description": "V8 isolate",
        "devtoolsFrontendUrl": front_end,
        "devtoolsFrontendUrlCompat": front_end.replace("js_app.html", "inspector.html"),
        "id": listed.target,
        "title": listed.name,
        "type": "node",
        "url": listed.url,
        "webSocketDebuggerUrl": websocket,
    }


def _narrowed(domain: Mapping[str, Any]) -> dict[str, Any]:
    served = _PORTABLE[domain["domain"]]
    commands = [command for command in domain.get("commands", ()) if command["name"] in served]
    return {**domain, "commands": commands}
