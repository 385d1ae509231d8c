"""`talk`: files that send each other messages, what is printed of them, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.fixtures.command import Ended

ASKS = """port.onmessage = ({data}) => { console.log('got', data.n); if (data.n < 3) port.postMessage(data) };
port.postMessage({n: given.start});"""


def test_two_files_talk(cli: Callable[..., Ended], write: Callable[[str, str], Path], engine: str) -> None:
    write("asks.js", ASKS)
    write("adds.js", "port.onmessage = ({data}) => port.postMessage({n: data.n + 1});")
    write("value.json", '{"start": 1}')
    words = ("talk", "asks.js", "adds.js", "--engine", engine, "--value", "value.json", "--timeout", "60s", "--json")
    done = cli(*words)
    assert done.code == 0, done.err
    messages = [one for one in done.objects if "outcome" in one]
    assert [one["console"] for one in done.objects if "console" in one] == ["got 2", "got 3"]
    # told once it has arrived, of which the next one in the other direction may be told first
    assert sorted((one["from"], one["to"], one["outcome"]) for one in messages) == [
        ("adds.js", "asks.js", "arrived"),
        ("adds.js", "asks.js", "arrived"),
        ("asks.js", "adds.js", "arrived"),
        ("asks.js", "adds.js", "arrived"),
    ]
    if engine == "portable":  # how it ends is the pool's, not the engine's
        return
    write("loops.js", "port.postMessage(1); for (;;);")
    write("throws.js", "throw new TypeError('no')")
    ended = cli("talk", "loops.js", "adds.js", "--engine", engine, "--timeout", "500ms", "--apart")
    assert ended.code == 3 and "ended after 500ms" in ended.err
    thrown = cli("talk", "adds.js", "throws.js", "--engine", engine)
    assert thrown.code == 1 and "TypeError: no" in thrown.err
    assert cli("talk", "adds.js").code == 2
