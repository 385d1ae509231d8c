"""The contexts of one isolate as the pool knows them: those that live, those it asked for, why one goes."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from inspector.events import ContextCreated, ContextReleased

__all__ = ["ContextTable", "ExpectedContext"]


class ExpectedContext(Struct, frozen=True):
    """A context that was asked for: V8 announces it by its name before the answer comes."""

    name: str
    is_default: bool = False
    replaces_context_id: int | None = None


class ContextTable:
    """Each context is announced once and released once, whichever message tells it first."""

    def __init__(self, isolate_id: int) -> None:
        self._isolate_id = isolate_id
        self._alive: dict[int, ContextCreated] = {}
        self._gone: set[int] = set()  # context ids are never reused within an isolate
        self._expected: deque[ExpectedContext] = deque()
        self._reasons: dict[int, str] = {}

    @property
    def alive(self) -> Mapping[int, ContextCreated]:
        """context_id -> the event that announced it, oldest first."""
        return MappingProxyType(self._alive)

    def expect(self, expected: ExpectedContext) -> None:
        """A context of this name was asked for."""
        self._expected.append(expected)

    def forget_expected(self, expected: ExpectedContext) -> None:
        """The wish failed, or was fulfilled."""
        if expected in self._expected:
            self._expected.remove(expected)

    def created(self, context_id: int, name: str, at_us: int) -> ContextCreated | None:
        """A context exists; None when that was known."""
        if context_id in self._alive or context_id in self._gone:
            return None
        wish = next((one for one in self._expected if one.name == name), ExpectedContext(name))
        self.forget_expected(wish)
        event = ContextCreated(at_us, self._isolate_id, context_id, name, wish.is_default, wish.replaces_context_id)
        self._alive[context_id] = event
        return event

    def will_release(self, context_id: int, reason: str) -> None:
        """Why this context is about to go: "released", "replaced"."""
        self._reasons[context_id] = reason

    def released(self, context_id: int, at_us: int) -> ContextReleased | None:
        """A context is gone; None when that was known."""
        if self._alive.pop(context_id, None) is None:
            return None
        self._gone.add(context_id)
        return ContextReleased(at_us, self._isolate_id, context_id, self._reasons.pop(context_id, "released"))

    def released_all(self, at_us: int, reason: str) -> list[ContextReleased]:
        """All that live are gone."""
        for context_id in self._alive:
            self._reasons[context_id] = reason
        events = [self.released(context_id, at_us) for context_id in list(self._alive)]
        return [event for event in events if event is not None]
