"""One version, and what each system is told of the program."""

from __future__ import annotations

import ast
import plistlib
import re
import struct
import tomllib
from importlib.metadata import version as installed_version

import pytest

import icons
import release
from tests.packaging.conftest import ROOT


def test_the_version_stands_in_one_place():
    with (ROOT / "pyproject.toml").open("rb") as file:
        told = tomllib.load(file)["project"]["version"]
    assert release.version() == told == installed_version("isolate-inspector")
    first = re.search(r"^## (\S+?),? ", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert first is not None
    assert first.group(1) == told
    sources = [path for folder in ("inspector", "ui", "packaging") for path in (ROOT / folder).rglob("*.py")]
    assert [path for path in sources if f'"{told}"' in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize(
    ("system", "machine", "ending"),
    [
        ("linux", "x86_64", "linux-x64"),
        ("linux", "aarch64", "linux-arm64"),
        ("darwin", "arm64", "macos-arm64"),
        ("win32", "AMD64", "windows-x64"),
    ],
)
def test_an_archive_says_for_which_system_it_is(system, machine, ending):
    assert release.archive_name(system, machine) == f"isolate-inspector-{release.version()}-{ending}"


def test_debian_has_its_own_names_of_processors():
    assert release.debian_architecture("x86_64") == "amd64"
    assert release.debian_architecture("aarch64") == "arm64"


def test_the_info_plist_can_be_written_and_claims_javascript():
    told = plistlib.loads(plistlib.dumps(release.info_plist()))
    assert told["NSHighResolutionCapable"] is True
    assert told["CFBundleShortVersionString"] == release.version()
    assert told["CFBundleDocumentTypes"][0]["CFBundleTypeExtensions"] == ["js", "mjs", "cjs"]


def test_the_entitlements_let_v8_compile():
    told = plistlib.loads((ROOT / "packaging" / "macos" / "entitlements.plist").read_bytes())
    assert told["com.apple.security.cs.allow-jit"] is True


def test_the_version_resource_is_an_expression_of_the_expected_names():
    tree = ast.parse(release.version_resource(), mode="eval")
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call)}
    known = {
        "VSVersionInfo",
        "FixedFileInfo",
        "StringFileInfo",
        "StringTable",
        "StringStruct",
        "VarFileInfo",
        "VarStruct",
    }
    assert called == known
    numbers = next(word.value for word in tree.body.keywords[0].value.keywords if word.arg == "filevers")
    assert ".".join(map(str, ast.literal_eval(numbers))).startswith(release.version())


def test_the_desktop_file_has_what_a_desktop_asks_for():
    lines = (ROOT / "packaging" / "linux" / "isolate-inspector.desktop").read_text(encoding="utf-8").splitlines()
    told = dict(line.split("=", 1) for line in lines[1:])
    assert lines[0] == "[Desktop Entry]"
    assert {"Type", "Name", "Exec", "Icon", "Categories"} <= set(told)
    assert told["Exec"] == "isolate-inspector %F"


def test_both_containers_hold_the_pictures_that_were_drawn(tmp_path, qapp):
    drawn = icons.draw_all(tmp_path)
    data = drawn.ico.read_bytes()
    kind, count = struct.unpack_from("<HH", data, 2)
    assert (kind, count) == (1, 7)
    for index in range(count):
        side, _, _, _, _, _, length, place = struct.unpack_from("<BBBBHHII", data, 6 + 16 * index)
        assert data[place : place + length] == drawn.pngs[side or 256].read_bytes()
    data = drawn.icns.read_bytes()
    assert data[:4] == b"icns"
    assert struct.unpack_from(">I", data, 4)[0] == len(data)
    place, sizes = 8, set()
    while place < len(data):
        length = struct.unpack_from(">I", data, place + 4)[0]
        sizes.add(struct.unpack_from(">I", data, place + 8 + 16)[0])  # the width in the PNG's first chunk
        place += length
    assert sizes == {32, 64, 128, 256, 512, 1024}
