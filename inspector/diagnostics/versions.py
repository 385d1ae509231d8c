"""Versions of what this program is made of, read from installed metadata: none of it is imported.

The modules that read them are imported late: the command line starts without them.
"""

from __future__ import annotations

import sys

__all__ = ["machine", "versions"]

_PARTS = ("mini-racer", "picows", "orjson", "PySide6-Essentials", "pyqtgraph", "qasync", "numpy")


def versions() -> dict[str, str | None]:
    """Name -> version; None: not installed. V8's own version comes from a host process."""
    import platform

    return {"isolate-inspector": _version("isolate-inspector"), "python": platform.python_version()} | {
        part: _version(part) for part in _PARTS
    }


def machine() -> str:
    """System, processor and interpreter in one line."""
    import platform

    build = "64-bit" if sys.maxsize > 2**32 else "32-bit"
    return f"{platform.platform()}, {platform.machine()}, {platform.python_implementation()} {build}"


def _version(distribution: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(distribution)
    except PackageNotFoundError:
        return None
