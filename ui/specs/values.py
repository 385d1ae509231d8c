"""Values between isolates."""

from __future__ import annotations

from inspector.states import Capability
from ui.specs.needs import a_live_isolate
from ui.specs.spec import Spec

__all__ = ["SPECS"]

SPECS = (
    Spec(
        "send-value",
        "Send Value…",
        "Copy or transfer a value into other contexts, and see before what of it arrives",
        "",
        ("Ctrl+Shift+E",),
        a_live_isolate,
        Capability.COPIES,
    ),
    Spec(
        "open-channel",
        "Open a Channel…",
        "Let scripts of this context and another talk: postMessage and onmessage",
        "",
        (),
        a_live_isolate,
        Capability.PORTS,
    ),
    Spec(
        "close-door",
        "Close a Door…",
        "Every way in and out of the context: close one, or open it again",
        "",
        (),
        a_live_isolate,
    ),
    Spec("messages", "Messages", "What went between isolates: when, from where, to where, how large", "", ()),
)
