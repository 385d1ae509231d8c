"""CDP messages: what is read, what is refused, what goes out."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.cdp.message import Notification, Reply, ReplyError, decode, encode_command, encode_notification
from inspector.errors import LinkError

GARBLED = [
    b"",
    b"{",
    b"[]",
    b"7",
    b"null",
    b"\xff\xfe",
    b"{}",
    b'{"id": "7", "result": {}}',
    b'{"id": true, "result": {}}',
    b'{"id": 7}',
    b'{"id": 7, "result": 3}',
    b'{"method": 3}',
    b'{"method": "Runtime.x", "params": [1]}',
    b'{"method": "Runtime.x", "params": {}, "sessionId": 4}',
]


def test_a_command_is_written_with_and_without_session() -> None:
    assert json.loads(encode_command(7, "Runtime.evaluate", {"expression": "1"}, "i3")) == {
        "id": 7,
        "method": "Runtime.evaluate",
        "params": {"expression": "1"},
        "sessionId": "i3",
    }
    assert json.loads(encode_command(8, "Host.ping", None)) == {"id": 8, "method": "Host.ping", "params": {}}


def test_a_notification_has_no_id() -> None:
    assert json.loads(encode_notification("Host.grantCredit", {"bytes": 5})) == {
        "method": "Host.grantCredit",
        "params": {"bytes": 5},
    }


def test_replies_and_notifications_are_read() -> None:
    assert decode(b'{"id":7,"result":{"a":1},"sessionId":"i3"}') == Reply(7, {"a": 1}, None, "i3")
    assert decode('{"method":"Host.hello"}') == Notification("Host.hello", {})


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ({"code": -32601, "message": "no such method", "data": "x"}, ReplyError(-32601, "no such method", "x")),
        ({"message": "bad"}, ReplyError(-32000, "bad")),
        ("words", ReplyError(-32000, "words")),
        ({}, ReplyError(-32000, "no message")),
    ],
)
def test_an_error_is_read_however_poor(error: object, expected: ReplyError) -> None:
    reply = decode(json.dumps({"id": 1, "error": error}))
    assert isinstance(reply, Reply)
    assert reply.error == expected


@pytest.mark.parametrize("text", GARBLED)
def test_garbage_is_a_link_error(text: bytes) -> None:
    with pytest.raises(LinkError):
        decode(text)


@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    try:
        decode(data)
    except LinkError as error:
        assert len(str(error)) < 2000


def test_a_lone_surrogate_is_refused_where_it_is_sent() -> None:
    with pytest.raises(LinkError, match=r"Runtime\.evaluate"):
        encode_command(1, "Runtime.evaluate", {"expression": "\ud800"})
