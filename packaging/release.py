"""Names and numbers of a release, and what each system wants to be told of them. The version is pyproject.toml's."""

from __future__ import annotations

import platform
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

__all__ = [
    "DESCRIPTION", "IDENTIFIER", "NAME", "ROOT", "TITLE", "archive_name", "debian_architecture", "info_plist",
    "version", "version_resource", "write_version_resource",
]  # fmt: skip

ROOT = Path(__file__).resolve().parent.parent
NAME = "isolate-inspector"
TITLE = "Isolate Inspector"
IDENTIFIER = "isolate-inspector"  # macOS tells programs apart by it
COPYRIGHT = "MIT license"
_SYSTEMS = {"linux": "linux", "darwin": "macos", "win32": "windows"}
_MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
_DEBIAN = {"x64": "amd64", "arm64": "arm64"}
_EXTENSIONS = ("js", "mjs", "cjs")


@cache
def _project() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        project: dict[str, Any] = tomllib.load(file)["project"]
    return project


def version() -> str:
    return str(_project()["version"])


DESCRIPTION = str(_project()["description"])


def processor(machine: str | None = None) -> str:
    """ "x64", "arm64", or the name that the system gives."""
    name = (machine or platform.machine()).lower()
    return _MACHINES.get(name, name)


def archive_name(system: str = sys.platform, machine: str | None = None) -> str:
    """Without its ending: "isolate-inspector-0.1.0-linux-x64"."""
    return f"{NAME}-{version()}-{_SYSTEMS.get(system, system)}-{processor(machine)}"


def debian_architecture(machine: str | None = None) -> str:
    name = processor(machine)
    return _DEBIAN.get(name, name)


def info_plist() -> dict[str, Any]:
    """What the .app's Info.plist holds besides what PyInstaller writes."""
    return {
        "CFBundleDisplayName": TITLE,
        "CFBundleShortVersionString": version(),
        "LSMinimumSystemVersion": "13.0",  # Qt 6.11's
        "LSApplicationCategoryType": "public.app-category.developer-tools",
        "NSHighResolutionCapable": True,
        "NSRequiresAquaSystemAppearance": False,  # the window follows light and dark
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "JavaScript",
                "CFBundleTypeRole": "Viewer",
                "CFBundleTypeExtensions": list(_EXTENSIONS),
                "LSItemContentTypes": ["com.netscape.javascript-source"],
                "LSHandlerRank": "Alternate",  # an editor stays what opens them unasked
            }
        ],
    }


def version_resource() -> str:
    """Windows' version resource, in the Python expression that PyInstaller reads."""
    numbers = ([int(part) for part in version().split(".")] + [0, 0, 0, 0])[:4]
    words = {
        "CompanyName": TITLE,
        "FileDescription": TITLE,
        "FileVersion": version(),
        "InternalName": NAME,
        "LegalCopyright": COPYRIGHT,
        "OriginalFilename": f"{NAME}.exe",
        "ProductName": TITLE,
        "ProductVersion": version(),
    }
    strings = ", ".join(f"StringStruct({key!r}, {value!r})" for key, value in words.items())
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={tuple(numbers)}, prodvers={tuple(numbers)}, mask=0x3F, flags=0x0, "
        "OS=0x40004, fileType=0x1, subtype=0x0, date=(0, 0)), kids=["
        f"StringFileInfo([StringTable('040904B0', [{strings}])]), "
        "VarFileInfo([VarStruct('Translation', [1033, 1200])])])\n"
    )


def write_version_resource(folder: Path) -> Path:
    path = folder / "version-resource.txt"
    path.write_text(version_resource(), encoding="utf-8")
    return path
