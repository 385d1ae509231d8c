"""Opens the window; the only place of the command line where Qt comes in, and only when it is there."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from inspector.errors import EngineError, UsageError

__all__ = ["open_window"]

_PARTS = {"PySide6": "PySide6-Essentials", "pyqtgraph": "pyqtgraph", "qasync": "qasync"}


def open_window(files: Sequence[Path], engine: str, log_level: str | None, *, reset_settings: bool = False) -> int:
    """The window's exit code. UsageError when Qt is not installed, EngineError when its libraries can't be loaded."""
    missing = [package for module, package in _PARTS.items() if find_spec(module) is None]
    if missing:
        cause = f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not installed"
        remedy = f"Install with: python -m pip install {' '.join(missing)} - or use: isolate-inspector run FILE"
        raise UsageError("Open the window", cause, remedy)
    try:
        app = import_module("ui.app")  # by name: nothing in this package may depend on the window
    except ImportError as error:
        remedy = "Install the system's Qt libraries (README, Troubleshooting), or use: isolate-inspector run FILE"
        raise EngineError("Open the window", str(error), remedy) from error
    code: int = app.main(files, engine=engine, log_level=log_level, reset_settings=reset_settings)
    return code
