from __future__ import annotations

from inspector.events import BytesDropped, ConsoleDropped, ConsoleWritten, SampleBatchArrived
from tests.ui.made import isolate, samples, written
from ui.event_queue import EventQueue


def test_keeps_order_and_wakes_its_reader_once() -> None:
    woken: list[int] = []
    queue = EventQueue()
    queue.wake = lambda: woken.append(1)
    events = [isolate(1), written("a"), samples((1, 100)), isolate(2)]
    for event in events:
        queue.put(event)
    assert woken == [1]
    assert queue.take(2) == events[:2]
    assert queue.take(9) == events[2:]
    queue.put(isolate(3))
    assert woken == [1, 1]


def test_drops_the_oldest_console_lines_and_says_how_many() -> None:
    queue = EventQueue(max_console=100)
    for number in range(350):
        queue.put(written(str(number), isolate_id=1 + number % 2))
    events = queue.take(10_000)
    kept = [event for event in events if isinstance(event, ConsoleWritten)]
    dropped = [event for event in events if isinstance(event, ConsoleDropped)]
    assert len(kept) <= 100
    assert kept[-1].args[0]["value"] == "349"
    assert len(kept) + sum(event.count for event in dropped) == 350
    assert {event.isolate_id for event in dropped} == {1, 2}


def test_drops_the_oldest_samples_by_bytes_and_never_a_commands_echo() -> None:
    one = len(samples((1, 1)).records)
    queue = EventQueue(max_figure_bytes=one * 10)
    for number in range(40):
        queue.put(samples((1, number)))
        queue.put(isolate(100 + number))
    events = queue.take(10_000)
    kept = [event for event in events if isinstance(event, SampleBatchArrived)]
    dropped = sum(event.count for event in events if isinstance(event, BytesDropped))
    assert len(kept) <= 10
    assert len(kept) + dropped == 40
    assert sum(type(event).__name__ == "IsolateCreated" for event in events) == 40
