"""Resolves what modules import: relative files inside one folder, links resolved first; nothing from a network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from inspector.errors import SourceError
from inspector.records import ModuleSource
from inspector.sources.reading import read_source, read_text
from inspector.sources.urls import path_of_url, unquoted
from inspector.text import visible

__all__ = ["ModuleResolver"]

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+:")
_SUFFIXES = (".js", ".mjs", "/index.js", "/index.mjs", ".json")


class ModuleResolver:
    """Resolves and reads modules for one run. Blocks on the disk: call it in a worker thread.

    `root` is the folder that no import may leave but for `allowed`, real folders that the user named. One real file is
    one url, however it was reached.
    """

    def __init__(self, root: Path, allowed: Sequence[Path] = ()) -> None:
        self.root = root.resolve()
        self._allowed = allowed

    def resolve(
        self,
        specifier: str,
        referrer_url: str,
        attributes: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        *,
        line: int = 0,
    ) -> ModuleSource:
        """The module `specifier` as imported by `referrer_url` (not a file: url: as if from the root).

        Never raises: `error` says what failed, with the specifier, the importing file and, when known, its line.
        """
        place = f":{line}" if line else ""
        action = f'Import "{visible(specifier)}" from {self._label(referrer_url)}{place}'
        try:
            url, path = self._locate(specifier, referrer_url, action)
            return self._read(url, path, dict(attributes), action)
        except SourceError as error:
            return ModuleSource(specifier, "", error=str(error))

    def _locate(self, specifier: str, referrer_url: str, action: str) -> tuple[str, Path]:
        """The url (of the real file, with the specifier's query and fragment) and the real file."""
        self._refuse_foreign(specifier, action)
        try:
            parts = urlsplit(specifier)
            if parts.netloc not in ("", "localhost"):
                cause = f"it is on another machine, {visible(parts.netloc)}"
                raise SourceError(action, cause, "Copy it beside the importing file.")
        except ValueError as error:
            raise SourceError(action, f"it is not a url: {error}") from error
        if re.search(r"%2f|%5c", parts.path, re.IGNORECASE):
            raise SourceError(action, "it hides a path separator as %2F or %5C", "Write / instead.")
        base = self._folder_of(referrer_url)
        path = base / (unquoted(parts.path) if parts.scheme else unquote(parts.path, errors="surrogateescape"))
        real = self._real(path, specifier, action)
        if not self._may_read(real):
            cause = f"it leaves the folder {visible(str(self.root))}"  # the same whether the file exists or not
            raise SourceError(action, cause, "Open or drop a folder that holds both, or allow imports from there.")
        return real.as_uri() + urlunsplit(("", "", "", parts.query, parts.fragment)), real

    def _refuse_foreign(self, specifier: str, action: str) -> None:
        scheme = _SCHEME.match(specifier)
        if scheme is None:
            if not specifier.startswith(("./", "../", "/")) and specifier not in (".", ".."):
                cause = "a bare name needs a package folder, and none is searched"
                raise SourceError(action, cause, "Bundle the package, or write a relative path such as ./name.js.")
            return
        name = scheme[0].lower()
        if name in ("http:", "https:", "ws:", "wss:", "ftp:"):
            remedy = "Download the file beside the importing one."
            raise SourceError(action, "modules are never fetched from a network", remedy)
        if name == "node:":
            raise SourceError(action, "it is a part of Node, which is not here", "Bundle for the browser.")
        if name != "file:":
            raise SourceError(action, f"{name} urls are not loaded", "Write the module to a file, and import that.")

    def _real(self, path: Path, specifier: str, action: str) -> Path:
        try:
            real = path.resolve()
            if self._may_read(real) and not real.exists():
                raise SourceError(action, "there is no such file", _guess(real, specifier))
            return real
        except (OSError, ValueError, RuntimeError) as error:
            raise SourceError(action, str(getattr(error, "strerror", None) or error)) from error

    def _may_read(self, real: Path) -> bool:
        return any(real.is_relative_to(folder) for folder in (self.root, *self._allowed))

    def _read(self, url: str, path: Path, attributes: dict[str, str], action: str) -> ModuleSource:
        if path.is_dir():
            raise SourceError(action, "it is a folder", "Name the JavaScript file in it.")
        kind = attributes.pop("type", "")
        if attributes:
            name = visible(next(iter(attributes)))
            raise SourceError(action, f'the import attribute "{name}" is not known', 'Only "type" is.')
        if kind not in ("", "json"):
            raise SourceError(action, f'the type "{visible(kind)}" is not known', 'Only type: "json" is.')
        is_json = path.suffix.lower() == ".json"
        if is_json and not kind:
            raise SourceError(action, "JSON needs an import attribute", 'Add: with { type: "json" }.')
        if kind and not is_json:
            raise SourceError(action, "its name does not end in .json", "Remove the import attribute.")
        if is_json:
            return ModuleSource(url, read_text(path, action), is_json=True)
        if path.suffix.lower() == ".cjs":
            raise SourceError(action, "it is CommonJS, which can't be imported", "Bundle it into an ES module first.")
        try:
            return ModuleSource(url, read_source(path).text)
        except SourceError as error:
            raise SourceError(action, error.cause, error.remedy) from error

    def _folder_of(self, referrer_url: str) -> Path:
        try:
            path = path_of_url(referrer_url)
            return self.root if path is None else Path(path).parent
        except ValueError:
            return self.root

    def _label(self, referrer_url: str) -> str:
        try:
            path = path_of_url(referrer_url)
        except ValueError:
            path = None
        return visible(path or referrer_url or "typed text")


def _guess(missing: Path, specifier: str) -> str:
    for suffix in _SUFFIXES:
        if Path(f"{missing}{suffix}").is_file():
            return f'Write the whole name: "{visible(specifier.rstrip("/") + suffix)}".'
    return "Check the path."
