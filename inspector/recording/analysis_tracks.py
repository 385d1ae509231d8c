"""From a recording to what the analysis reads: an `inspector.analysis.track.Track` per isolate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from inspector.analysis.heap_profile import HeapProfile, read_heapprofile
from inspector.analysis.track import Console, Message, Moment, RunSpan, Track
from inspector.errors import FormatError
from inspector.recording.layout import CONSOLE_KINDS, STATES
from inspector.recording.session import Session
from inspector.recording.tracks import ConsoleLine, IsolateTrack, RunTrack
from inspector.states import IsolateState

__all__ = ["line_text", "tracks_of"]

_WORTH_TELLING = (IsolateState.WEDGED, IsolateState.PAUSED)
_ERRORS = ("error", "exception", "assert")
_SHOWN = 300  # characters of one console line


def tracks_of(session: Session, *, profiles: bool = True) -> list[Track]:
    """All isolates, in the order of their birth. `profiles`: whether CPU and heap profiles are read, which takes the
    longest.
    """
    letters = {host.host_id: host.letter for host in session.hosts()}
    moments = _moments(session)
    runs: dict[int, list[RunTrack]] = defaultdict(list)
    for run in session.runs():
        runs[run.isolate_id].append(run)
    return [
        Track(
            isolate_id=one.isolate_id,
            name=one.name,
            host_id=one.host_id,
            letter=letters.get(one.host_id, ""),
            limit_bytes=one.memory_limit_bytes,
            began_us=max(one.created_us, session.info.began_us),
            ended_us=one.ended_us,
            end_reason=one.end_reason,
            samples=session.samples(one.isolate_id),
            collections=session.gcs(one.isolate_id),
            runs=[_span(run) for run in runs[one.isolate_id] if run.started_us is not None],
            console=_console(session, one),
            messages=_messages(session, one),
            moments=sorted(moments[one.isolate_id] + moments[0], key=lambda moment: moment.at_us),
            profile=session.cpu_profile(one.isolate_id) if profiles else None,
            heap_profile=_heap_profile(session, one) if profiles else None,
        )
        for one in session.isolates()
    ]


def line_text(line: ConsoleLine, limit: int = _SHOWN) -> str:
    """A console line as one text."""
    from inspector.values import console_text

    if line.kind == "cleared":
        return "console cleared"
    if line.kind == "dropped":
        return f"{line.args[0] if line.args else '?'} lines were dropped"
    return console_text(line.args, limit)


def _span(run: RunTrack) -> RunSpan:
    words = run.evidence if run.error is None else f"{run.error.get('name', '')}: {run.error.get('message', '')}"
    assert run.started_us is not None
    return RunSpan(run.run_id, run.label, run.started_us, run.settled_us, run.outcome or "running", words)


def _console(session: Session, isolate: IsolateTrack) -> Console:
    records = session.console(isolate.isolate_id)
    levels = np.zeros(len(CONSOLE_KINDS), np.uint8)
    levels[[CONSOLE_KINDS.index(name) for name in _ERRORS]] = 2
    levels[CONSOLE_KINDS.index("warning")] = 1

    def words(place: int) -> str:
        found = session.console_lines(isolate.isolate_id, place, 1)
        return line_text(found[0]) if found else ""

    return Console(records["at_us"], levels[np.minimum(records["kind"], len(CONSOLE_KINDS) - 1)], words)


def _messages(session: Session, isolate: IsolateTrack) -> list[Message]:
    return [
        Message(one.at_us, one.from_isolate_id or -1, one.to_isolate_id or -1, one.size_bytes, one.name)
        for one in session.messages()
        if isolate.isolate_id in (one.from_isolate_id, one.to_isolate_id)
    ]


def _heap_profile(session: Session, isolate: IsolateTrack) -> HeapProfile | None:
    found = session.heap_profile(isolate.isolate_id)
    try:
        return None if found is None else read_heapprofile(found.profile)
    except FormatError:
        return None


def _moments(session: Session) -> defaultdict[int, list[Moment]]:
    """isolate_id -> moments; 0: of the whole recording."""
    found: defaultdict[int, list[Moment]] = defaultdict(list)
    for isolate_id, moment in _all_moments(session):
        found[isolate_id].append(moment)
    return found


def _all_moments(session: Session) -> Iterator[tuple[int, Moment]]:
    for mark in session.marks():
        yield mark.isolate_id, Moment(mark.at_us, "mark" if mark.source == "user" else "script mark", mark.name)
    for hit in session.limit_hits():
        yield hit.isolate_id, Moment(hit.at_us, "limit", f"reached its memory limit ({hit.outcome})")
    for drop in session.drops():
        yield drop.isolate_id or 0, Moment(drop.at_us, "dropped", f"{drop.count} {drop.what} were dropped")
    for isolate in session.isolates():
        if isolate.end_state == IsolateState.CRASHED and isolate.ended_us is not None:
            yield isolate.isolate_id, Moment(isolate.ended_us, "crash", isolate.end_reason)
    states = session.states()
    worth = [STATES.index(str(state)) for state in _WORTH_TELLING]
    for record in states[np.isin(states["state"], worth)]:
        state = IsolateState(STATES[int(record["state"])])
        words = "not answering" if state is IsolateState.WEDGED else str(state)
        yield int(record["isolate_id"]), Moment(int(record["at_us"]), "state", words)
