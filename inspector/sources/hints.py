"""A sentence for failures that have one well-known cause: a name of Node's or of browsers that is not there."""

from __future__ import annotations

import re

__all__ = ["missing_global_hint"]

_MISSING = re.compile(r"([A-Za-z_$][\w$]*) is not defined")
_COMMONJS = ("require", "module", "exports", "__dirname", "__filename")
_NODE = {
    "process": '"process" is Node\'s; there is no Node here',
    "Buffer": '"Buffer" is Node\'s: use Uint8Array, TextEncoder and TextDecoder, or bundle a package that has it',
    "setImmediate": '"setImmediate" is Node\'s: use setTimeout',
    "clearImmediate": '"clearImmediate" is Node\'s: use clearTimeout',
    "global": '"global" is Node\'s: use globalThis',
}
_NETWORK = frozenset(
    ["fetch", "Request", "Response", "Headers", "FormData", "XMLHttpRequest", "WebSocket", "EventSource"]
)
_DOM = frozenset(
    [
        "window",
        "document",
        "navigator",
        "location",
        "localStorage",
        "sessionStorage",
        "history",
        "HTMLElement",
        "Element",
        "Node",
        "MutationObserver",
        "requestAnimationFrame",
        "alert",
        "self",
    ]
)
_NOT_MADE = frozenset(
    [
        "URL",
        "URLSearchParams",
        "Blob",
        "File",
        "ReadableStream",
        "WritableStream",
        "TransformStream",
        "MessageChannel",
        "BroadcastChannel",
        "Worker",
        "CustomEvent",
        "CompressionStream",
        "DecompressionStream",
    ]
)
_WEB = frozenset(
    [
        "setTimeout",
        "setInterval",
        "clearTimeout",
        "clearInterval",
        "queueMicrotask",
        "structuredClone",
        "performance",
        "TextEncoder",
        "TextDecoder",
        "atob",
        "btoa",
        "crypto",
        "Event",
        "EventTarget",
        "AbortController",
        "AbortSignal",
        "DOMException",
    ]
)


def missing_global_hint(name: str, message: str) -> str:
    """What to do when a script failed for want of a known global, else ""; `name` and `message` are the error's."""
    found = _MISSING.search(message) if name == "ReferenceError" else None
    return "" if found is None else _hint(found[1])


def _hint(missing: str) -> str:
    if missing in _COMMONJS:
        return f'CommonJS: bundle it first ("{missing}" is not there; a browser build or an ES module runs as it is).'
    if missing == "process":
        return f"CommonJS: bundle it first ({_NODE[missing]})."
    if missing in _NODE:
        return f"{_NODE[missing]}."
    if missing in _NETWORK:
        return f'"{missing}" is not there: scripts have no network. Python can give them a function: context.expose().'
    if missing in _DOM:
        return f'"{missing}" is not there: this is V8 without a browser. Use globalThis, or a DOM that you bundle.'
    if missing in _NOT_MADE:
        return (
            f'"{missing}" is not among the web globals here: bundle an implementation, or load one as a prelude file.'
        )
    if missing in _WEB:
        return f'"{missing}" is not in the prelude "bare": make the isolate with the prelude "web".'
    return ""
