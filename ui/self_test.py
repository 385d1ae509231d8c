"""A child program of `--self-test`: the whole window over a live isolate, painted where nobody sees it.

Prints one line of JSON: `trouble` ("" when all is well) and `words`. Settings are read from an empty folder.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from inspector.pool import Isolate
    from ui.assembly import Assembly

__all__ = ["main", "picture_trouble"]

_PATIENCE_S = 40.0
_LOOK_EVERY_S = 0.05
_SIZE = (1000, 640)
_FEWEST_COLOURS = 24  # a window without text or icons has a handful: panels, borders
_LEAST_INK = 0.005  # of all pixels, other than the most frequent colour of each row


def picture_trouble(image: QImage) -> str:
    """What is wrong with a picture of the window; "" when it has text and shapes on it. Looks at every second pixel."""
    from collections import Counter

    colours: set[int] = set()
    ink = seen = 0
    for y in range(0, image.height(), 2):
        row = Counter(image.pixel(x, y) for x in range(0, image.width(), 2))
        colours.update(row)
        seen += row.total()
        ink += row.total() - row.most_common(1)[0][1]
    if len(colours) < _FEWEST_COLOURS or ink < _LEAST_INK * seen:
        return f"the picture of the window is blank: {len(colours)} colours, {100 * ink / max(1, seen):.1f}% drawn on"
    return ""


def main() -> int:
    """Of the program, whose one argument is the engine; the exit code."""
    engine = sys.argv[1] if len(sys.argv) > 1 else "auto"
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    # V8 and Qt may write to standard output too: the last line is ours
    with tempfile.TemporaryDirectory() as folder:
        trouble, words = _paint(engine, Path(folder))
    sys.stdout.write(f"\n{json.dumps({'trouble': trouble, 'words': words})}\n")
    return 1 if trouble else 0


def _paint(engine: str, folder: Path) -> tuple[str, str]:
    from ui.driven import drive

    return drive(_look, folder, engine=engine, isolate="self-test", limit="64 MiB")


async def _look(window: Assembly, first: Future[Isolate]) -> tuple[str, str]:
    from ui.views.centre import HEAP

    window.window.resize(*_SIZE)
    reported: list[str] = []
    window.problems.reported.connect(lambda problem: reported.append(problem.sentence))
    name = (await asyncio.wrap_future(first)).name
    window.views.centre.go_to(HEAP)
    shown = await _until(lambda: any(one.name == name for one in window.state.isolates.values()))
    if not shown:
        return "the isolate did not appear in the window", ""
    drawn = await _until(lambda: window.views.centre.has_graph(HEAP) or bool(reported))
    if reported:
        return f"the window reports: {reported[0]}", ""
    if not drawn:
        return "the graphs did not come", ""
    await asyncio.sleep(2 * _LOOK_EVERY_S)  # for the first paint of the graph
    image = window.window.grab().toImage()
    trouble = picture_trouble(image)
    return trouble, f"{image.width()} x {image.height()} pixels painted, an isolate in its tree and its graph"


async def _until(holds: Callable[[], bool]) -> bool:
    for _ in range(round(_PATIENCE_S / _LOOK_EVERY_S)):
        if holds():
            return True
        await asyncio.sleep(_LOOK_EVERY_S)
    return False


if __name__ == "__main__":
    sys.exit(main())
