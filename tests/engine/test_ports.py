"""What a port may post before the other side takes some of it."""

from __future__ import annotations

from inspector.engine.ports import MOST_WAITING, MOST_WAITING_BYTES, Room


def test_room_is_bounded_in_messages_and_bytes_and_comes_back() -> None:
    room = Room()
    for _ in range(MOST_WAITING):
        assert room.left(1) > 0
        room.take(1, 10)
    assert room.left(1) == 0 and room.left(2) == MOST_WAITING_BYTES
    room.give(1, 1, 10)
    assert room.left(1) == MOST_WAITING_BYTES - 10 * (MOST_WAITING - 1)
    room.take(1, MOST_WAITING_BYTES)
    assert room.left(1) == 0
    room.forget(1)
    assert room.left(1) == MOST_WAITING_BYTES


def test_a_flood_of_refusals_is_told_in_few_words() -> None:
    room = Room()
    told = [room.refused(1) for _ in range(10_000)]
    assert sum(told[:100]) == 100 and sum(count > 0 for count in told) < 120
    assert sum(told) >= 10_000
