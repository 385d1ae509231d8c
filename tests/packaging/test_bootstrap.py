"""What can't work is refused with a sentence, before anything is made."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import prepare
from tests.packaging.conftest import ROOT

BOOTSTRAP = ROOT / "packaging" / "bootstrap.py"
OLD_VERSION = "import sys; sys.version_info = (3, 8, 10, 'final', 0)"


def bootstrap(*words, python=sys.executable, **environ):
    """Run it as make does; the environment holds a PATH and what is given."""
    return subprocess.run(
        [python, str(BOOTSTRAP), *words],
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize(
    "words", [(), ("window",), ("window", "python"), ("nonsense", "--", "python"), ("tools", "--")]
)
def test_wrong_words_are_answered_with_the_usage(words):
    answer = bootstrap(*words)
    assert answer.returncode == 2
    assert answer.stderr.startswith("usage: bootstrap.py window|tools|engine|build")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only X11 and Wayland have a display's name")
def test_a_window_without_a_display_is_refused_before_anything_is_made():
    answer = bootstrap("window", "--", "python", "-m", "ui")
    assert answer.returncode == 2
    assert "neither DISPLAY nor WAYLAND_DISPLAY is set" in answer.stderr
    assert answer.stdout == ""


@pytest.mark.parametrize(
    ("platform", "environ", "refused"),
    [
        ("linux", {}, True),
        ("linux", {"DISPLAY": "", "WAYLAND_DISPLAY": ""}, True),
        ("linux", {"DISPLAY": ":0"}, False),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, False),
        ("linux", {"QT_QPA_PLATFORM": "offscreen"}, False),
        ("linux", {"QT_QPA_PLATFORM": "vnc:size=800x600"}, False),
        ("linux", {"QT_QPA_PLATFORM": "xcb"}, True),
        ("linux", {"QT_QPA_PLATFORM": "wayland;xcb"}, True),
        ("darwin", {}, False),
        ("win32", {}, False),
    ],
)
def test_only_x11_and_wayland_need_a_display(platform, environ, refused):
    assert (prepare.display_refusal(platform, environ) is not None) is refused


def test_an_older_python_is_named_with_its_version(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(OLD_VERSION, encoding="utf-8")
    answer = bootstrap("window", "--", "python", PYTHONPATH=str(tmp_path))
    assert answer.returncode == 2
    assert f"needs Python 3.11 or newer, and {sys.executable} is 3.8.10" in answer.stderr


def real_older_pythons():
    """Older interpreters that are on this machine and start."""
    found = []
    for name in ("python2.7", "python3.8", "python3.9", "python3.10"):
        path = shutil.which(name)
        if path and subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode == 0:
            found.append(path)
    return found


def test_older_pythons_that_are_here_are_refused():
    older = real_older_pythons()
    if not older:
        pytest.skip("no older Python is on the PATH; the test above stands in")
    for python in older:
        answer = bootstrap("window", "--", "python", python=python)
        assert answer.returncode == 2
        assert "needs Python 3.11 or newer" in answer.stderr


def test_the_first_file_is_readable_for_old_pythons():
    source = BOOTSTRAP.read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 0))
    assert source.isascii()


def test_the_second_of_two_waits_for_the_first():
    statement = "import prepare, sys\nwith prepare.one_at_a_time(): print('has it', flush=True); sys.stdin.read()"
    environ = os.environ | {"PYTHONPATH": str(ROOT / "packaging")}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", statement], env=environ, **pipes) as first:
        assert first.stdout.readline() == "has it\n"
        with subprocess.Popen([sys.executable, "-c", statement], env=environ, **pipes) as second:
            assert second.stderr.readline().startswith("Waiting for another make")
            first.communicate()
            assert second.stdout.readline() == "has it\n"
            second.communicate()


def test_no_package_takes_the_name_of_a_library():
    assert not (ROOT / "packaging" / "__init__.py").exists()
    assert not Path(prepare.__file__).with_name("packaging.py").exists()
