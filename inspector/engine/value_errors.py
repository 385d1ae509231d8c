"""What goes wrong with an order on a value, in the same words whichever engine serves it."""

from __future__ import annotations

from inspector.errors import (
    CancelledError,
    ContextReleasedError,
    CopyRefusedError,
    GoneError,
    InspectorError,
    LimitError,
    ValueThrewError,
)
from inspector.records import ScriptError

__all__ = [
    "disposed",
    "ended_in_line",
    "inside",
    "let_go",
    "no_context",
    "refused",
    "threw",
    "too_large",
    "unknown_reference",
]

_REMEDY = "Leave that part out, or keep a reference to it."


def no_context(context_id: int) -> InspectorError:
    return ContextReleasedError("use a value", f"there is no context {context_id}", "It was released.")


def inside(why: str) -> str:
    """The evidence when the value's own code (a getter, a proxy's trap) was ended."""
    return f"{why}: the value's own code was running"


def ended_in_line(why: str) -> InspectorError:
    return CancelledError("use a value", f"{why}: the isolate was busy or paused")


def disposed() -> InspectorError:
    return GoneError("use a value", "the isolate is being disposed", "Create another.")


def let_go() -> InspectorError:
    """Of a CDP objectId."""
    return GoneError("hold a value", "V8 has let go of it", "Evaluate it again.")


def unknown_reference(cause: str) -> InspectorError:
    return GoneError("use a reference", cause, "Hold it again.")


def refused(words: str, path: str = "") -> InspectorError:
    """V8's words, with the path of the part that it stopped at."""
    return CopyRefusedError("copy a value", f"{words} at {path}" if path else words, _REMEDY, path=path)


def too_large(most_bytes: int) -> InspectorError:
    cause = f"it takes more than the {most_bytes} bytes that are left for values in transit"
    return LimitError("copy a value", cause, "Release copies, or copy less at a time.")


def threw(error: ScriptError) -> InspectorError:
    """The script's own code threw while the value was used."""
    words = f"{error.name}: {error.message}" if error.message else error.name
    return ValueThrewError("use a value", words, error.stack)
