"""What a package.json says. Blocks on the disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from inspector.errors import SourceError
from inspector.sources.encoding import decode

__all__ = ["package_fields"]

_MOST_BYTES = 4_000_000
_ACTION = "Read package.json"


def package_fields(package: Path) -> Mapping[str, object]:
    """Its fields; {} for one that is missing, can't be read, or is no object."""
    from inspector.sources.reading import read_bytes  # it imports this module

    try:
        content = json.loads(decode(read_bytes(package, _ACTION, _MOST_BYTES), _ACTION))
    except (SourceError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
