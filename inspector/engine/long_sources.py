"""Sources that would not fit into an isolate: V8's parser looks for no interrupt, so they are not given to it.

Price of trying: on 100 MB it took 20 s and a gigabyte.
"""

from __future__ import annotations

__all__ = ["too_long"]


def too_long(source: str, limit_bytes: int) -> str:
    """Why a source can't run within a memory limit; "" when it may. V8 keeps its text, a byte or two a character."""
    if len(source) <= limit_bytes:
        return ""
    return f"Its source takes {_mib(len(source))} or more, limit {_mib(limit_bytes)}: V8 was not asked to parse it."


def _mib(count: int) -> str:
    return f"{count / (1 << 20):.0f} MiB"
