"""All features of one window. They are made once the first isolate is on the screen, or when one is asked for.

Price: importing and making them takes a tenth of a second, which the first isolate would wait for. What was told
before they came is kept and told to them then, in order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from inspector.events import Event
    from ui.features import Feature, Workbench
    from ui.models.pool_state import Changes
    from ui.specs import Situation

__all__ = ["FeatureSet"]

F = TypeVar("F", bound="Feature")


class FeatureSet:
    """Owner: the GUI thread. `bench` makes what they are made with."""

    def __init__(self, bench: Callable[[], Workbench]) -> None:
        self._bench = bench
        self._all: tuple[Feature, ...] = ()
        self._granted_by: dict[str, Feature] = {}
        self._early: list[tuple[Sequence[Event], Changes]] = []
        self._started = self._closed = False

    def complete(self) -> None:
        """Make those that are not there yet."""
        if self._all or self._closed:
            return
        from ui.features import FEATURES

        bench = self._bench()
        self._all = tuple(make(bench) for make in FEATURES)
        self._granted_by = {key: feature for feature in self._all for key in feature.keys}
        early, self._early = self._early, []
        for batch in early:
            self.take(*batch)
        if self._started:
            self.started()
        self.selection_changed()
        bench.update_actions()

    def get(self, kind: type[F]) -> F:
        """The one feature of a kind."""
        self.complete()
        return next(one for one in self._all if isinstance(one, kind))

    def grant(self, key: str) -> bool:
        """Whether a feature grants the action `key`; it has then."""
        self.complete()
        feature = self._granted_by.get(key)
        if feature is not None:
            feature.grant(key)
        return feature is not None

    def refine(self, now: Situation) -> Situation:
        for feature in self._all:
            now = feature.refine(now)
        return now

    def take(self, events: Sequence[Event], changes: Changes) -> None:
        if not self._all:
            self._early.append((events, changes))
        for feature in self._all:
            feature.take(events, changes)

    def selection_changed(self) -> None:
        for feature in self._all:
            feature.selection_changed()

    def started(self) -> None:
        self._started = True
        for feature in self._all:
            feature.started()

    def closing(self) -> None:
        self._closed = True
        for feature in self._all:
            feature.closing()
