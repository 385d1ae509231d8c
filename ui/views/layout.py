"""How the parts of the window share its room: presets, and layouts that a person saved. Nothing of it can get lost:
what is hidden is listed in View > Panels, and Reset Layout brings everything back.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from ui.views.contents import Contents

__all__ = ["PRESETS", "Layout", "apply", "current", "read_layouts", "write_layouts"]

_PANELS = ("tree", "facts", "bottom")


class Layout(Struct, frozen=True):
    """`across`: shares of tree, middle, facts; `down`: of middle and bottom. `front`, `below`: the page in front."""

    name: str
    across: tuple[int, int, int]
    down: tuple[int, int]
    hidden: tuple[str, ...] = ()
    front: str = ""
    below: str = ""


PRESETS = (
    Layout("Monitor", (34, 46, 20), (65, 35), front="All heaps", below="Console"),
    Layout("Debug", (22, 56, 22), (62, 38), front="Sources", below="Console"),
    Layout("Record", (26, 74, 0), (75, 25), hidden=("facts",), front="Heap", below="Runs"),
    Layout("Compare", (0, 100, 0), (100, 0), hidden=("tree", "facts", "bottom"), front="Comparison"),
)


def apply(views: Contents, layout: Layout) -> None:
    """Share the room so. Pages that are not there are left as they are."""
    views.hide(layout.hidden)
    views.panes.share(layout.across, layout.down)
    for tabs, name in ((views.centre.tabs, layout.front), (views.bottom, layout.below)):
        names = [tabs.tabText(at) for at in range(tabs.count())]
        place = next((at for at, one in enumerate(names) if name and one.startswith(name)), None)
        if place is not None:
            tabs.setCurrentIndex(place)


def current(views: Contents, name: str) -> Layout:
    """As it is now, under a name."""
    across, down = views.panes.now()
    hidden = tuple(one for one in _PANELS if one in views.hidden)
    tabs, bottom = views.centre.tabs, views.bottom
    front, below = tabs.tabText(tabs.currentIndex()), bottom.tabText(bottom.currentIndex())
    return Layout(name, across, down, hidden, front, below)


def read_layouts(texts: Sequence[str]) -> list[Layout]:
    """Those that were saved; what can't be read is left out."""
    found = []
    for text in texts:
        try:
            one: dict[str, Any] = json.loads(text)
            tree, middle, facts = (max(0, int(share)) for share in one["across"])
            above, below = (max(0, int(share)) for share in one["down"])
            hidden = tuple(name for name in _PANELS if name in one["hidden"])
            words = [str(one[key]) for key in ("name", "front", "below")]
            found.append(Layout(words[0], (tree, middle, facts), (above, below), hidden, words[1], words[2]))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def write_layouts(layouts: Sequence[Layout]) -> list[str]:
    """For the settings, a text each."""
    return [
        json.dumps(
            {
                "name": one.name,
                "across": one.across,
                "down": one.down,
                "hidden": one.hidden,
                "front": one.front,
                "below": one.below,
            }
        )
        for one in layouts
    ]
