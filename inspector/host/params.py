"""Reading a command's parameters: the right type and range, or JSON-RPC error -32602 with what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inspector.errors import ProtocolError

__all__ = ["INVALID_PARAMS", "METHOD_NOT_FOUND", "PARSE_ERROR", "SERVER_ERROR", "Params"]

PARSE_ERROR = -32700
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
SERVER_ERROR = -32000
_MISSING: Any = object()


class Params:
    """The `params` of one command. Every reader raises ProtocolError(-32602) for a value of another kind."""

    def __init__(self, method: str, raw: Any) -> None:
        if raw is not None and not isinstance(raw, dict):
            raise ProtocolError(method, f"params must be an object, not {_kind(raw)}", code=INVALID_PARAMS)
        self._method = method
        self._raw: Mapping[str, Any] = raw or {}

    def whole(self, name: str, least: int, most: int, default: Any = _MISSING) -> int:
        """A whole number within [least, most]."""
        value = self._get(name, default)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self._refusal(name, f"a whole number from {least} to {most}", value)
        return value

    def optional_whole(self, name: str, least: int, most: int) -> int | None:
        return None if self._raw.get(name) is None else self.whole(name, least, most)

    def number(self, name: str, least: float, most: float, default: Any = _MISSING) -> float:
        value = self._get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise self._refusal(name, f"a number from {least:g} to {most:g}", value)
        return float(value)

    def optional_number(self, name: str, least: float, most: float) -> float | None:
        return None if self._raw.get(name) is None else self.number(name, least, most)

    def text(self, name: str, default: Any = _MISSING) -> str:
        value = self._get(name, default)
        if not isinstance(value, str):
            raise self._refusal(name, "a string", value)
        return value

    def one_of(self, name: str, choices: tuple[str, ...], default: Any = _MISSING) -> str:
        value = self._get(name, default)
        if value not in choices:
            raise self._refusal(name, "one of " + ", ".join(choices), value)
        return str(value)

    def url_sources(self, name: str) -> tuple[tuple[str, str], ...]:
        """A list of {url, source}; () when it is missing."""
        value = self._raw.get(name) or []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self._refusal(name, "a list of objects", value)
        rows = [Params(self._method, one) for one in value]
        return tuple((row.text("url"), row.text("source")) for row in rows)

    def flag(self, name: str, default: Any = _MISSING) -> bool:
        value = self._get(name, default)
        if not isinstance(value, bool):
            raise self._refusal(name, "true or false", value)
        return value

    def has(self, name: str) -> bool:
        return self._raw.get(name) is not None

    def thing(self, name: str) -> dict[str, Any]:
        """An object."""
        value = self._raw.get(name)
        if not isinstance(value, dict):
            raise self._refusal(name, "an object", value)
        return value

    def items(self, name: str) -> list[Any]:
        """A list; [] when it is missing."""
        value = self._raw.get(name)
        if value is not None and not isinstance(value, list):
            raise self._refusal(name, "a list", value)
        return value or []

    def _get(self, name: str, default: Any) -> Any:
        value = self._raw.get(name)
        return default if value is None and default is not _MISSING else value

    def _refusal(self, name: str, expected: str, value: Any) -> ProtocolError:
        given = "is missing" if value is None else f"must be {expected}, not {_kind(value)}"
        remedy = f"Give {expected}." if value is None else ""
        return ProtocolError(self._method, f"{name} {given}", remedy, code=INVALID_PARAMS)


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return f"the string {value[:40]!r}"
    if isinstance(value, bool | int | float) or value is None:
        return repr(value)[:60]
    return "an object" if isinstance(value, dict) else "a list"
