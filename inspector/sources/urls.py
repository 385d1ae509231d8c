"""file: urls and paths, without urllib.request, whose import takes longer than an isolate's birth."""

from __future__ import annotations

import os
from urllib.parse import unquote, urlsplit

__all__ = ["path_of_url", "unquoted"]


def path_of_url(url: str) -> str | None:
    """The path of a file: url (query and fragment don't count); None for other urls. ValueError when it is no url."""
    parts = urlsplit(url)
    return unquoted(parts.path) if parts.scheme == "file" else None


def unquoted(path: str) -> str:
    """A url's path as the platform's: percent signs decoded, bytes that are no text kept as `os.fsdecode` does."""
    if os.name == "nt":
        from urllib.request import url2pathname

        return url2pathname(path)
    return unquote(path, errors="surrogateescape")
