"""The private link between pool and host: names, record layouts, frame kinds. ARCHITECTURE.md, "The link", tells the
flow.

Text frames are CDP messages as JSON objects. Binary frames open with one byte that tells their kind, one version byte,
two spare bytes and a little-endian u32 count of records, followed by the records (little-endian, no gaps between them).
The same layouts go to the window and, later, to disk; numpy is imported by readers only, so the dtypes are plain lists
here.
"""

from __future__ import annotations

import struct

__all__ = [
    "COPY",
    "FOREIGN_WINDOW_BYTES",
    "FRAME_HEADER",
    "GC",
    "GC_DTYPE",
    "GC_KINDS",
    "KIND_COPY",
    "KIND_GC",
    "KIND_SAMPLES",
    "LINK_VERSION",
    "MODES",
    "SAMPLE",
    "SAMPLE_DTYPE",
    "SAMPLE_WORDS",
    "foreign_session_id",
    "frame",
    "session_id",
]

LINK_VERSION = 1
FOREIGN_WINDOW_BYTES = 1 << 20  # of one foreign session, sent by the host and not yet read by its debugger
FRAME_HEADER = struct.Struct("<BBHI")  # kind, version, spare, count
KIND_SAMPLES = 0x53  # "S"
KIND_GC = 0x47  # "G"
KIND_COPY = 0x43  # "C": a part of a copy, either way

MODES = ("idle", "busy", "paused")  # index = SAMPLE's mode; states.SampleMode
GC_WORDS = ("young collection", "young collection", "full collection", "collection")  # of each of GC_KINDS, on screen
GC_KINDS = ("scavenge", "minor-mark-sweep", "mark-compact", "other")  # index = GC's kind; states.GcKind

# The 15 words of v8::HeapStatistics, in V8's own order (ENGINE facts: the order in older headers is wrong from word 9).
SAMPLE_WORDS = (
    "total_bytes",
    "executable_bytes",
    "physical_bytes",  # committed
    "available_bytes",
    "used_bytes",
    "v8_limit_bytes",
    "malloced_bytes",
    "external_bytes",  # off-heap memory that V8 accounts to this isolate
    "peak_malloced_bytes",
    "zaps_garbage",  # a flag
    "native_contexts",
    "detached_contexts",
    "handles_total_bytes",
    "handles_used_bytes",
    "allocated_bytes",  # since the isolate's birth
)

# isolate_id, mode, 3 spare, at_us (when it was seen), window_us (it was taken within this time before at_us), the 15
# words
SAMPLE = struct.Struct("<IB3xQQ15Q")
SAMPLE_DTYPE = [
    ("isolate_id", "<u4"),
    ("mode", "u1"),
    ("spare", "u1", (3,)),
    ("at_us", "<u8"),
    ("window_us", "<u8"),
    *[(word, "<u8") for word in SAMPLE_WORDS],
]

# isolate_id, kind, 3 spare, at_us (the end of the pause), pause_us, before, after (used bytes of the heap)
GC = struct.Struct("<IB3xQQQQ")
GC_DTYPE = [
    ("isolate_id", "<u4"),
    ("kind", "u1"),
    ("spare", "u1", (3,)),
    ("at_us", "<u8"),
    ("pause_us", "<u8"),
    ("before_bytes", "<u8"),
    ("after_bytes", "<u8"),
]

# copy_id, offset; the bytes follow
COPY = struct.Struct("<QQ")


def frame(kind: int, count: int, records: bytes | bytearray) -> bytes:
    """One binary frame: header and records."""
    return FRAME_HEADER.pack(kind, LINK_VERSION, 0, count) + bytes(records)


def session_id(isolate_id: int) -> str:
    """The flat CDP session of an isolate's standing session on the private link."""
    return f"i{isolate_id}"


def foreign_session_id(isolate_id: int, number: int) -> str:
    """That of a foreign debugger's session: the isolate's, a dot, a number from 1."""
    return f"i{isolate_id}.{number}"
