"""Commands of one isolate that wait for V8's answer, so that each gets one even when the isolate ends first."""

from __future__ import annotations

__all__ = ["Pending"]

_ID = b'{"id":'


class Pending:
    """Ids of commands under way. Belongs to the loop."""

    def __init__(self) -> None:
        self._ids: set[int] = set()

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, command_id: int | None) -> None:
        if command_id is not None:
            self._ids.add(command_id)

    def answered(self, command_id: int | None) -> bool:
        """Take it out; whether it still waited."""
        if command_id not in self._ids:
            return command_id is None
        self._ids.discard(command_id)
        return True

    def saw(self, message: bytes) -> None:
        """A message from V8: an answer starts with its id. 0.2 us, nothing is parsed."""
        if message.startswith(_ID):
            digits = message[len(_ID) : message.find(b",", len(_ID), len(_ID) + 20)]
            if digits.isdigit():
                self._ids.discard(int(digits))

    def take_all(self) -> list[int]:
        """What still waits; nothing does afterwards."""
        left = sorted(self._ids)
        self._ids.clear()
        return left
