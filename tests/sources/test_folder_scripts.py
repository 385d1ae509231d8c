"""The scripts of a folder: natural order, bounded, nothing of packages."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.sources import folder_scripts
from inspector.sources.folder_scripts import scripts_in
from inspector.states import SourceKind


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("export const a = 1" if "module" in name else "1")


def test_scripts_in_natural_order_and_what_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "part10.js", "part2.js", "lib/module.js", "a.mjs", "data.json", "x.ts")
    put(tmp_path, "node_modules/pack/index.js", ".git/hook.js")
    (tmp_path / "lib" / "binary.js").write_bytes(b"\x00\xff\xfe\x01" * 50)
    (tmp_path / "up").symlink_to(tmp_path)
    found = scripts_in(tmp_path)
    assert found is not None and found.entry is None
    names = [str(one.path.relative_to(tmp_path.resolve())) for one in found.found if one.path is not None]
    assert names == ["a.mjs", str(Path("lib/module.js")), "part2.js", "part10.js"]
    assert [one.kind for one in found.found[:3]] == [SourceKind.MODULE, SourceKind.MODULE, SourceKind.SCRIPT]
    assert found.words == f"4 scripts of {tmp_path.name}, node_modules left out, 1 could not be read"
    put(tmp_path, "index.js")
    monkeypatch.setattr(folder_scripts, "MOST", 2)
    bounded = scripts_in(tmp_path)
    assert bounded is not None and bounded.entry == tmp_path.resolve() / "index.js"
    assert (len(bounded.found), bounded.beyond) == (2, 4)
    assert scripts_in(tmp_path / "index.js") is None and scripts_in(tmp_path / "none") is None
