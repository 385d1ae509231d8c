"""Imports resolve inside one folder, links first; everything else fails with its name and the importing file."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.engine.port import ModuleSource
from inspector.sources import ModuleResolver


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "app"
    (root / "lib" / "sub").mkdir(parents=True)
    (tmp_path / "outside.js").write_text("export default 'outside'")
    (root / "main.js").write_text("")
    (root / "lib" / "util.js").write_text("export const a = 1")
    (root / "lib" / "index.js").write_text("export {}")
    (root / "a b#c.js").write_text("export default 'odd'")
    (root / "data.json").write_text('{"a": 1}')
    (root / "old.cjs").write_text("module.exports = 1")
    (root / "types.ts").write_text("export type A = 1")
    return root.resolve()


def resolve(root: Path, specifier: str, importer: str = "main.js", **attributes: str) -> ModuleSource:
    return ModuleResolver(root).resolve(specifier, (root / importer).as_uri(), attributes)


def test_relative_imports(root: Path) -> None:
    module = resolve(root, "./lib/util.js")
    assert module == ModuleSource((root / "lib" / "util.js").as_uri(), "export const a = 1")
    assert resolve(root, "../main.js", "lib/util.js").url == (root / "main.js").as_uri()
    assert resolve(root, "../util.js", "lib/sub/x.js") == module
    assert resolve(root, (root / "lib" / "util.js").as_uri()) == module
    assert resolve(root, str(root / "lib" / "util.js")) == module


def test_one_file_is_one_url_however_it_is_reached(root: Path) -> None:
    (root / "alias.js").symlink_to(root / "lib" / "util.js")
    assert resolve(root, "./alias.js").url == resolve(root, "./lib/../lib/util.js").url


def test_a_query_makes_another_module_of_the_same_file(root: Path) -> None:
    module = resolve(root, "./lib/util.js?v=2#x")
    assert module.url == (root / "lib" / "util.js").as_uri() + "?v=2#x"
    assert module.source == "export const a = 1"


def test_names_are_percent_decoded(root: Path) -> None:
    assert resolve(root, "./a%20b%23c.js").source == "export default 'odd'"
    assert resolve(root, "./a b%23c.js").source == "export default 'odd'"


def test_the_importers_query_does_not_matter(root: Path) -> None:
    referrer = (root / "main.js").as_uri() + "?x=../../.."
    assert ModuleResolver(root).resolve("./lib/util.js", referrer, ()).error == ""


def test_typed_text_imports_from_the_root(root: Path) -> None:
    for referrer in ("", "console", "https://[broken"):
        assert ModuleResolver(root).resolve("./lib/util.js", referrer, ()).error == ""


@pytest.mark.parametrize(
    "specifier", ["../outside.js", "./lib/../../outside.js", "./%2e%2e/outside.js", "./escape.js", "./door/outside.js"]
)
def test_nothing_above_the_root(root: Path, specifier: str) -> None:
    (root / "escape.js").symlink_to(root.parent / "outside.js")
    (root / "door").symlink_to(root.parent)
    module = resolve(root, specifier)
    assert "it leaves the folder" in module.error
    assert module.source == ""
    assert str(root / "main.js") in module.error


def test_allowed_folders_besides_the_root(root: Path) -> None:
    shared = root.parent / "common"
    shared.mkdir()
    (shared / "s.js").write_text("export const s = 1")
    allowed: list[Path] = []
    resolver = ModuleResolver(root, allowed)
    importer = (root / "main.js").as_uri()
    assert "allow imports from there" in resolver.resolve("../common/s.js", importer).error
    allowed.append(shared)
    assert resolver.resolve("../common/s.js", importer).source == "export const s = 1"
    assert "no such file" in resolver.resolve("../common/gone.js", importer).error
    (shared / "door").symlink_to(root.parent)
    assert "it leaves the folder" in resolver.resolve("../common/door/outside.js", importer).error


def test_the_line_of_the_import(root: Path) -> None:
    error = ModuleResolver(root).resolve("lodash", (root / "main.js").as_uri(), line=7).error
    assert error.startswith(f'Import "lodash" from {root / "main.js"}:7: a bare name')


def test_a_missing_file_above_the_root_is_not_told_apart(root: Path) -> None:
    assert "it leaves the folder" in resolve(root, "../gone.js").error


@pytest.mark.parametrize(
    ("specifier", "cause"),
    [
        ("lodash", "a bare name needs a package folder"),
        ("@scope/name", "a bare name needs a package folder"),
        ("#internal", "a bare name needs a package folder"),
        ("", "a bare name needs a package folder"),
        ("lib/util.js", "a bare name needs a package folder"),
        ("node:fs", "it is a part of Node"),
        ("https://example.org/a.js", "never fetched from a network"),
        ("HTTP://example.org/a.js", "never fetched from a network"),
        ("data:text/javascript,export default 1", "data: urls are not loaded"),
        ("blob:x", "blob: urls are not loaded"),
        ("file://server/share/a.js", "it is on another machine"),
        ("//server/a.js", "it is on another machine"),
        ("file:///etc/passwd", "it leaves the folder"),
        ("/etc/passwd", "it leaves the folder"),
        ("./gone.js", "there is no such file"),
        ("./lib", "it is a folder"),
        ("./lib%2Futil.js", "hides a path separator"),
        ("./a\0b.js", ""),
        ("./" + "x" * 5000, ""),
        ("./data.json", 'with { type: "json" }'),
        ("./old.cjs", "it is CommonJS"),
        ("./types.ts", "TypeScript"),
    ],
)
def test_what_can_not_be_imported(root: Path, specifier: str, cause: str) -> None:
    module = resolve(root, specifier)
    assert module.error.startswith('Import "')
    assert f"from {root / 'main.js'}" in module.error
    assert cause in module.error
    assert "\n" not in module.error


def test_a_guess_for_a_name_that_lacks_its_end(root: Path) -> None:
    assert 'Write the whole name: "./lib/util.js"' in resolve(root, "./lib/util").error


def test_json(root: Path) -> None:
    module = resolve(root, "./data.json", type="json")
    assert (module.source, module.is_json, module.error) == ('{"a": 1}', True, "")
    assert "Remove the import attribute" in resolve(root, "./main.js", type="json").error
    assert "not known" in resolve(root, "./data.json", type="css").error
    assert "not known" in resolve(root, "./data.json", kind="json").error
    pairs = ModuleResolver(root).resolve("./data.json", (root / "main.js").as_uri(), (("type", "json"),))
    assert pairs == module


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in the file system")
def test_pipes_are_not_opened(root: Path) -> None:
    os.mkfifo(root / "pipe.js")
    os.mkfifo(root / "pipe.json")
    assert "it is a named pipe" in resolve(root, "./pipe.js").error
    assert "it is a named pipe" in resolve(root, "./pipe.json", type="json").error


@settings(deadline=None)
@given(specifier=st.text(max_size=40), referrer=st.text(max_size=40))
def test_it_never_raises(specifier: str, referrer: str) -> None:
    module = ModuleResolver(Path("/nonexistent")).resolve(specifier, referrer, ())
    assert module.error
    assert not module.source
