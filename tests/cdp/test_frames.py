"""Frames of the private link: whatever the cuts, what went in comes out; whatever else comes is refused."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.cdp.frames import FrameError, FrameReader, Kind, header

KINDS = st.sampled_from(list(Kind))
SIZES = st.one_of(st.integers(0, 40), st.sampled_from([65_530, 65_531, 65_532, 65_536, 70_000, 200_000]))


def fed(reader: FrameReader, data: bytes, cuts: list[int]) -> list[tuple[Kind, bytes]]:
    """The frames that come of `data`, which arrives in pieces of at most so many bytes, in turn."""
    frames: list[tuple[Kind, bytes]] = []
    turn = 0
    while data:
        room = reader.get_buffer()
        count = min(len(room), cuts[turn % len(cuts)], len(data))
        assert count > 0
        room[:count] = data[:count]
        data = data[count:]
        frames += reader.buffer_updated(count)
        turn += 1
    return frames


@given(st.lists(st.tuples(KINDS, SIZES), max_size=5), st.lists(st.integers(1, 100_000), min_size=1, max_size=4))
def test_what_goes_in_comes_out(sent: list[tuple[Kind, int]], cuts: list[int]) -> None:
    cuts = [max(cut, 1 + sum(size for _, size in sent) // 2_000) for cut in cuts]  # bytes one by one take no new path
    messages = [(kind, bytes([number + 1]) * size) for number, (kind, size) in enumerate(sent)]
    data = b"".join(header(kind, len(message)) + message for kind, message in messages)
    assert fed(FrameReader(), data, cuts) == messages


@given(st.binary(max_size=200), st.lists(st.integers(1, 50), min_size=1, max_size=4))
def test_whatever_comes_is_a_frame_or_refused(data: bytes, cuts: list[int]) -> None:
    with suppress(FrameError):
        for kind, message in fed(FrameReader(1000), data, cuts):
            assert kind in Kind
            assert len(message) <= 1000


def test_a_length_beyond_the_limit_is_refused_before_any_of_it_came() -> None:
    with pytest.raises(FrameError, match="257 bytes; at most 256"):
        fed(FrameReader(256), header(Kind.SECRET, 257), [5])
