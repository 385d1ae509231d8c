"""One stream: in order, to everyone, whatever one subscriber does."""

from __future__ import annotations

from inspector.events import ConsoleDropped, ConsoleValuesReleased, Event, ProblemReported
from inspector.pool.event_stream import EventStream


def event(number: int) -> ConsoleDropped:
    return ConsoleDropped(number, 1, number)


def test_all_hear_all_in_order_and_leaving_is_idempotent() -> None:
    stream = EventStream()
    first: list[Event] = []
    second: list[Event] = []
    stream.subscribe(first.append)
    leave = stream.subscribe(second.append)
    stream.publish(event(1))
    leave()
    leave()
    stream.publish(event(2))
    assert first == [event(1), event(2)]
    assert second == [event(1)]


def test_a_latecomer_hears_the_replay_first() -> None:
    stream = EventStream()
    heard: list[Event] = []
    stream.publish(event(1))
    stream.subscribe(heard.append, [event(10), event(11)])
    stream.publish(event(2))
    assert heard == [event(10), event(11), event(2)]


def test_what_a_listener_publishes_comes_after_the_present_event_for_everyone() -> None:
    stream = EventStream()
    heard: list[Event] = []

    def echo(one: Event) -> None:
        if one == event(1):
            stream.publish(event(2))

    stream.subscribe(echo)
    stream.subscribe(heard.append)
    stream.publish(event(1))
    assert heard == [event(1), event(2)]


def test_who_subscribes_from_within_hears_only_what_is_published_later() -> None:
    stream = EventStream()
    late: list[Event] = []

    def join(one: Event) -> None:
        if one == event(1):
            stream.publish(event(2))  # part of the replay's facts already
            stream.subscribe(late.append, [event(12)])
            stream.publish(event(3))

    stream.subscribe(join)
    stream.publish(event(1))
    assert late == [event(12), event(3)]


def test_a_subscriber_that_raises_is_reported_once_and_stops_nobody() -> None:
    stream = EventStream()
    heard: list[Event] = []

    def broken(one: Event) -> None:
        raise RuntimeError("mine")

    stream.subscribe(broken)
    stream.subscribe(heard.append)
    for number in range(3):
        stream.publish(event(number))
    problems = [one for one in heard if isinstance(one, ProblemReported)]
    assert len(problems) == 1
    assert "RuntimeError: mine" in problems[0].cause
    assert [one for one in heard if one not in problems] == [event(0), event(1), event(2)]


def test_one_that_raises_in_its_replay_is_reported_too() -> None:
    stream = EventStream()
    heard: list[Event] = []
    stream.subscribe(heard.append)

    def broken(_: Event) -> None:
        raise ValueError("early")

    stream.subscribe(broken, [ConsoleValuesReleased(0, 1)])
    assert [type(one) for one in heard] == [ProblemReported]
