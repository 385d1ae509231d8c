"""What a build holds on the three systems, as far as one of them can tell."""

from __future__ import annotations

import sys

import pytest

import bundle
import program
from inspector.engine import child, library

KEPT = [
    "PySide6/Qt/lib/libQt6Widgets.so.6",
    "PySide6/Qt/lib/libQt6Svg.so.6",
    "PySide6/Qt/lib/libQt6DBus.so.6",
    "PySide6/Qt/plugins/platforms/libqxcb.so",
    "PySide6/Qt/plugins/platforms/libqoffscreen.so",
    "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
    "PySide6/Qt/plugins/styles/libqmacstyle.dylib",
    "PySide6/Qt/lib/QtGui.framework/Versions/A/QtGui",
    "PySide6\\plugins\\platforms\\qwindows.dll",
    "PySide6\\plugins\\platforms\\qoffscreen.dll",
    "PySide6\\Qt6Core.dll",
    "py_mini_racer/libmini_racer.so",
    "py_mini_racer\\mini_racer.dll",
    "py_mini_racer/icudtl.dat",
    "resources/icons/play.svg",
]
LEFT_OUT = [
    "PySide6/Qt/lib/libQt6Qml.so.6",
    "PySide6/Qt/lib/QtQuick.framework/Versions/A/QtQuick",
    "PySide6\\Qt6Network.dll",
    "PySide6/Qt/lib/libQt6VirtualKeyboard.so.6",
    "PySide6\\plugins\\tls\\qopensslbackend.dll",
    "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
    "PySide6/Qt/plugins/platforms/libqminimal.so",
    "PySide6/Qt/translations/qtbase_de.qm",
    "PySide6\\opengl32sw.dll",
]


@pytest.mark.parametrize("name", KEPT)
def test_what_the_window_needs_is_kept(name):
    assert bundle.is_wanted(name)


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_it_does_not_need_is_left_out(name):
    assert not bundle.is_wanted(name)


@pytest.mark.parametrize(
    ("platform", "name"),
    [("linux", "libmini_racer.so"), ("darwin", "libmini_racer.dylib"), ("win32", "mini_racer.dll")],
)
def test_v8_is_collected_from_where_it_is_looked_for_on_each_system(platform, name, monkeypatch, tmp_path):
    package = tmp_path / "py_mini_racer"
    package.mkdir()
    for file in (name, "icudtl.dat"):
        (package / file).write_bytes(b"x")
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert bundle.v8_files() == [(str(package / name), "py_mini_racer"), (str(package / "icudtl.dat"), "py_mini_racer")]
    assert library.find().path == package / name
    assert all(bundle.is_wanted(f"{folder}/{name}") for _, folder in bundle.v8_files())


def test_a_library_that_only_a_left_out_plugin_needs_goes_with_it():
    links = {"a.so": ["libx.so"], "libx.so": ["liby.so", "libc.so"], "libz.so": ["liby.so"], "liby.so": []}
    files = {"plugins/a.so": "a.so", "libx.so": "libx.so", "liby.so": "liby.so", "lib\\libz.so": "libz.so"}
    libraries = [name for name in files if bundle.is_library(name, "BINARY")]
    assert bundle.needed(files, libraries, links.__getitem__) == {"plugins/a.so", "libx.so", "liby.so"}


def test_what_is_loaded_by_name_is_no_mere_library():
    assert not bundle.is_library("PySide6/Qt/plugins/platforms/libqxcb.so", "BINARY")
    assert not bundle.is_library("py_mini_racer\\mini_racer.dll", "BINARY")
    assert not bundle.is_library("libpython3.11.so.1.0", "BINARY")
    assert not bundle.is_library("orjson/orjson.so", "EXTENSION")
    assert bundle.is_library("libxcb.so.1", "BINARY")


def test_nothing_that_is_imported_by_name_is_excluded():
    for name in (
        *child._PROGRAMS.values(),
        *bundle.IMPORTED_BY_NAME,
        "PySide6.QtSvg",
        "PySide6.QtWidgets",
        "pyqtgraph",
        "numpy",
        "sqlite3",
    ):
        assert not any(name == one or name.startswith(f"{one}.") for one in bundle.EXCLUDED)


def test_a_frozen_program_starts_itself_as_its_children(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    command = child.child_command("inspector.host")
    assert command == [sys.executable, child.CHILD_OPTION, "inspector.host"]
    child.serve_child([child.CHILD_OPTION, "os"])  # is none of them: nothing happens


def test_what_the_bootloader_set_is_undone():
    environ = {"LD_LIBRARY_PATH": "/ours", "LD_LIBRARY_PATH_ORIG": "/users", "_PYI_ARCHIVE_FILE": "x", "HOME": "/h"}
    program.restore_environment(environ)
    assert environ == {"LD_LIBRARY_PATH": "/users", "HOME": "/h"}


def test_a_library_path_of_the_bootloaders_alone_goes(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    environ = {"LD_LIBRARY_PATH": "/ours"}
    program.restore_environment(environ)
    assert environ == {}
