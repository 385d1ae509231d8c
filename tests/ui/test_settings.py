"""Settings on disk: what can't be read, and what is reset, is kept aside."""

from __future__ import annotations

from pathlib import Path

import pytest

from ui.settings import Settings, reset


def saved(path: Path) -> Settings:
    settings = Settings(path)
    settings.put("theme", "dark")
    assert settings.save() == ""
    return settings


def test_reset_settings_are_kept_beside_the_defaults(tmp_path):
    path = tmp_path / "settings.json"
    saved(path)
    assert str(path) + ".before-reset" in reset(path)
    assert Settings(path).text("theme") == ""
    assert Settings(path.with_name("settings.json.before-reset")).text("theme") == "dark"


def test_a_reset_without_settings_is_no_error(tmp_path):
    assert "there are none" in reset(tmp_path / "settings.json")


def test_a_reset_that_can_not_be_done_says_what_to_do(tmp_path):
    path = tmp_path / "settings.json"
    saved(path)
    (tmp_path / "settings.json.before-reset").mkdir()
    (tmp_path / "settings.json.before-reset" / "full").touch()
    assert "Remove it by hand" in reset(path)
    assert Settings(path).text("theme") == "dark"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"null", b'{"a": ' * 2000])
def test_a_broken_file_is_set_aside_and_told(tmp_path, content):
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    settings = Settings(path)
    assert str(path) in settings.trouble
    assert (tmp_path / "settings.json.broken").read_bytes() == content
    assert settings.text("theme") == ""


def test_values_of_the_wrong_kind_are_the_defaults(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"theme": 7, "geometry": "no base64!", "recent": ["a.js", 3], "flag": "yes"}', encoding="utf-8")
    settings = Settings(path)
    assert (settings.text("theme"), settings.data("geometry"), settings.texts("recent")) == ("", b"", ["a.js"])
    assert settings.flag("flag") is False
