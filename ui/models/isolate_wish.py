"""What a new isolate is to be like, as a person states it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from inspector.errors import UsageError
from inspector.units import format_bytes, parse_bytes

__all__ = ["LEAST_LIMIT", "MOST_LIMIT", "IsolateWish", "free_name", "limit_trouble"]

LEAST_LIMIT = 8 << 20
MOST_LIMIT = 2560 << 20  # what the pool gives too: of V8's cage of 4 GiB a process, less the emergency bump


class IsolateWish(Struct, frozen=True):
    name: str
    memory_limit_bytes: int
    alone: bool
    on_limit: str = "keep"  # what becomes of it once a memory limit was hit
    sample_rate_hz: int = 20  # of its heap
    prelude: tuple[str, ...] = ("web",)  # "web" or "bare", then files of the user's own


def limit_trouble(text: str) -> tuple[int, str]:
    """The limit in bytes and "", or 0 and why it can't be taken."""
    try:
        limit = parse_bytes(text, action="Set the memory limit")
    except UsageError as error:
        return 0, f"{error.cause}. {error.remedy}".strip(". ") + ("" if error.remedy.endswith("?") else ".")
    if limit < LEAST_LIMIT:
        return 0, f"{format_bytes(limit)} is less than V8 needs: at least {format_bytes(LEAST_LIMIT)}."
    if limit > MOST_LIMIT:
        return 0, f"{format_bytes(limit)} is more than a host process can give: at most {format_bytes(MOST_LIMIT)}."
    return limit, ""


def free_name(wanted: str, taken: Sequence[str]) -> str:
    """`wanted`, or the first of "wanted 2", "wanted 3", ... that is free."""
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted} {number}", number + 1
    return name
