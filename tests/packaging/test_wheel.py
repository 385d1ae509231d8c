"""A plain install holds the program with its resources, and nothing else of the checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile

import pytest

from tests.packaging.conftest import ROOT

PACKAGES = ("inspector", "ui", "resources")
IGNORED = shutil.ignore_patterns("__pycache__", "*.pyc")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built from a copy: the build writes beside its sources. Needs no network."""
    source = tmp_path_factory.mktemp("source")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, ignore=IGNORED)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    (source / "tests").mkdir()
    (source / "tests" / "__init__.py").touch()
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--wheel-dir", str(source / "dist"), str(source)], check=True, timeout=100)
    (built,) = (source / "dist").glob("isolate_inspector-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The wheel's content, as pip lays it into a folder of packages."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def files_below(folder):
    paths = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder.parent).as_posix() for path in paths}


def test_it_holds_every_file_of_the_packages_and_no_other(wheel):
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == set().union(*(files_below(ROOT / name) for name in PACKAGES))


def test_it_has_the_command_and_the_license(installed):
    (facts,) = installed.glob("isolate_inspector-*.dist-info")
    assert "isolate-inspector = inspector.cli.main:main" in (facts / "entry_points.txt").read_text(encoding="utf-8")
    assert "License-Expression: MIT" in (facts / "METADATA").read_text(encoding="utf-8")
    assert (facts / "licenses" / "LICENSE").exists()


def python(installed, statement, tmp_path, expected=0):
    """Run a statement with the installed packages in front of the checkout's, from an empty folder."""
    begin = f"import sys; sys.path.insert(0, {str(installed)!r}); "
    answer = subprocess.run(
        [sys.executable, "-I", "-c", begin + statement],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert answer.returncode == expected, answer.stderr
    return answer.stdout


def test_the_installed_command_answers(installed, tmp_path):
    statement = "from inspector.cli.main import main; sys.argv = ['isolate-inspector', '--help']; sys.exit(main())"
    assert "isolate-inspector" in python(installed, statement, tmp_path)


def test_the_installed_resources_are_found(installed, tmp_path):
    statement = "import resources; print(resources.__file__)"
    assert python(installed, statement, tmp_path).startswith(str(installed))
