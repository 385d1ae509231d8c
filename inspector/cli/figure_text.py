"""Figures of the analysis as text."""

from __future__ import annotations

from inspector.units import format_bytes, format_us

__all__ = ["in_unit"]


def in_unit(value: float | None, unit: str) -> str:
    """`value` with its unit; "-" for None."""
    if value is None:
        return "-"
    if unit == "us":
        return format_us(value)
    if unit.startswith("bytes"):
        per = {"bytes/s": "/s", "bytes/run": " a run"}.get(unit, "")
        sign = "-" if value < 0 else ""
        return f"{sign}{format_bytes(abs(value))}{per}"
    return f"{value:.1%}" if unit == "share" else f"{value:g}"
