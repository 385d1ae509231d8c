"""Bytes as text: UTF-8, or UTF-16 with a byte order mark; binary and everything else is refused with the offset."""

from __future__ import annotations

import codecs

from inspector.errors import SourceError

__all__ = ["decode"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_MAGIC = (
    (b"\x7fELF", "a program (ELF)"),
    (b"MZ", "a Windows program"),
    (b"\xcf\xfa\xed\xfe", "a macOS program"),
    (b"\xca\xfe\xba\xbe", "a Java class or macOS program"),
    (b"\x00asm", "a WebAssembly module"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a RIFF file (image, sound or video)"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3\x00", "a SQLite database"),
)
_REMEDY = "Save it as UTF-8."
_LOOKED_AT = 8000  # bytes searched for NUL, as git does


def decode(data: bytes, action: str) -> str:
    """`data` as text, without its byte order mark. SourceError names the offset of the first byte that is wrong."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise SourceError(action, "it is UTF-32", _REMEDY)
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return _decode(data, codec, name, action, len(mark))
    _refuse_binary(data, action)
    return _decode(data, "utf-8", "UTF-8", action, 0)


def _decode(data: bytes, codec: str, name: str, action: str, skip: int) -> str:
    try:
        return str(memoryview(data)[skip:], codec)
    except UnicodeDecodeError as error:
        at = error.start + skip
        found = f"byte 0x{data[at]:02x} at offset {at:,} is not {name}"
        raise SourceError(action, found, _REMEDY) from error


def _refuse_binary(data: bytes, action: str) -> None:
    nul = data.find(b"\0", 0, _LOOKED_AT)
    for magic, what in _MAGIC:
        if data.startswith(magic) and (nul >= 0 or not _is_utf8(data[:_LOOKED_AT])):
            raise SourceError(action, f"it is binary: {what}", "Only JavaScript text runs.")
    if nul >= 0:
        hint = " (UTF-16 without a byte order mark?)" if data[1:2] == b"\0" or data[:1] == b"\0" else ""
        raise SourceError(action, f"it is binary: byte 0x00 at offset {nul:,}{hint}", "Only JavaScript text runs.")


def _is_utf8(data: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)  # a character cut at the end is fine
    except UnicodeDecodeError:
        return False
    return True
