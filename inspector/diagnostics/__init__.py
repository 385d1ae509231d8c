"""What helps to find a fault: rotating logs, the interpreter's faults, a text to copy without sources or values."""

from __future__ import annotations

from inspector.diagnostics.log import LEVELS, start_logging
from inspector.diagnostics.report import diagnostics_text
from inspector.system.paths import cache_folder, state_folder

__all__ = ["LEVELS", "cache_folder", "diagnostics_text", "start_logging", "state_folder"]
