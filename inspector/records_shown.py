"""The text of a record whose large fields would drown it: in logs, in problems, in the output of a test."""

from __future__ import annotations

from msgspec import Struct

__all__ = ["repr_without"]


def repr_without(record: Struct, *left_out: str) -> str:
    """As msgspec's own, but for the fields that are `left_out`."""
    shown = (f"{name}={getattr(record, name)!r}" for name in record.__struct_fields__ if name not in left_out)
    return f"{type(record).__name__}({', '.join(shown)})"
