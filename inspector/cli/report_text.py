"""A recording's report, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import orjson

from inspector.analysis.figures import Figure, range_figures
from inspector.analysis.findings import findings
from inspector.analysis.functions import functions
from inspector.analysis.track import Track
from inspector.cli.figure_text import in_unit
from inspector.recording.analysis_tracks import tracks_of
from inspector.recording.session import Session
from inspector.text import for_terminal, visible
from inspector.units import format_us

__all__ = ["report_json", "report_text"]

_MOST_FUNCTIONS = 10
_LINE = "  {words:<28} {value:>14}   {interval}"


def report_text(session: Session) -> str:
    """All lines of it."""
    return "".join(for_terminal(line) + "\n" for line in _lines(session))


def report_json(session: Session) -> str:
    """One object."""
    info = session.info
    tracks = tracks_of(session)
    whole = {
        "recording": str(session.path),
        "began": _utc(session),
        "duration_us": session.span[1] - info.began_us,
        "reason": info.reason,
        "preset": info.preset,
        "end_reason": info.end_reason or None,
        "system": info.system,
        "engines": sorted({f"{host.engine}, V8 {host.v8_version}" for host in session.hosts()}),
        "notices": list(session.notices),
        "isolates": [_isolate_json(session, track) for track in tracks],
        "findings": [
            {
                "kind": one.kind,
                "words": one.words,
                "isolate_id": one.isolate_id,
                "from_us": one.from_us - info.began_us,
                "to_us": one.to_us - info.began_us,
            }
            for one in findings(tracks)
        ],
    }
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2).decode() + "\n"


def _utc(session: Session) -> str:
    return datetime.fromtimestamp(session.info.began_wall_us / 1e6, UTC).isoformat(timespec="seconds")


def _lines(session: Session) -> Iterator[str]:
    info = session.info
    length = format_us(session.span[1] - info.began_us)
    yield f"{session.path.name}: {length} from {_utc(session)}, preset {info.preset}"
    yield f"{info.system}"
    for host in session.hosts():
        lost = f", {host.end_state}: {host.end_reason}" if host.end_state == "lost" else ""
        yield f"host process {host.letter}: {host.engine} engine, V8 {host.v8_version}{lost}"
    for notice in session.notices:
        yield f"! {notice}"
    tracks = tracks_of(session)
    for track in tracks:
        yield ""
        yield f"{visible(track.name)}{_end_words(track)}"
        for figure in range_figures(track, *_range(session, track)):
            yield _figure_line(figure)
        yield from _function_lines(track)
    found = findings(tracks)
    if found:
        yield ""
        yield "Findings"
    for one in found:
        yield f"  {visible(one.words)} (at {format_us(max(0, one.from_us - info.began_us))})"


def _end_words(track: Track) -> str:
    return f" (ended: {visible(track.end_reason)})" if track.ended_us is not None else ""


def _range(session: Session, track: Track) -> tuple[int, int]:
    begin, end = session.span
    return max(begin, track.began_us), end if track.ended_us is None else min(end, track.ended_us)


def _figure_line(figure: Figure) -> str:
    interval = figure.note
    if figure.interval is not None:
        low, high = (in_unit(edge, figure.unit) for edge in (figure.interval.low, figure.interval.high))
        interval = f"95 %: {low} to {high}, n = {figure.n}"
    return _LINE.format(words=figure.words, value=in_unit(figure.value, figure.unit), interval=interval).rstrip()


def _function_lines(track: Track) -> Iterator[str]:
    if track.profile is None:
        return
    own = track.profile.self_us()
    busy = float(own.sum())
    if not busy:
        return
    by_function = functions(track.profile.tree, own)
    yield f"  Functions by self time, of {format_us(busy)} busy:"
    for place in np.argsort(-by_function.own, kind="stable")[:_MOST_FUNCTIONS].tolist():
        self_us, total_us = float(by_function.own[place]), float(by_function.total[place])
        if self_us <= 0:
            break
        frame = track.profile.tree.frames[place]
        shares = f"{format_us(self_us):>10} {self_us / busy:>6.1%}  total {format_us(total_us):>10}"
        yield f"  {shares}  {visible(frame.label, 60)} {visible(frame.place, 60)}".rstrip()


def _isolate_json(session: Session, track: Track) -> dict[str, Any]:
    told: dict[str, Any] = {
        "isolate_id": track.isolate_id,
        "name": track.name,
        "host": track.letter,
        "memory_limit_bytes": track.limit_bytes,
        "ended": track.end_reason if track.ended_us is not None else None,
        "figures": {one.key: figure_json(one) for one in range_figures(track, *_range(session, track))},
    }
    if track.profile is not None:
        own = track.profile.self_us()
        by_function = functions(track.profile.tree, own)
        told["busy_us"] = round(float(own.sum()))
        told["functions"] = [
            {
                "name": frame.label,
                "url": frame.url,
                "line": frame.line,
                "self_us": round(float(by_function.own[place])),
                "total_us": round(float(by_function.total[place])),
            }
            for place, frame in enumerate(track.profile.tree.frames)
            if by_function.total[place] > 0
        ]
        told["functions"].sort(key=lambda one: -one["self_us"])
    return told


def figure_json(figure: Figure) -> dict[str, Any]:
    interval = None if figure.interval is None else [figure.interval.low, figure.interval.high]
    return {
        "value": figure.value,
        "unit": figure.unit,
        "n": figure.n,
        "interval": interval,
        "note": figure.note or None,
    }
