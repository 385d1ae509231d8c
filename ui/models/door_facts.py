"""The doors of a context as facts: what each is, what went through it, what it refused."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.records import DOOR_KINDS, Door
from inspector.text import visible
from inspector.units import format_bytes
from ui.models.fact import Fact, Section

__all__ = ["door_name", "doors_section"]


def doors_section(doors: Sequence[Door], now_us: int) -> list[Section]:
    """[] before the first answer of the pool."""
    if not doors:
        return []
    facts = [
        Fact(door_name(door), _words(door, now_us), _meaning(door), trouble=door.closed, beneath=bool(door.name))
        for door in doors
    ]
    return [Section("Doors: ways in and out", tuple(facts))]


def door_name(door: Door) -> str:
    """As a person knows it: the kind, and which one."""
    return f"{door.kind}: {visible(door.name, 40)}" if door.name else door.kind


def _words(door: Door, now_us: int) -> str:
    words = "closed" if door.closed else "never used"
    if door.calls or door.refused:
        words = f"{'closed, ' if door.closed else ''}{door.calls} call{'s' if door.calls != 1 else ''}"
        words += f", in {format_bytes(door.bytes_in)}" if door.bytes_in else ""
        words += f", out {format_bytes(door.bytes_out)}" if door.bytes_out else ""
        words += f", {_ago(now_us - door.last_us)}" if door.last_us else ""
    if door.detail:
        words += f"\n{door.detail}"
    if door.refused:
        words += "\nrefused: " + "; ".join(f"{visible(rule, 80)} ({count})" for rule, count in door.refused[:5])
    return words


def _ago(past_us: int) -> str:
    seconds = max(0, past_us) // 1_000_000
    if seconds < 60:
        return "just now" if seconds < 2 else f"{seconds // 5 * 5 or seconds} s ago"
    return f"{seconds // 60} min ago" if seconds < 7200 else f"{seconds // 3600} h ago"


def _meaning(door: Door) -> str:
    return f"{DOOR_KINDS[door.kind][:1].upper()}{DOOR_KINDS[door.kind][1:]}. Close it by Isolate ▸ Close a Door."
