"""Script or module: decided before V8 sees the text, and told with its reason."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from inspector.sources.package import package_fields
from inspector.sources.source import Source
from inspector.states import SourceKind
from inspector.text import visible

__all__ = ["SUFFIXES", "kind_of", "without_modules"]

SUFFIXES = (".js", ".mjs", ".cjs")
"""Of files that are JavaScript by their name."""

_WORDS = ("import", "export", "await")


def kind_of(text: str, path: Path | None) -> tuple[SourceKind, str]:
    """The kind and its reason: by suffix, by the text's own words, by the nearest package.json, else script."""
    suffix = "" if path is None else path.suffix.lower()
    if suffix == ".mjs":
        return SourceKind.MODULE, "the suffix .mjs"
    if suffix == ".cjs":
        return SourceKind.SCRIPT, "the suffix .cjs"
    sign = _sign(text)
    if sign:
        return SourceKind.MODULE, sign
    if path is not None and suffix == ".js":
        package = _nearest_package(path.parent)
        if package is not None and package_fields(package).get("type") == "module":
            return SourceKind.MODULE, f'"type": "module" in {visible(str(package))}'
    return SourceKind.SCRIPT, "no import, export or top-level await"


def without_modules(source: Source) -> Source:
    """`source` for an engine that runs scripts alone: as a script when nothing in its text needs a module.

    A library for browsers often lies in a package of "type": "module". Others come back as they are, and are refused.
    """
    if source.kind is SourceKind.SCRIPT or _sign(source.text):
        return source
    reason = f"{source.kind_reason}, but its text needs none, and this engine runs scripts alone"
    return replace(source, kind=SourceKind.SCRIPT, kind_reason=reason)


def _sign(text: str) -> str:
    """`module_sign`, which is imported (15 ms of regular expressions) for texts alone that have one of its words."""
    if not any(word in text for word in _WORDS):
        return ""
    from inspector.sources.syntax import module_sign

    return module_sign(text)


def _nearest_package(folder: Path) -> Path | None:
    """The package.json that Node would ask: the first one upwards, none from above a node_modules folder."""
    for above in (folder, *folder.parents):
        if above.name == "node_modules":
            return None
        package = above / "package.json"
        if package.is_file():
            return package
    return None
