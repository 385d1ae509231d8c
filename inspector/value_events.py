"""Events of values that cross an isolate's border. Same rules as `inspector.events`."""

from __future__ import annotations

from inspector.events import Event

__all__ = ["ChannelClosed", "ChannelOpened", "ReferenceHeld", "ReferenceReleased", "ValueMoved"]


class ValueMoved(Event, frozen=True):
    """A message: a value went, or did not go, from one place to another. `at_us`: when that was over.

    `from_isolate_id`, `to_isolate_id`: None for Python's side. `mode`: copy, transfer, reference, message (of a port).
    `outcome`: arrived, refused (V8 can't copy it), failed, cancelled. `name`: what it was bound to, or the function it
    was given to.
    `out_us`, `in_us`: what the isolates' threads took; `waited_us`: in line and on the way.
    """

    message_id: int
    from_isolate_id: int | None
    from_context_id: int
    to_isolate_id: int | None
    to_context_id: int
    mode: str
    name: str
    text: str
    size_bytes: int
    out_us: int
    in_us: int
    waited_us: int
    outcome: str
    cause: str
    copy_id: int = 0  # while the copy is held, it can be sent again


class ReferenceHeld(Event, frozen=True):
    """From now on somebody outside keeps a value of this isolate alive."""

    isolate_id: int
    context_id: int
    reference: int
    kind: str
    text: str


class ReferenceReleased(Event, frozen=True):
    isolate_id: int
    reference: int


class ChannelOpened(Event, frozen=True):
    """Scripts of two contexts can talk: by `name` in one, by `to_name` in the other."""

    channel_id: int
    isolate_id: int
    context_id: int
    name: str
    to_isolate_id: int
    to_context_id: int
    to_name: str


class ChannelClosed(Event, frozen=True):
    channel_id: int
    reason: str
