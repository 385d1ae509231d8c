"""Trace Event JSON: a process per host, a thread per isolate; opens in Perfetto, Chrome and speedscope.

https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU. Calls are complete events, each
inside of its caller; runs, which may overlap, and pauses of the collector are asynchronous ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any, TypeAlias

import orjson

from inspector.analysis.track import Track
from inspector.export.calls import calls
from inspector.wire import GC_KINDS

__all__ = ["trace"]

_Event: TypeAlias = dict[str, Any]


def trace(tracks: Sequence[Track], *, began_us: int, to_us: int, about: dict[str, str]) -> Iterator[bytes]:
    """The file in parts. `ts` is in microseconds since `began_us`; `about` goes into `otherData`."""
    yield b'{"displayTimeUnit":"ms","otherData":' + orjson.dumps(about) + b',"traceEvents":[\n'
    separator = b""
    for event in _events(tracks, began_us, to_us):
        yield separator + orjson.dumps(event)
        separator = b",\n"
    yield b"\n]}\n"


def _events(tracks: Sequence[Track], began_us: int, to_us: int) -> Iterator[_Event]:
    numbers = count(1)
    yield from _names(tracks)
    for track in tracks:
        where = {"pid": track.host_id, "tid": track.isolate_id}
        yield from _calls(track, where, began_us)
        yield from _runs(track, where, began_us, to_us, numbers)
        yield from _collections(track, where, began_us, numbers)
        yield from _counters(track, began_us)
        yield from _instants(track, where, began_us)
    yield from _messages(tracks, began_us, numbers)


def _names(tracks: Sequence[Track]) -> Iterator[_Event]:
    for host_id, letter in sorted({(track.host_id, track.letter) for track in tracks}):
        name = f"host process {letter or host_id}"
        yield {"ph": "M", "name": "process_name", "pid": host_id, "tid": 0, "ts": 0, "args": {"name": name}}
    for track in tracks:
        where = {"pid": track.host_id, "tid": track.isolate_id, "ts": 0}
        yield {"ph": "M", "name": "thread_name", **where, "args": {"name": track.name}}
        yield {"ph": "M", "name": "thread_sort_index", **where, "args": {"sort_index": track.isolate_id}}


def _calls(track: Track, where: _Event, began_us: int) -> Iterator[_Event]:
    if track.profile is None:
        return
    for frame, from_us, to_us in calls(track.profile):
        place = {"url": frame.url, "line": frame.line} if frame.url else {}
        times = {"ts": from_us - began_us, "dur": to_us - from_us}
        yield {"ph": "X", "cat": "call", "name": frame.label, **where, **times, "args": place}


def _runs(track: Track, where: _Event, began_us: int, to_us: int, numbers: Iterator[int]) -> Iterator[_Event]:
    for run in track.runs:
        told = {"cat": "run", "name": run.label, "id": next(numbers), **where}
        yield {"ph": "b", **told, "ts": run.began_us - began_us, "args": {"run": run.run_id}}
        ended_us = to_us if run.ended_us is None else run.ended_us
        yield {"ph": "e", **told, "ts": ended_us - began_us, "args": {"outcome": run.outcome, "words": run.words}}


def _collections(track: Track, where: _Event, began_us: int, numbers: Iterator[int]) -> Iterator[_Event]:
    for one in track.collections:
        kind = GC_KINDS[min(int(one["kind"]), len(GC_KINDS) - 1)]
        told = {"cat": "gc", "name": kind, "id": next(numbers), **where}
        ended, before, after = int(one["at_us"]) - began_us, int(one["before_bytes"]), int(one["after_bytes"])
        yield {"ph": "b", **told, "ts": ended - int(one["pause_us"]), "args": {"before": before, "after": after}}
        yield {"ph": "e", **told, "ts": ended, "args": {}}


def _counters(track: Track, began_us: int) -> Iterator[_Event]:
    for one in track.samples:
        bytes_of = {name: int(one[f"{name}_bytes"]) for name in ("used", "physical", "external")}
        named = {"name": f"heap of {track.name}", "pid": track.host_id, "tid": track.isolate_id}
        yield {"ph": "C", "cat": "heap", **named, "ts": int(one["at_us"]) - began_us, "args": bytes_of}


def _instants(track: Track, where: _Event, began_us: int) -> Iterator[_Event]:
    for moment in track.moments:
        told = {"cat": moment.kind, "name": moment.words, **where, "ts": moment.at_us - began_us}
        yield {"ph": "i", "s": "t", **told, "args": {}}
    for line, at_us in enumerate(track.console.at_us.tolist()):
        level = track.console.LEVELS[int(track.console.level[line])]
        told = {"cat": "console", "name": f"console {level}", **where, "ts": at_us - began_us}
        yield {"ph": "i", "s": "t", **told, "args": {"text": track.console.words(line)}}


def _messages(tracks: Sequence[Track], began_us: int, numbers: Iterator[int]) -> Iterator[_Event]:
    """An arrow from one thread to another, for those whose both ends are in the file."""
    host_of = {track.isolate_id: track.host_id for track in tracks}
    for track in tracks:
        for one in track.messages:
            if one.from_isolate_id != track.isolate_id or one.to_isolate_id not in host_of:
                continue
            told = {"cat": "message", "name": one.words or "message", "id": next(numbers), "ts": one.at_us - began_us}
            ends: tuple[tuple[int, str, _Event], ...] = (
                (one.from_isolate_id, "s", {}),
                (one.to_isolate_id, "f", {"bp": "e"}),
            )
            for isolate_id, phase, bound in ends:
                where = {"pid": host_of[isolate_id], "tid": isolate_id}
                yield {
                    "ph": "X",
                    "cat": "message",
                    "name": told["name"],
                    "ts": told["ts"],
                    "dur": 1,
                    **where,
                    "args": {},
                }
                yield {"ph": phase, **told, **where, **bound, "args": {"bytes": one.size_bytes}}
