"""V8's code cache as bytes to keep: with what made it, and a digest, because V8 trusts the content.

A cache that does not fit (another V8, other flags, another source, damaged) is refused with the reason, and the source
is compiled without it: a cache may only ever cost time. The digest finds damage, not malice: give nothing here that
`Script.code_cache` did not make.
"""

from __future__ import annotations

import hashlib
import json

from msgspec import Struct

__all__ = ["Maker", "pack", "unpack"]

_MAGIC = b"isolate-inspector code cache 1\n"


class Maker(Struct, frozen=True):
    """Which V8 made a cache: another version or other flags compile to other code."""

    v8_version: str
    v8_flags: tuple[str, ...]


def pack(data: bytes, maker: Maker, source: str) -> bytes:
    """V8's bytes with a line of JSON before them that tells what they are."""
    tag = {
        "v8": maker.v8_version,
        "flags": list(maker.v8_flags),
        "source": _digest(source.encode("utf-8", "surrogatepass")),
        "data": _digest(data),
    }
    return _MAGIC + json.dumps(tag).encode() + b"\n" + data


def unpack(cache: bytes, maker: Maker, source: str) -> tuple[bytes, str]:
    """V8's bytes and "", or b"" and why they can't be used."""
    if not cache.startswith(_MAGIC):
        return b"", "it is no code cache of this program"
    head, found, data = cache[len(_MAGIC) :].partition(b"\n")
    try:
        tag = json.loads(head)
        version, flags = str(tag["v8"]), tuple(tag["flags"])
        source_digest, data_digest = tag["source"], tag["data"]
    except (ValueError, KeyError, TypeError):
        found = b""
    if not found:
        return b"", "it is damaged: its first lines can't be read"
    if version != maker.v8_version:
        return b"", f"V8 {version} made it, and this is V8 {maker.v8_version}"
    if flags != maker.v8_flags:
        return b"", f"V8 made it with the flags {' '.join(flags) or 'of none'}, and runs with others now"
    if source_digest != _digest(source.encode("utf-8", "surrogatepass")):
        return b"", "it was made for another source"
    if data_digest != _digest(data):
        return b"", "it is damaged: its content has changed"
    return data, ""


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
