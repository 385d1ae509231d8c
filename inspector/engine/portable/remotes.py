"""Values that Python must describe itself, because they can't be handed back to JavaScript."""

from __future__ import annotations

from typing import Any

__all__ = ["buffer", "unconvertible"]


def buffer(value: memoryview) -> dict[str, Any]:
    """An ArrayBuffer or a view: mini-racer hands over its bytes, not the object, so it can't be expanded."""
    name = f"ArrayBuffer({len(value)})"
    return {"type": "object", "subtype": "arraybuffer", "className": "ArrayBuffer", "description": name}


def unconvertible(reason: str) -> dict[str, Any]:
    """A value that mini-racer 0.14.1 can't hand over: a BigInt, an invalid date, a string with half a character."""
    cause = f": {reason}" if reason else ""
    return {
        "type": "object",
        "className": "Object",
        "description": f"(a value that the public API can't convert{cause})",
    }
