"""The one selection of a window: what every panel speaks of."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

__all__ = ["Selection"]


class Selection(QObject):
    """A host, an isolate, a context of it or a script of it. A script or context is never selected without its
    isolate.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.isolate_id: int | None = None
        self.context_id: int | None = None
        self.script_id: str | None = None
        self.host_id: int | None = None

    def set(
        self,
        *,
        isolate_id: int | None = None,
        context_id: int | None = None,
        script_id: str | None = None,
        host_id: int | None = None,
    ) -> None:
        """Select exactly what is named; what is left out is unselected. `changed` follows when it differs."""
        new = (isolate_id, context_id, script_id, host_id)
        if new != (self.isolate_id, self.context_id, self.script_id, self.host_id):
            self.isolate_id, self.context_id, self.script_id, self.host_id = new
            self.changed.emit()

    @property
    def is_empty(self) -> bool:
        return self.isolate_id is None and self.host_id is None

    def clear(self) -> None:
        self.set()
