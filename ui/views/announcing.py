"""Words for a screen reader: read at once, and kept as the widget's description."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

__all__ = ["announce"]


def announce(widget: QWidget, words: str, *, urgent: bool = False, describes: bool = True) -> None:
    """`urgent`: it interrupts what is being read. Price: nothing where no screen reader listens."""
    if describes:
        widget.setAccessibleDescription(words)
    if words and QAccessible.isActive():
        event = QAccessibleAnnouncementEvent(widget, words)
        politeness = QAccessible.AnnouncementPoliteness
        event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
        QAccessible.updateAccessibility(event)
