"""One message between isolates, from its beginning to the event that tells how it ended."""

from __future__ import annotations

from msgspec import Struct, field

from inspector.errors import CancelledError, CopyRefusedError, InspectorError
from inspector.pool.copy_store import CopyStore
from inspector.target.clock import now_us
from inspector.value_events import ValueMoved

__all__ = ["Move"]

_OUTCOMES: tuple[tuple[type[InspectorError], str], ...] = (
    (CopyRefusedError, "refused"),
    (CancelledError, "cancelled"),
    (InspectorError, "failed"),
)


class Move(Struct):
    """`source`, `target`: isolate_id (None: Python, or nowhere yet) and context_id."""

    source: tuple[int | None, int]
    target: tuple[int | None, int]
    mode: str
    name: str
    text: str
    size_bytes: int = 0
    out_us: int = 0
    in_us: int = 0
    copy_id: int = 0
    note: str = ""  # what is told of one that arrived
    began_us: int = field(default_factory=now_us)

    def tell(self, store: CopyStore, error: InspectorError | None) -> None:
        """It is over: publish it."""
        outcome = "arrived" if error is None else next(word for kind, word in _OUTCOMES if isinstance(error, kind))
        now = now_us()
        moved = ValueMoved(
            at_us=now,
            message_id=next(store.message_ids),
            from_isolate_id=self.source[0],
            from_context_id=self.source[1],
            to_isolate_id=self.target[0],
            to_context_id=self.target[1],
            mode=self.mode,
            name=self.name,
            text=self.text,
            size_bytes=self.size_bytes,
            out_us=self.out_us,
            in_us=self.in_us,
            waited_us=max(0, now - self.began_us - self.in_us),
            outcome=outcome,
            cause=self.note if error is None else error.cause,
            copy_id=self.copy_id,
        )
        store.publish(moved)
