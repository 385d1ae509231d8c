"""Natural order, and the sentence for CommonJS."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.sources import missing_global_hint, natural_order


def test_numbers_count_by_value() -> None:
    names = ["part10.js", "part2.js", "Part1.js", "a.js", "part2b.js", "part02.js", "10.js", "9.js"]
    shown = [path.name for path in natural_order(map(Path, names))]
    assert shown == ["9.js", "10.js", "a.js", "Part1.js", "part02.js", "part2.js", "part2b.js", "part10.js"]


def test_folders_come_in_order_too() -> None:
    assert natural_order([Path("v10/a"), Path("v9/b")]) == [Path("v9/b"), Path("v10/a")]


@settings(deadline=None)
@given(st.lists(st.text(alphabet="aB019.é²", min_size=1, max_size=8).map(Path)))
def test_it_is_an_order(paths: list[Path]) -> None:
    ordered = natural_order(paths)
    assert sorted(map(str, ordered)) == sorted(map(str, paths))
    assert natural_order(reversed(ordered)) == ordered


def test_commonjs() -> None:
    for name in ("require", "module", "process", "exports", "__dirname"):
        assert "CommonJS: bundle it first" in missing_global_hint("ReferenceError", f"{name} is not defined")
    assert missing_global_hint("ReferenceError", "foo is not defined") == ""
    assert missing_global_hint("TypeError", "require is not defined") == ""
