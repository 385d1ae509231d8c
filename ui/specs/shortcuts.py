"""Every shortcut as (where, keys, what): those of the actions from their specs, those of single views from here."""

from __future__ import annotations

from collections.abc import Sequence

from ui.specs.spec import Spec

__all__ = ["shortcuts"]

_IN_VIEWS = (
    ("Everywhere", "Tab, Shift+Tab", "The next part, the one before"),
    ("Tables and trees", "Ctrl+C", "Copy the chosen rows"),
    ("Console", "Enter", "Evaluate; a new line where more must follow"),
    ("Console", "Shift+Enter", "A new line"),
    ("Console", "Up, Down", "Older and newer input"),
    ("Console", "Ctrl+Space", "Suggest names"),
    ("Console", "Ctrl+F", "Filter the lines"),
    ("Console", "Tab", "Take the suggested name; Enter takes one that Up or Down went to"),
    ("Sources", "Ctrl+F", "Find; :120 goes to a line"),
    ("Sources", "Up, Down, Page Up, Page Down", "Walk the lines"),
    ("Heap graph, All heaps", "Left, Right, Home, End", "Walk the samples; each is read aloud"),
    ("Heap graph, All heaps", "+, -", "Zoom"),
    ("Heap graph, All heaps", "F, Esc", "Fit"),
    ("Heap graph, All heaps", "Space", "Stop drawing, go on"),
    ("Recording", "W, S", "Zoom"),
    ("Recording", "A, D, Left, Right", "Move"),
    ("Recording", "Alt+arrows", "Walk over the chart; what is there is read aloud"),
    ("Cold start, Containment", "Arrows", "Walk over the chart; what is there is read aloud"),
    ("Recording", "F", "Fit the range, then everything"),
    ("Recording", "/", "Find"),
    ("Recording", "Esc", "Drop the range"),
)


def shortcuts(specs: Sequence[Spec]) -> list[tuple[str, str, str]]:
    """Actions first, in the order of `specs`."""
    rows = [("Everywhere", ", ".join(spec.shortcuts), spec.text.replace("…", "")) for spec in specs if spec.shortcuts]
    return rows + list(_IN_VIEWS)
