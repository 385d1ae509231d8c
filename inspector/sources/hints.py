"""A sentence for failures that have one well-known cause."""

from __future__ import annotations

import re

__all__ = ["commonjs_hint"]

_COMMONJS = re.compile(r"(require|module|process|exports|__dirname|__filename) is not defined")


def commonjs_hint(name: str, message: str) -> str:
    """What to do when a run failed for want of Node's names, else ""; `name` and `message` are the error's."""
    found = _COMMONJS.search(message) if name == "ReferenceError" else None
    if found is None:
        return ""
    if found[1] == "process":
        return 'CommonJS: bundle it first ("process" is Node\'s; there is no Node here).'
    return f'CommonJS: bundle it first ("{found[1]}" is not there; a browser build or an ES module runs as it is).'
