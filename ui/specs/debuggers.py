"""Debuggers: letting them attach, where they find an isolate, stepping here."""

from __future__ import annotations

from inspector.states import Capability
from ui.specs.needs import a_live_isolate, a_paused_isolate
from ui.specs.spec import Situation, Spec

__all__ = ["SPECS"]


def an_allowed_isolate(now: Situation) -> str:
    trouble = a_live_isolate(now)
    if trouble or now.isolate is None:
        return trouble
    return "" if now.isolate.debugger_url else "Allow debuggers on this isolate first."


def _step(key: str, text: str, tip: str, shortcut: str) -> Spec:
    return Spec(key, text, tip, "", (shortcut,), a_paused_isolate, Capability.PAUSE)


SPECS = (
    _step("step-over", "Step Over", "To the next statement of the function", "F10"),
    _step("step-into", "Step Into", "Into the next call", "F11"),
    _step("step-out", "Step Out", "To the caller of the function", "Shift+F11"),
    Spec(
        "toggle-breakpoint",
        "Breakpoint at the Line",
        "Set a breakpoint at the current line of Sources, or take it away; a click beside the line does it too",
        "",
        ("F9",),
        a_live_isolate,
        Capability.PAUSE,
    ),
    Spec(
        "edit-breakpoint",
        "Condition or Log…",
        "When the breakpoint at the current line of Sources pauses, or what it logs instead; also by a right click "
        "beside the line",
        "",
        ("Shift+F9",),
        a_live_isolate,
        Capability.PAUSE,
    ),
    Spec(
        "remove-breakpoints",
        "Remove All Breakpoints",
        "Take away every breakpoint that this window set in the isolate",
        "",
        (),
        a_live_isolate,
        Capability.PAUSE,
    ),
    Spec(
        "pause-on-exceptions",
        "Pause on Uncaught Exceptions",
        "Pause where an exception is thrown that nothing catches",
        needs=a_live_isolate,
        capability=Capability.PAUSE,
        checkable=True,
    ),
    Spec(
        "count-hits",
        "Count Hits",
        "Count how often each line runs from now on, beside the lines in Sources. Meanwhile V8 optimises nothing: "
        "tight loops and small functions are 7 to 20 times slower",
        needs=a_live_isolate,
        capability=Capability.CPU_PROFILE,
        checkable=True,
    ),
    Spec(
        "allow-debuggers",
        "Allow Debuggers",
        "Let Chrome DevTools, VS Code and other debuggers on this machine attach to the isolate",
        needs=a_live_isolate,
        checkable=True,
    ),
    Spec(
        "copy-devtools-url",
        "Copy DevTools URL",
        "For the address bar of Chrome: its DevTools open on the isolate",
        "copy",
        needs=an_allowed_isolate,
    ),
    Spec(
        "copy-launch-configuration",
        "Copy VS Code Launch Configuration",
        "An entry for launch.json that attaches VS Code's debugger",
        needs=an_allowed_isolate,
    ),
)
