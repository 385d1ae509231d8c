"""Isolates and their contexts: made, watched over, ended."""

from __future__ import annotations

from inspector.states import Capability
from ui.specs.needs import (
    a_busy_isolate,
    a_live_isolate,
    a_paused_isolate,
    a_pool,
    a_running_isolate,
    an_extra_context,
    ended_rows,
    stopped_starts,
)
from ui.specs.spec import Spec

__all__ = ["SPECS"]

SPECS = (
    Spec("new-isolate", "New Isolate…", "Make an isolate", "new-isolate", ("Ctrl+N",), a_pool),
    Spec("stop", "Stop", "End what runs in the selected isolate", "stop", ("Ctrl+.",), a_busy_isolate),
    Spec(
        "collect",
        "Collect Garbage",
        "A full garbage collection, also while a script runs",
        "collect",
        ("Ctrl+G",),
        a_live_isolate,
    ),
    Spec("pause", "Pause", "Stop the script in the debugger", "pause", ("F8",), a_running_isolate, Capability.PAUSE),
    Spec("resume", "Resume", "Go on after a pause", "play", ("Shift+F8",), a_paused_isolate, Capability.PAUSE),
    Spec(
        "new-context",
        "New Context",
        "Another global object in the isolate",
        "context",
        (),
        a_live_isolate,
        Capability.CONTEXTS,
    ),
    Spec(
        "release-context",
        "Release Context",
        "End the context: its timers are dropped, its runs cancelled",
        "",
        (),
        an_extra_context,
        Capability.CONTEXTS,
    ),
    Spec("scripts", "Scripts", "Every script that V8 parsed in the isolate: runs, time, source", "", (), a_pool),
    Spec(
        "measure-contexts",
        "Measure Contexts",
        "How much each context keeps alive: one full collection; the facts show it",
        "",
        (),
        a_live_isolate,
        Capability.CONTEXT_MEMORY,
    ),
    Spec(
        "duplicate",
        "Duplicate",
        "Another isolate with the same settings; nothing runs in it",
        "",
        ("Ctrl+Shift+D",),
        a_live_isolate,
    ),
    Spec(
        "dispose",
        "Dispose",
        "End the isolate and give its heap back; its row stays",
        "dispose",
        ("Ctrl+D",),
        a_live_isolate,
    ),
    Spec(
        "allow-starts",
        "Allow Starts Again",
        "Start host processes again after three losses within 30 s stopped that",
        "",
        (),
        stopped_starts,
    ),
    Spec("clear-ended", "Clear Ended Rows", "Forget isolates that have ended", "clear", (), ended_rows),
)
