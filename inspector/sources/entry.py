"""Which file of a folder runs when the folder itself is dropped or opened. Blocks on the disk."""

from __future__ import annotations

from pathlib import Path

from inspector.errors import SourceError
from inspector.sources.package import package_fields
from inspector.text import visible

__all__ = ["entry_of"]

_NAMES = ("index.mjs", "index.js", "main.mjs", "main.js")
_FIELDS = ("module", "main")  # of package.json; "module" is for tools that know ES modules, as we do


def entry_of(folder: Path, action: str) -> Path:
    """What package.json names, else index or main; a real file inside `folder` (links resolved).

    SourceError when there is none, or when it lies outside.
    """
    fields = package_fields(folder / "package.json")
    named = [str(fields[field]) for field in _FIELDS if isinstance(fields.get(field), str)]
    for name in (*named, *_NAMES):
        found = _file(folder / name)
        if found is None:
            continue
        if not found.is_relative_to(folder):
            cause = f"its entry {visible(name)} leaves the folder"
            raise SourceError(action, cause, "Name the JavaScript file itself.")
        return found
    cause = f"it is a folder without {', '.join(_NAMES[:-1])} or {_NAMES[-1]}"
    raise SourceError(action, cause, "Name the JavaScript file in it.")


def _file(path: Path) -> Path | None:
    try:
        real = path.resolve()
        return real if real.is_file() else None
    except (OSError, ValueError, RuntimeError):
        return None
