"""V8's GC trace lines: recorded ones, broken ones, and those that the library prints today."""

from __future__ import annotations

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from inspector.engine.gc_trace import GcLine, HeapSeen, LineSplitter, parse_line

SCAVENGE = (
    b'[9085:0x560ec3cdc000:0]       54 ms: GC: {"pause":8.685,"mutator":39.622,"gc":"s","reduce_memory":false,'
    b'"time_to_safepoint":0,"stack":true,"reason":"allocation failure","collector_reason":"",'
    b'"start_object_size":1490768,"end_object_size":929576,"start_memory_size":2703360,"end_memory_size":3350528}'
)
MARK_COMPACT = (
    b'[9085:0x560ec3cf0000:12]      681 ms: GC: {"pause":92.387,"mutator":0.164,"gc":"mc","reduce_memory":true,'
    b'"time_to_safepoint":0,"stack":true,"reason":"low memory notification","collector_reason":"GC in old space '
    b'requested","start_object_size":43837044,"end_object_size":43837016,"start_memory_size":45817856}'
)
ALLOCATION_LIMIT = (
    b"[9085:0x560ec3cdc000:3]   741539 ms: action=SetOldGenerationAndGlobalAllocationLimit "
    b"old_generation_allocation_limit=536870912 global_allocation_limit=1073741824"
)
PRINT_COLLECTIONS = (
    "import py_mini_racer as m; m.init_mini_racer(flags=['--trace-gc-nvp']); a = m.MiniRacer(); b = m.MiniRacer();"
    "a.eval('x = []; for (let i = 0; i < 3e5; i++) x.push({i})'); b.low_memory_notification(); b.close(); a.close()"
)


def test_a_scavenge() -> None:
    assert parse_line(SCAVENGE) == GcLine(0x560EC3CDC000, 0, 54, 0, 8685, 1490768, 929576)


def test_a_mark_compact() -> None:
    assert parse_line(MARK_COMPACT) == GcLine(0x560EC3CF0000, 12, 681, 2, 92387, 43837044, 43837016)


def test_a_minor_mark_sweep_and_a_kind_nobody_knows() -> None:
    known, unknown = (parse_line(SCAVENGE.replace(b'"gc":"s"', kind)) for kind in (b'"gc":"mms"', b'"gc":"q"'))
    assert isinstance(known, GcLine)
    assert isinstance(unknown, GcLine)
    assert (known.kind, unknown.kind) == (1, 3)


def test_another_line_names_its_heap() -> None:
    assert parse_line(ALLOCATION_LIMIT) == HeapSeen(0x560EC3CDC000, 3, 741539)


def test_a_line_that_was_cut_is_no_collection() -> None:
    assert parse_line(SCAVENGE[:200]) == HeapSeen(0x560EC3CDC000, 0, 54)
    assert parse_line(SCAVENGE[5:]) is None


@given(st.binary())
def test_no_bytes_raise(noise: bytes) -> None:
    assert parse_line(noise) is None
    parse_line(SCAVENGE[:60] + noise)
    parse_line(SCAVENGE[:80] + noise + SCAVENGE[80:])


@given(st.lists(st.binary().filter(lambda line: b"\n" not in line), max_size=20), st.integers(1, 7))
def test_lines_survive_any_cut(lines: list[bytes], size: int) -> None:
    stream = b"".join(line + b"\n" for line in lines)
    splitter = LineSplitter()
    found = [line for at in range(0, len(stream), size) for line in splitter.feed(stream[at : at + size])]
    assert found == lines


def test_a_line_without_end_is_dropped_and_counted() -> None:
    splitter = LineSplitter(limit=10)
    assert splitter.feed(b"x" * 11) == []
    assert splitter.feed(b"y" * 30) == []
    assert splitter.feed(b"y\nwhole\n") == [b"whole"]
    assert splitter.too_long == 1
    assert splitter.feed(b"next\n") == [b"next"]


def test_what_the_library_prints_today() -> None:
    """GIVEN two heaps, one that allocates and one that is told to collect THEN both kinds are read, by heap."""
    printed = subprocess.run([sys.executable, "-c", PRINT_COLLECTIONS], capture_output=True, timeout=60, check=True)
    lines = [parse_line(line) for line in printed.stdout.splitlines()]
    scavenges = [line for line in lines if isinstance(line, GcLine) and line.kind == 0]
    full = [line for line in lines if isinstance(line, GcLine) and line.kind == 2]
    assert {line.serial for line in scavenges} == {0}
    assert {line.serial for line in full} == {1}
    assert len({line.address for line in lines if line is not None}) == 2
    assert all(line.before_bytes > 50_000 and line.after_bytes > 0 and line.pause_us > 0 for line in scavenges + full)
    assert all(
        b"GC: {" not in raw for raw, line in zip(printed.stdout.splitlines(), lines, strict=True) if line is None
    )
