"""Puts what V8 says into words that also tell why."""

from __future__ import annotations

from msgspec.structs import replace

from inspector.events import ScriptError

__all__ = ["explain_redeclaration"]

_REDECLARED = "has already been declared"


def explain_redeclaration(error: ScriptError) -> ScriptError:
    """V8's words for a second `let x` in one context say nothing of why: a file ran there twice."""
    if error.name != "SyntaxError" or _REDECLARED not in error.message:
        return error
    why = "this file ran in the same context before, and what it declared at its top level stays there"
    remedy = 'Use "Run again": it makes a fresh context first.'
    return replace(error, message=f"{error.message.rstrip('.')}: {why}. {remedy}")
