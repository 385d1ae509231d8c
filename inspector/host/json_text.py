"""JSON on the link: orjson, and the standard library for what orjson refuses (lone surrogates, numbers past 64 bits).

A lone surrogate, legal in a JavaScript string, travels as its escape `\\udXXX`.
"""

from __future__ import annotations

import json
from typing import Any

import orjson

__all__ = ["dump", "load"]


def dump(value: Any) -> bytes:
    """UTF-8 JSON without spaces."""
    try:
        return orjson.dumps(value)
    except (TypeError, ValueError):
        return json.dumps(value, separators=(",", ":")).encode("ascii")


def load(text: bytes) -> Any:
    """Raises ValueError when it is not JSON."""
    try:
        return orjson.loads(text)
    except ValueError:
        try:
            return json.loads(text)
        except RecursionError:
            raise ValueError("it is nested too deeply") from None
