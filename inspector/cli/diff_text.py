"""A comparison of two recordings, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from inspector.analysis.comparison import Change, Comparison, FunctionChange, Side, Verdict
from inspector.analysis.track import Track
from inspector.cli.diff_conditions import Condition
from inspector.cli.figure_text import in_unit
from inspector.errors import UsageError
from inspector.recording.analysis_tracks import tracks_of
from inspector.recording.session import Session
from inspector.text import for_terminal, visible
from inspector.units import format_us

__all__ = ["diff_json", "diff_text", "side_of"]

_MOST_FUNCTIONS = 15
_COLUMNS = "{words:<28} {before:>14} {after:>14} {change:>8}  {verdict}"


def side_of(session: Session, isolate: str | None) -> Side:
    """From the first run of the isolate to the end. UsageError when it is not clear which isolate is meant."""
    tracks = tracks_of(session)
    chosen = [one for one in tracks if isolate in (one.name, str(one.isolate_id))] if isolate else _that_ran(tracks)
    if len(chosen) != 1:
        names = ", ".join(visible(one.name, 40) for one in tracks) or "none"
        ran = "no isolate" if not chosen else f"{len(chosen)} isolates"
        cause = f"{session.path.name} has {ran} {'of that name' if isolate else 'that ran something'}"
        raise UsageError("Compare two recordings", cause, f"Choose with --isolate. Isolates: {names}.")
    track = chosen[0]
    end_us = session.span[1] if track.ended_us is None else min(track.ended_us, session.span[1])
    begin_us = min((run.began_us for run in track.runs), default=track.began_us)
    return Side(track, begin_us, end_us, session.path.name)


def _that_ran(tracks: Sequence[Track]) -> list[Track]:
    return [one for one in tracks if one.runs]


def diff_text(before: Side, after: Side, comparison: Comparison, conditions: Sequence[Condition]) -> str:
    """All lines of it."""
    return "".join(for_terminal(line) + "\n" for line in _lines(before, after, comparison, conditions))


def _lines(before: Side, after: Side, comparison: Comparison, conditions: Sequence[Condition]) -> Iterator[str]:
    names = [f"{one.name}: {visible(one.track.name)}, {len(one.track.runs)} runs" for one in (before, after)]
    yield f"A {names[0]}"
    yield f"B {names[1]}"
    yield ""
    yield _COLUMNS.format(words="", before="A", after="B", change="change", verdict="").rstrip()
    for change in comparison.figures:
        yield _change_line(change)
    if comparison.functions:
        yield ""
        yield f"Self time of functions per {comparison.per}, the largest change first"
    for function in comparison.functions[:_MOST_FUNCTIONS]:
        yield _function_line(function)
    if conditions:
        yield ""
    for condition in conditions:
        yield f'{"FAILED" if condition.failed else "holds "} --fail-if "{condition.text}": {condition.told}'


def _change_line(change: Change) -> str:
    share = change.share
    return _COLUMNS.format(
        words=change.words,
        before=in_unit(change.before, change.unit),
        after=in_unit(change.after, change.unit),
        change="" if share is None else f"{share:+.1%}",
        verdict=_verdict(change.verdict),
    ).rstrip()


def _function_line(change: FunctionChange) -> str:
    share = f"{(change.after_us - change.before_us) / change.before_us:+.1%}" if change.before_us else "new"
    return _COLUMNS.format(
        words=visible(f"{change.frame.label} {change.frame.place}", 28),
        before=format_us(change.before_us),
        after=format_us(change.after_us),
        change=share,
        verdict=_verdict(change.verdict),
    ).rstrip()


def _verdict(verdict: Verdict) -> str:
    return {Verdict.MORE: "more", Verdict.LESS: "less", Verdict.NONE: "no difference beyond noise"}.get(verdict, "")


def diff_json(before: Side, after: Side, comparison: Comparison, conditions: Sequence[Condition]) -> str:
    """One object."""
    whole = {
        "before": _side_json(before),
        "after": _side_json(after),
        "figures": {one.key: _change_json(one) for one in comparison.figures},
        "functions_per": comparison.per,
        "functions": [
            {
                "name": one.frame.label,
                "url": one.frame.url,
                "line": one.frame.line,
                "before_us": one.before_us,
                "after_us": one.after_us,
                "interval": None if one.interval is None else [one.interval.low, one.interval.high],
                "verdict": str(one.verdict),
            }
            for one in comparison.functions
        ],
        "fail_if": [{"condition": one.text, "failed": one.failed, "told": one.told} for one in conditions],
    }
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2).decode() + "\n"


def _side_json(side: Side) -> dict[str, Any]:
    return {"recording": side.name, "isolate": side.track.name, "runs": len(side.track.runs)}


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "before": change.before,
        "after": change.after,
        "unit": change.unit,
        "change": change.share,
        "interval": None if change.interval is None else [change.interval.low, change.interval.high],
        "verdict": str(change.verdict),
    }
