"""What is missing is found in the loader's cache, and named as apt knows it."""

from __future__ import annotations

import shutil

import pytest

import system_packages
from refusal import Refusal

CACHE = """\
3 libs found in cache `/etc/ld.so.cache'
\tlibGL.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libGL.so.1
\tlibEGL.so.1 (libc6) => /lib/i386-linux-gnu/libEGL.so.1
\tlibz.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libz.so.1
"""


def test_a_library_in_the_cache_is_not_missing():
    assert system_packages.missing_libraries(["libGL.so.1", "libz.so.1"], CACHE, "x86_64") == []


def test_a_library_of_another_processor_is_missing():
    assert system_packages.missing_libraries(["libEGL.so.1"], CACHE, "x86_64") == ["libEGL.so.1"]


def test_other_processors_take_what_the_cache_lists():
    assert system_packages.missing_libraries(["libEGL.so.1"], CACHE, "i686") == []


def test_a_name_that_only_begins_alike_is_missing():
    assert system_packages.missing_libraries(["libGL.so"], CACHE, "x86_64") == ["libGL.so"]


@pytest.mark.parametrize(
    ("environ", "window", "has_x11", "has_wayland"),
    [
        ({}, False, False, False),
        ({"DISPLAY": ":0"}, False, False, False),
        ({"DISPLAY": ":0"}, True, True, False),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, True, True, False),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True, False, True),
        ({}, True, False, False),
    ],
)
def test_only_a_window_needs_its_display_servers_libraries(environ, window, has_x11, has_wayland):
    needed = system_packages.libraries_needed(environ, window=window)
    assert set(system_packages.QT) <= set(needed)
    assert ("libxcb.so.1" in needed) is has_x11
    assert ("libwayland-client.so.0" in needed) is has_wayland


def test_what_is_shipped_takes_the_libraries_of_every_display_server_along():
    needed = system_packages.libraries_needed({}, window=False, ships=True)
    assert {"libEGL.so.1", "libxcb-icccm.so.4", "libwayland-client.so.0"} <= set(needed)


def test_the_systems_python_gets_the_plain_package():
    assert system_packages.venv_package((3, 11), "/usr/bin/python3.11", "/usr/bin/python3.11") == "python3-venv"


def test_another_python_gets_the_package_of_its_version():
    assert system_packages.venv_package((3, 12), "/usr/bin/python3.12", "/usr/bin/python3.11") == "python3.12-venv"


def test_the_command_is_for_a_shell_and_asks_for_root():
    assert system_packages.install_command(["libegl1", "libgl1"], root=False) == (
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1 libgl1"
    )
    assert "sudo" not in system_packages.install_command(["libegl1"], root=True)


@pytest.fixture
def lacking(monkeypatch):
    """A system that lacks two libraries of one package."""
    missing = {"libglib-2.0.so.0": "libglib2.0-0", "libgthread-2.0.so.0": "libglib2.0-0"}
    monkeypatch.setattr(system_packages, "find_missing", lambda **_: dict(missing))
    monkeypatch.setattr(system_packages, "apt_install", lambda apt, packages: installed.append((apt, packages)))
    installed: list[tuple[str, list[str]]] = []
    return installed


def test_without_root_the_command_is_told_and_nothing_is_begun(lacking, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/apt-get")
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 1000)
    with pytest.raises(Refusal, match=r"lacks libglib-2\.0\.so\.0, libgthread-2\.0\.so\.0") as refused:
        system_packages.ensure(qt=True, window=False, venv=False)
    assert refused.value.remedy.endswith("sudo apt-get install -y --no-install-recommends libglib2.0-0")
    assert refused.value.exit_code == 2
    assert lacking == []


def test_without_apt_the_libraries_are_named(lacking, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(Refusal, match=r"libglib-2\.0\.so\.0") as refused:
        system_packages.ensure(qt=True, window=False, venv=False)
    assert refused.value.exit_code == 2
    assert lacking == []


def test_as_root_they_are_installed_and_looked_for_again(lacking, monkeypatch, capsys):
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/apt-get")
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 0)
    with pytest.raises(Refusal, match="still missing") as refused:
        system_packages.ensure(qt=True, window=False, venv=False)
    assert lacking == [("/usr/bin/apt-get", ["libglib2.0-0"])]
    assert "libglib2.0-0" in capsys.readouterr().err
    assert refused.value.exit_code == 1
