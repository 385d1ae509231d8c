"""Host, Origin and path; messages; patience: the rules, without a socket."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

import pytest

from inspector.endpoint.guard import Attach, Document, Refusal, Request, decide
from inspector.endpoint.patience import LEAST_BYTES, PATIENCE_S, Patience
from inspector.endpoint.reading import Answer, Command, read_message

TARGET = "8c1ddb62-5d4e-4f0f-9d56-0a3f4b7a9e55"


def asked(path: str, *, host: str = "127.0.0.1:9229", origin: str = "", upgrade: bool = False, **more: Any) -> Any:
    given = {"method": "GET", "hosts": (host,), "origins": (origin,) if origin else ()} | more
    request = Request(path=path, upgrade=upgrade, **given)
    return decide(request, {TARGET}, {"http://localhost:8090"})


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:9229", "127.0.0.1", "127.8.4.2:1", "[::1]:9229"])
def test_loopback_hosts_are_served(host: str) -> None:
    assert asked("/json/version", host=host) == Document("version")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example:9229",
        "10.0.0.1",
        "",
        "::1:9229",
        "[::2]",
        "localhost@evil.example",
        "0.0.0.0",
        "2130706433",
    ],
)
def test_names_that_a_page_could_make_resolve_to_here_are_refused(host: str) -> None:
    for path in ("/json", f"/{TARGET}"):
        refused = asked(path, host=host, upgrade=path != "/json")
        assert isinstance(refused, Refusal) and refused.status is HTTPStatus.FORBIDDEN


def test_origins() -> None:
    for origin in ("", "devtools://devtools", "http://localhost:8090"):
        assert asked(f"/{TARGET}", origin=origin, upgrade=True) == Attach(TARGET)
    for origin in ("null", "http://localhost:8091", "https://evil.example", "devtools://devtools.evil.example"):
        assert isinstance(asked(f"/{TARGET}", origin=origin, upgrade=True), Refusal)
        assert isinstance(asked("/json", origin=origin), Refusal)
    assert isinstance(asked(f"/{TARGET}", upgrade=True, origins=("devtools://devtools", "null")), Refusal)
    assert isinstance(asked("/json", hosts=()), Refusal)
    assert isinstance(asked("/json", hosts=("localhost", "localhost")), Refusal)


def test_paths() -> None:
    for path, name in (
        ("/json", "list"),
        ("/json/", "list"),
        ("/json/list?t=1", "list"),
        ("/json/protocol", "protocol"),
    ):
        assert asked(path) == Document(name)
    for path in ("/", "", f"/{TARGET}", "/json/new", "/json/version/..", "//json"):
        assert asked(path).status is HTTPStatus.NOT_FOUND
    for path in ("/", f"/{TARGET[:-1]}", f"/{TARGET}/", f"/x/{TARGET}", "/json", f"/{TARGET.upper()}"):
        assert asked(path, upgrade=True).status is HTTPStatus.NOT_FOUND
    assert asked("/json", method="POST").status is HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize(
    ("text", "code", "has_id"),
    [
        (b"", -32700, False),
        (b"\xff\xfe", -32700, False),
        (b"{" * 5000, -32700, False),
        (b'{"id":1,"method":"Runtime.enable","params":{"n":NaN}}', -32700, False),
        (b"[]", -32600, False),
        (b"{}", -32600, False),
        (b'{"id":true,"method":"Runtime.enable"}', -32600, False),
        (b'{"id":2147483648,"method":"Runtime.enable"}', -32600, False),
        (b'{"id":1}', -32600, True),
        (b'{"id":1,"method":"Runtime.enable","params":[]}', -32602, True),
        (b'{"id":1,"method":"Runtime.enable","sessionId":"i1"}', -32001, True),
        (b'{"id":1,"method":"Host.close"}', -32601, True),
        (b'{"id":1,"method":"Isolate.run"}', -32601, True),
        (b'{"id":1,"method":"NodeRuntime.notifyWhenWaitingForDisconnect"}', -32601, True),
        (b'{"id":1,"method":"Target.setAutoAttach"}', -32601, True),
    ],
)
def test_what_is_no_command_is_answered(text: bytes, code: int, has_id: bool) -> None:
    read = read_message(text)
    assert isinstance(read, Answer)
    answer = json.loads(read.text)
    assert answer["error"]["code"] == code
    assert ("id" in answer) == has_id


def test_what_is_a_command_is_passed_on_bare() -> None:
    read = read_message(b'{"method":"Runtime.evaluate","x":1,"id":-7,"params":{"expression":"\\ud800"}}')
    assert read == Command(-7, "Runtime.evaluate", {"expression": "\ud800"})
    assert read_message(b'{"id":1,"method":"Debugger.enable","params":null}') == Command(1, "Debugger.enable", {})


def test_patience_ends_when_nothing_is_read() -> None:
    patience = Patience()
    assert patience.look(0.0, 0, 5_000_000)
    assert patience.look(PATIENCE_S - 1, 10, 5_000_000)
    assert not patience.look(PATIENCE_S, LEAST_BYTES - 1, 5_000_000)


def test_patience_begins_anew_with_each_part_that_is_read() -> None:
    patience = Patience()
    for step in range(20):
        assert patience.look(step * (PATIENCE_S - 1), step * LEAST_BYTES, 5_000_000)
    assert patience.look(1e6, 0, 0)
    assert patience.look(1e6 + 1, 0, 1)
