"""A value that is dragged out of a console: which one it is, and how a drag carries it."""

from __future__ import annotations

import json

from msgspec import Struct
from msgspec.structs import asdict
from PySide6.QtCore import QMimeData

__all__ = ["DraggedValue", "drag_of", "dragged_value"]

_FORMAT = "application/x-isolate-inspector-value"


class DraggedValue(Struct, frozen=True):
    """A remote object of this window. `object_id`: CDP's, which V8 may have let go of by the time it is dropped."""

    isolate_id: int
    context_id: int
    object_id: str
    words: str


def drag_of(value: DraggedValue) -> QMimeData:
    """The words too, as text, for other programs."""
    data = QMimeData()
    data.setText(value.words)
    data.setData(_FORMAT, json.dumps(asdict(value)).encode())
    return data


def dragged_value(data: QMimeData) -> DraggedValue | None:
    """None: it is something else, or garbled by another program."""
    if not data.hasFormat(_FORMAT):
        return None
    try:
        told = json.loads(bytes(data.data(_FORMAT).data()))
        ids = int(told["isolate_id"]), int(told["context_id"])
        return DraggedValue(*ids, str(told["object_id"]), str(told["words"]))
    except (ValueError, KeyError, TypeError):
        return None
