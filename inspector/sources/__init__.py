"""Files as JavaScript: read and refused, script or module, and the modules they import. No V8, no network."""

from __future__ import annotations

from inspector.sources.hints import missing_global_hint
from inspector.sources.kind import SUFFIXES, without_modules
from inspector.sources.modules import ModuleResolver
from inspector.sources.order import natural_order
from inspector.sources.reading import read_source, source_from_text
from inspector.sources.source import Source

__all__ = [
    "SUFFIXES",
    "ModuleResolver",
    "Source",
    "missing_global_hint",
    "natural_order",
    "read_source",
    "source_from_text",
    "without_modules",
]
