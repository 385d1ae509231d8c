"""What the pause panel says: why and where an isolate stands still, and its frames as lines."""

from __future__ import annotations

from msgspec import Struct

from inspector.events import IsolatePaused, PausedFrame
from inspector.text import visible
from ui.models.labels import short_label

__all__ = ["FrameLine", "frame_lines", "pause_words", "source_line"]

_REASONS = {
    "Break on start": "at the start",
    "OOM": "close to the memory limit",
    "assert": "at a failed assertion",
    "debugCommand": "at a command",
    "exception": "where an exception is thrown",
    "promiseRejection": "where a promise is rejected",
    "step": "after a step",
}
_LONGEST_LINE = 300


class FrameLine(Struct, frozen=True):
    function: str
    place: str  # "app.js:4"
    tip: str


def pause_words(paused: IsolatePaused) -> str:
    """ "Paused at a breakpoint", "Paused where an exception is thrown: Error: lost"."""
    why = "at a breakpoint" if paused.breakpoints else _REASONS.get(paused.reason, "")
    words = f"Paused {why}" if why else "Paused"
    return f"{words}: {visible(paused.detail, 200)}" if paused.detail else words


def frame_lines(paused: IsolatePaused) -> list[FrameLine]:
    """Innermost first."""
    return [_line(frame) for frame in paused.frames]


def source_line(source: str, line: int) -> str:
    """The 1-based `line` of a source, without its indentation; "" when it has none."""
    lines = source.split("\n", line)
    return visible(lines[line - 1].strip(), _LONGEST_LINE) if 0 < line <= len(lines) else ""


def _line(frame: PausedFrame) -> FrameLine:
    name = visible(frame.function, 60) or "(top level)"
    label = short_label(frame.url, 60) or f"script {frame.script_id}"
    return FrameLine(name, f"{label}:{frame.line}", visible(f"{frame.url or label}:{frame.line}:{frame.column}", 400))
