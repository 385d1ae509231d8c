"""`doctor` asks real host processes of both engines."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from inspector.cli.doctor_facts import EngineFacts, Facts
from inspector.cli.doctor_text import as_json, as_text
from inspector.states import Capability


def test_json_tells_everything(cli: Callable[..., Any]) -> None:
    ended = cli("doctor", "--json")
    told = json.loads(ended.out)
    assert ended.code == 0
    assert told["versions"]["mini-racer"]
    assert told["versions"]["python"].startswith("3.")
    assert told["versions"]["v8"].split(".")[0].isdigit()
    assert told["engine"]["name"] in ("native", "portable")
    assert told["engine"]["reason"]
    assert set(told["engines"]) == {"native", "portable"}
    for engine in told["engines"].values():
        assert set(engine["capabilities"]) == {one.value for one in Capability}
        for verdict in engine["capabilities"].values():
            assert verdict["ok"] == (verdict["reason"] == "")
    assert told["engines"]["portable"]["works"]
    assert told["walls"]
    assert set(told["folders"]) == {"logs", "cache"}
    assert isinstance(told["v8_flags"], list)


def test_text_tells_the_same(cli: Callable[..., Any]) -> None:
    ended = cli("doctor", "--engine", "portable")
    assert ended.code == 0
    for word in ("Versions", "V8", "portable: asked for", "What native can do", "Walls", "Folders", "Missing"):
        assert word in ended.out
    for one in Capability:
        assert one.value in ended.out


def test_without_an_engine_it_says_so_as_plain_text() -> None:
    failed = EngineFacts("native", "mini-racer\x1b is not installed", "", (), None, {}, {})
    facts = Facts({"python": "3.11", "picows": None}, "Linux", "", "no engine", (failed,), {"logs": "/x"}, ("V8",))
    text = as_text(facts)
    assert "none works: no engine" in text
    assert "nothing: mini-racer\\x1b is not installed" in text
    assert "picows               not installed" in text
    assert "\x1b" not in text
    assert json.loads(as_json(facts))["engine"] == {"name": None, "reason": "no engine"}
