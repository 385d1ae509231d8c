"""What the console says of where it stands: in which isolate and context, or why nothing can be typed."""

from __future__ import annotations

from msgspec import Struct

from inspector.states import IsolateState
from inspector.text import visible
from ui.models.records import IsolateRecord

__all__ = ["ConsolePlace", "console_place"]


class ConsolePlace(Struct, frozen=True):
    """`place` names the context ("" for none); `words` stand in the empty input line."""

    place: str
    words: str
    ready: bool  # something can be typed


def console_place(record: IsolateRecord | None, context_id: int | None, lacking: str) -> ConsolePlace:
    """`context_id` None: the isolate's default context. `lacking`: why the engine can't evaluate, "" when it can."""
    if record is None:
        return ConsolePlace("", "Select an isolate to see its console.", ready=False)
    context = record.contexts.get(context_id or record.default_context_id or 0)
    place = visible(record.name, 40)
    if context is not None and context.created.name:
        place += f" · {visible(context.created.name, 40)}"
    if not record.state.alive:
        return ConsolePlace(place, "This isolate has ended.", ready=False)
    if context is not None and context.released:
        return ConsolePlace(place, f"This context has ended ({context.released}).", ready=False)
    if lacking:
        return ConsolePlace(place, lacking, ready=False)
    if record.state is IsolateState.PAUSED and record.paused is not None:
        return ConsolePlace(place, f"Evaluate in the chosen call frame of {place}", ready=True)
    return ConsolePlace(place, f"Evaluate in {place}", ready=True)
