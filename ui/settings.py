"""What the window remembers between starts: one JSON file in the platform's folder for settings.

A file that can't be read is kept aside under `settings.json.broken` and said so; the window starts with the defaults.
"""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths

__all__ = ["Settings", "default_path", "reset"]

RECENT_FILES = 12


def default_path() -> Path:
    """`settings.json` in the platform's folder for this program's settings."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
    return Path(folder) / "isolate-inspector" / "settings.json"


def reset(path: Path | None = None) -> str:
    """Put the settings aside, so that the next start has the defaults; a sentence about it, or why it can't be done."""
    path = path or default_path()
    kept = path.with_name(path.name + ".before-reset")
    try:
        path.replace(kept)
    except FileNotFoundError:
        return f"Reset the settings: there are none in {path}, the defaults are used."
    except OSError as error:
        return f"Reset the settings: {path} can't be put aside ({error.strerror or error}). Remove it by hand."
    return f"Reset the settings: the defaults are used, the old ones are in {kept}."


class Settings:
    """Key and value, JSON only; `save` writes the whole file at once. `trouble` tells what went wrong while
    reading.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or default_path()
        self.trouble = ""
        self.first_start = not self.path.exists()
        self._values: dict[str, Any] = {} if self.first_start else self._read()

    def text(self, key: str, default: str = "") -> str:
        value = self._values.get(key)
        return value if isinstance(value, str) else default

    def flag(self, key: str, default: bool = False) -> bool:
        value = self._values.get(key)
        return value if isinstance(value, bool) else default

    def data(self, key: str) -> bytes:
        """Bytes kept by `put_data` (a window's geometry); empty when there are none."""
        try:
            return base64.b64decode(self.text(key), validate=True)
        except ValueError:
            return b""

    def texts(self, key: str) -> list[str]:
        value = self._values.get(key)
        return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []

    def put(self, key: str, value: str | bool | list[str]) -> None:
        self._values[key] = value

    def put_data(self, key: str, value: bytes) -> None:
        self._values[key] = base64.b64encode(value).decode("ascii")

    def add_recent(self, path: str) -> None:
        """Put a file first in the list of recent ones."""
        self._values["recent"] = [path, *(one for one in self.texts("recent") if one != path)][:RECENT_FILES]

    def save(self) -> str:
        """Write the file whole, then put it in place; returns why it could not, "" when it could."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # two windows may save at once: each has a file of its own until the rename
            half = self.path.with_name(f"{self.path.name}.{os.getpid()}")
            half.write_text(json.dumps(self._values, indent=1, sort_keys=True), encoding="utf-8")
            half.replace(self.path)
        except OSError as error:
            return f"{self.path}: {error.strerror or error}"
        return ""

    def _read(self) -> dict[str, Any]:
        try:
            values = json.loads(self.path.read_text(encoding="utf-8"))
            if not isinstance(values, dict):
                raise ValueError("it is not a JSON object")
        except (OSError, ValueError, RecursionError) as error:
            self.trouble = f"{self.path} can't be read ({error})"
            self._set_aside()
            return {}
        return values

    def _set_aside(self) -> None:
        try:
            self.path.replace(self.path.with_name(self.path.name + ".broken"))
        except OSError:
            self.trouble += "; it could not be set aside either"
