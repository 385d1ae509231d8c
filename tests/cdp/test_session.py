"""The asking side of a connection: every command is resolved exactly once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from inspector.cdp.message import Notification
from inspector.cdp.session import Session
from inspector.errors import HostLostError, InspectorError, IsolateDisposedError, LinkError, ProtocolError

LOST = HostLostError("Use host A", "killed by SIGKILL")


class Answers(list[Mapping[str, Any] | InspectorError]):
    """Collects what `done` gets."""

    def __call__(self, answer: Mapping[str, Any] | InspectorError) -> None:
        self.append(answer)


def reply(command_id: int, **fields: object) -> bytes:
    return json.dumps({"id": command_id, **fields}).encode()


def test_ids_count_up_and_answers_find_their_command() -> None:
    session, first, second = Session(), Answers(), Answers()
    one, data = session.command("Host.ping", None, "", first)
    two, _ = session.command("Host.ping", None, "", second)
    assert json.loads(data)["id"] == one
    assert one != two
    session.receive(reply(two, result={"n": 2}))
    session.receive(reply(one, result={"n": 1}))
    assert (first, second) == ([{"n": 1}], [{"n": 2}])
    assert session.pending == 0


def test_a_refusal_becomes_a_protocol_error_with_its_code() -> None:
    session, answers = Session(), Answers()
    command_id, _ = session.command("Runtime.nope", None, "i1", answers)
    session.receive(reply(command_id, error={"code": -32601, "message": "not found", "data": "Runtime.nope"}))
    (error,) = answers
    assert isinstance(error, ProtocolError)
    assert (error.code, error.action, error.cause) == (-32601, "Runtime.nope", "not found (Runtime.nope)")


def test_a_notification_is_handed_on() -> None:
    assert Session().receive(b'{"method":"Host.hello","params":{"pid":1}}') == Notification("Host.hello", {"pid": 1})


def test_an_answer_to_nobody_is_an_error_and_the_session_goes_on() -> None:
    session, answers = Session(), Answers()
    command_id, _ = session.command("Host.ping", None, "", answers)
    with pytest.raises(LinkError):
        session.receive(reply(99, result={}))
    session.receive(reply(command_id, result={}))
    with pytest.raises(LinkError):
        session.receive(reply(command_id, result={}))
    assert answers == [{}]


def test_the_end_of_one_flat_session_resolves_its_commands_only() -> None:
    session, mine, others = Session(), Answers(), Answers()
    session.command("Isolate.run", None, "i1", mine)
    session.command("Isolate.run", None, "i2", others)
    gone = IsolateDisposedError("isolate 1", "disposed")
    session.end("i1", gone)
    assert (mine, others) == ([gone], [])


def test_the_late_answer_of_an_ended_flat_session_is_dropped_once() -> None:
    session, answers = Session(), Answers()
    command_id, _ = session.command("Isolate.run", None, "i1", answers)
    session.end("i1", LOST)
    session.receive(reply(command_id, result={}))
    assert answers == [LOST]
    with pytest.raises(LinkError):
        session.receive(reply(command_id, result={}))


def test_closing_resolves_everything_once_and_refuses_what_follows() -> None:
    session, answers = Session(), Answers()
    for _ in range(3):
        session.command("Host.ping", None, "", answers)
    session.close(LOST)
    session.close(HostLostError("again", "again"))
    assert answers == [LOST] * 3
    with pytest.raises(HostLostError, match="SIGKILL"):
        session.command("Host.ping", None, "", answers)


def test_a_command_sent_from_within_the_closing_is_refused() -> None:
    session, refused = Session(), Answers()

    def ask_again(_: Mapping[str, Any] | InspectorError) -> None:
        with pytest.raises(HostLostError):
            session.command("Host.ping", None, "", refused)

    session.command("Host.ping", None, "", ask_again)
    session.close(LOST)
    assert refused == []


def test_withdrawn_and_forgotten_commands_call_nobody() -> None:
    session, answers = Session(), Answers()
    withdrawn, _ = session.command("Host.ping", None, "", answers)
    forgotten, _ = session.command("Host.ping", None, "", answers)
    session.withdraw(withdrawn)
    session.forget(forgotten)
    session.receive(reply(withdrawn, result={}))
    session.close(LOST)
    assert answers == []
