"""Large texts as JSON without holding the interpreter: encoded slice by slice in a worker thread.

Price: one call of orjson on 50 MB holds the GIL for 0.1 s, and with it the loop and the window.
"""

from __future__ import annotations

import asyncio

import orjson

__all__ = ["encoded_if_large"]

_LARGE = 1 << 20  # characters; below that one call takes a millisecond


async def encoded_if_large(text: str) -> orjson.Fragment | None:
    """`text` as a piece of JSON that `orjson.dumps` copies as it is.

    None when it is small, and when it can't be written as JSON at all, which whoever writes it then says.
    """
    return await asyncio.to_thread(_encoded, text) if len(text) > _LARGE else None


def _encoded(text: str) -> orjson.Fragment | None:
    try:
        inner = [orjson.dumps(text[start : start + _LARGE])[1:-1] for start in range(0, len(text), _LARGE)]
    except TypeError:  # a lone surrogate
        return None
    return orjson.Fragment(b"".join([b'"', *inner, b'"']))
