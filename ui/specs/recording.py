"""Recordings: made, marked, kept, listed."""

from __future__ import annotations

from ui.specs.needs import a_pool
from ui.specs.spec import Situation, Spec

__all__ = ["SPECS"]


def _a_recording(now: Situation) -> str:
    return "" if now.recording else "Nothing is being recorded."


SPECS = (
    Spec(
        "record",
        "Record",
        "Record what happens in every isolate, as last chosen; again: stop, and keep the file",
        "record",
        ("Ctrl+E",),
        a_pool,
        checkable=True,
    ),
    Spec("record-options", "Record with Options…", "Choose what is recorded, and when it stops", "", (), a_pool),
    Spec(
        "run-and-record",
        "Run and Record",
        "The selected isolate's newest file in a new isolate, recorded from before its birth until its run has settled",
        "",
        ("Ctrl+Shift+F5",),
        a_pool,
    ),
    Spec("mark", "Set a Mark", "Mark this moment in the recording", "", ("M",), _a_recording),
    Spec("save-last-minute", "Save the Last 60 s", "What happened in the last minute, as a recording", "", (), a_pool),
    Spec("open-black-box", "Open the Black Box", "The last minute of the selected isolate, saved by itself", "", ()),
    Spec("recordings", "Recordings", "The list of all recordings that were kept", "", ()),
)
