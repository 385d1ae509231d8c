"""What the built program holds, on all three systems: the spec asks here, and so do the tests. No PyInstaller."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath

from inspector.engine.library import find

__all__ = [
    "EXCLUDED",
    "HOOKS_LEFT_OUT",
    "IMPORTED_BY_NAME",
    "METADATA",
    "PACKAGES",
    "is_library",
    "is_wanted",
    "needed",
    "read_list",
    "v8_files",
    "write_list",
]

PACKAGES = ("inspector", "ui", "resources")  # whole: verbs, features and child programs are imported by name
IMPORTED_BY_NAME = ("PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets")  # by pyqtgraph, for its first plot
# Distributions whose metadata goes along: `doctor` and About read versions from it.
METADATA = (
    "isolate-inspector", "mini-racer", "picows", "orjson", "PySide6-Essentials", "shiboken6", "pyqtgraph",
    "qasync", "numpy", "rich",
)  # fmt: skip

# Modules that something imports only when it is there, or for a part of it that we don't use.
EXCLUDED = (
    "tkinter", "_tkinter", "test", "lib2to3", "pydoc_data", "ensurepip", "venv", "idlelib", "turtle",
    "setuptools", "pkg_resources", "distutils", "pip", "wheel", "_distutils_hack", "matplotlib", "scipy",
    "pandas", "PIL", "IPython", "jupyter_rfb", "numba", "cupy", "h5py", "OpenGL", "PyQt5", "PyQt6", "PySide2",
    "numpy.f2py", "numpy.testing", "numpy.distutils", "numpy.tests", "pyqtgraph.examples", "pyqtgraph.opengl",
    "pyqtgraph.flowchart", "pyqtgraph.console", "PySide6.QtNetwork", "PySide6.QtQml", "PySide6.QtQuick",
    "PySide6.QtQuickWidgets", "PySide6.QtSql", "PySide6.QtXml", "PySide6.QtTest",
    "PySide6.QtDesigner", "PySide6.QtHelp", "PySide6.QtUiTools", "PySide6.QtConcurrent",
    "readline", "curses", "_curses", "_curses_panel",  # the first is GPL, and no terminal of ours edits lines
)  # fmt: skip

# Start-up code of PyInstaller's: the first costs every host process 60 ms, since it imports Qt to do what PyPI's wheel
# does itself; the others mend parts of the standard library that nothing here uses.
HOOKS_LEFT_OUT = ("pyi_rth_pyside6", "pyi_rth_inspect", "pyi_rth_pkgutil", "pyi_rth_multiprocessing")

# Of Qt, as paths below PySide6 (on Linux and macOS below PySide6/Qt too). A plugin that isn't here stays. qgtk3 would
# bring GTK, beside the one of the desktop: dialogs come by the portal.
_QT_PLUGINS_LEFT_OUT = (
    "*/plugins/designer/*", "*/plugins/egldeviceintegrations/*", "*/plugins/generic/*",
    "*/plugins/networkinformation/*", "*/plugins/printsupport/*", "*/plugins/qmllint/*", "*/plugins/qmltooling/*",
    "*/plugins/sqldrivers/*", "*/plugins/tls/*", "*/plugins/vectorimageformats/*",
    "*/plugins/wayland-graphics-integration-server/*", "*/plugins/platforms/*qeglfs*",
    "*/plugins/platforms/*qlinuxfb*", "*/plugins/platforms/*qminimal*", "*/plugins/platforms/*qvkkhrdisplay*",
    "*/plugins/platforms/*qvnc*", "*/plugins/platforms/*qdirect2d*",
    "*/plugins/platforminputcontexts/*qtvirtualkeyboard*", "*/plugins/imageformats/*qpdf*",
    "*/plugins/imageformats/*qtiff*", "*/plugins/imageformats/*qwebp*", "*/plugins/imageformats/*qwbmp*",
    "*/plugins/imageformats/*qtga*", "*/plugins/imageformats/*qicns*", "*/plugins/imageformats/*qjp2*",
    "*/translations/*", "*/qml/*", "*/plugins/platformthemes/*qgtk3*",
)  # fmt: skip
_QT_LIBRARIES_LEFT_OUT = (
    "Qml", "QmlModels", "QmlMeta", "QmlWorkerScript", "QmlCore", "Quick", "QuickWidgets", "QuickControls2",
    "QuickTemplates2", "QuickLayouts", "VirtualKeyboard", "VirtualKeyboardQml", "Pdf", "Network", "Sql",
    "EglFSDeviceIntegration", "EglFsKmsSupport", "EglFsKmsGbmSupport", "PrintSupport", "Designer",
    "DesignerComponents", "Help", "Concurrent", "Test",
)  # fmt: skip
_OTHERS_LEFT_OUT = ("numpy/*/tests/*", "*.pyi", "*/__pycache__/*", "*/opengl32sw.dll", "*/direct_url.json")


def v8_files() -> list[tuple[str, str]]:
    """mini-racer's library and its ICU data, as (file, folder in the program): where `library.find` looks for them."""
    place = find()
    return [(str(place.path), "py_mini_racer"), (str(place.icu), "py_mini_racer")]


def is_wanted(name: str) -> bool:
    """Whether a collected file goes into the program. `name`: its path there, with either slash."""
    path = PurePosixPath("/" + name.replace("\\", "/"))
    patterns = (*_QT_PLUGINS_LEFT_OUT, *_OTHERS_LEFT_OUT)
    return not any(fnmatch.fnmatch(str(path), f"*{pattern}") for pattern in patterns) and not _is_qt_left_out(path.name)


def _is_qt_left_out(name: str) -> bool:
    """Libraries are called libQt6Qml.so.6 on Linux, QtQml on macOS, Qt6Qml.dll on Windows."""
    stem = name.split(".", 1)[0].removeprefix("lib")
    for start in ("Qt6", "Qt"):
        if stem.startswith(start):
            return stem.removeprefix(start) in _QT_LIBRARIES_LEFT_OUT
    return False


def is_library(name: str, kind: str) -> bool:
    """Whether a file is there only because another one is linked with it. `kind`: PyInstaller's word."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    loaded_by_name = (
        "plugins" in parts or "py_mini_racer" in parts or parts[-1].lower().startswith(("libpython", "python"))
    )
    return kind == "BINARY" and not loaded_by_name


def needed(files: Mapping[str, str], libraries: Iterable[str], imports: Callable[[str], Iterable[str]]) -> set[str]:
    """The names of `files` (name in the program -> file on disk) that what isn't in `libraries` is linked with, and
    they themselves.

    `imports` gives the base names that a file is linked with. A plugin that was left out leaves its libraries behind.
    """
    by_base = {PurePosixPath(name.replace("\\", "/")).name: name for name in files}
    waiting = [name for name in files if name not in set(libraries)]
    kept = set(waiting)
    while waiting:
        for base in imports(files[waiting.pop()]):
            found = by_base.get(base)
            if found is not None and found not in kept:
                kept.add(found)
                waiting.append(found)
    return kept


def write_list(work: Path, name: str, files: Iterable[str]) -> None:
    """Leave a list of files of this machine for the steps after PyInstaller."""
    told = sorted({str(Path(one).absolute()) for one in files})
    (work / f"{name}.json").write_text(json.dumps(told), encoding="utf-8")


def read_list(work: Path, name: str) -> list[Path]:
    """`sources`: what the program was made from; `outside`: the system's libraries that it is linked with."""
    return [Path(one) for one in json.loads((work / f"{name}.json").read_text(encoding="utf-8"))]
