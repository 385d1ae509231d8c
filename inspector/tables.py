"""`console.table` as lines of text of a fixed width, from the preview that V8 sends with the call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from inspector.text import visible
from inspector.values import property_text

__all__ = ["table_text"]

_INDEX, _VALUE = "(index)", "Value"
_WIDEST = 40  # characters of one cell


def table_text(args: Sequence[Mapping[str, Any]]) -> str:
    """The table of a console call, "" when its argument is none: then it is written as `console.log` would."""
    preview = args[0].get("preview") if args else None
    if not preview or not (entries := preview.get("properties")):
        return ""
    wanted = _columns(args[1]) if len(args) > 1 else None
    rows: list[dict[str, str]] = []
    columns: dict[str, None] = {}
    for entry in entries:
        row = {_INDEX: str(entry.get("name", ""))}
        inner = entry.get("valuePreview")
        if inner is None:
            row[_VALUE] = property_text(entry)
        else:
            row |= {str(one.get("name", "")): property_text(one) for one in inner.get("properties", ())}
        row = {name: text for name, text in row.items() if wanted is None or name == _INDEX or name in wanted}
        columns |= dict.fromkeys(row)
        rows.append(row)
    names = [
        _INDEX,
        *(name for name in columns if name not in (_INDEX, _VALUE)),
        *([_VALUE] if _VALUE in columns else ()),
    ]
    text = _drawn(names, rows)
    return text + "\n…" if preview.get("overflow") else text


def _columns(remote: Mapping[str, Any]) -> set[str]:
    """The names in the second argument."""
    if remote.get("type") == "string":
        return {str(remote.get("value", ""))}
    return {str(one.get("value", "")) for one in (remote.get("preview") or {}).get("properties", ())}


def _drawn(names: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str:
    cells = [[visible(name, _WIDEST) for name in names]]
    cells += [[visible(row.get(name, ""), _WIDEST) for name in names] for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(names))]
    drawn = [" │ ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]
    return "\n".join([drawn[0], "─┼─".join("─" * width for width in widths), *drawn[1:]])
