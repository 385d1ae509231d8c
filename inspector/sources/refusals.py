"""Files that are not JavaScript by their name: what they are, and what to do with them."""

from __future__ import annotations

from pathlib import Path

from inspector.errors import SourceError

__all__ = ["refuse_by_name"]

_TYPESCRIPT = ("TypeScript, not JavaScript", "Compile it first (tsc, esbuild), then run the .js file.")
_JSX = ("JSX, not JavaScript", "Compile it first (esbuild, babel), then run the .js file.")
_DATA = ("data, not a program", "Copy its text into a script, or read it where the program is.")
_COMPONENT = ("a component, not JavaScript", "Build it first, then run the .js file.")
_BY_SUFFIX = {
    ".ts": _TYPESCRIPT,
    ".mts": _TYPESCRIPT,
    ".cts": _TYPESCRIPT,
    ".tsx": ("TypeScript with JSX, not JavaScript", _TYPESCRIPT[1]),
    ".jsx": _JSX,
    ".json": (
        "JSON: data, not a program",
        'A module can import it: import data from "./file.json" with { type: "json" }.',
    ),
    ".json5": _DATA,
    ".jsonl": _DATA,
    ".yaml": _DATA,
    ".yml": _DATA,
    ".csv": _DATA,
    ".map": ("a source map, not a program", "Run the .js file beside it."),
    ".html": ("HTML, not JavaScript", "Save its script as a .js file."),
    ".htm": ("HTML, not JavaScript", "Save its script as a .js file."),
    ".css": ("a style sheet, not JavaScript", "Only JavaScript runs."),
    ".svg": ("an image, not JavaScript", "Only JavaScript runs."),
    ".md": ("a text document, not JavaScript", "Save its code as a .js file."),
    ".vue": _COMPONENT,
    ".svelte": _COMPONENT,
    ".coffee": ("CoffeeScript, not JavaScript", "Compile it first, then run the .js file."),
    ".wasm": ("a WebAssembly module, not JavaScript", "Load it from a script with WebAssembly.instantiate."),
    ".py": ("Python, not JavaScript", "Only JavaScript runs."),
    ".sh": ("a shell script, not JavaScript", "Only JavaScript runs."),
}


def refuse_by_name(path: Path, action: str) -> None:
    """SourceError when the name says that this is no JavaScript; other names are decided by their content."""
    known = _BY_SUFFIX.get(path.suffix.lower())
    if known is not None and path.is_file():
        raise SourceError(action, f"{path.suffix} is {known[0]}", known[1])
