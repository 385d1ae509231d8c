"""Facts about a recording, each with the isolate and the range that shows it. No advice, no score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct

from inspector.analysis.figures import Figure, growth_figures
from inspector.analysis.functions import functions
from inspector.analysis.track import Track
from inspector.text import visible
from inspector.units import format_bytes, format_us
from inspector.wire import GC_WORDS

__all__ = ["LONG_PAUSE_US", "Finding", "findings"]

LONG_PAUSE_US = 50_000  # three frames of a 60 Hz screen: somebody waits
_MOST_PAUSES = 5
_MOST_FUNCTIONS = 3
_LEAST_SHARE = 0.05  # of busy time
_MOST_MESSAGES = 3
_LEAST_MESSAGE = 1 << 20


class Finding(Struct, frozen=True):
    """`kind`: "limit", "crash", "wedged", "growth", "pause", "function", "message", "dropped"; `frame`: the function's
    number in the profile's tree, -1 where there is none.
    """

    kind: str
    words: str
    isolate_id: int
    from_us: int
    to_us: int
    frame: int = -1


def findings(tracks: Sequence[Track]) -> list[Finding]:
    """What ends things first, then growth, pauses, functions, messages."""
    found = [one for track in tracks for one in (*_ends(track), *_growth(track), *_pauses(track), *_functions(track))]
    order = ("limit", "crash", "wedged", "dropped", "growth", "pause", "function", "message")
    return sorted([*found, *_messages(tracks)], key=lambda one: order.index(one.kind))


def _ends(track: Track) -> Iterator[Finding]:
    for moment in track.moments:
        kind = "wedged" if moment.kind == "state" and "not answering" in moment.words else moment.kind
        if kind in ("limit", "crash", "wedged", "dropped"):
            words = f"{_name(track)}: {visible(moment.words)}"
            yield Finding(kind, words, track.isolate_id, moment.at_us - 1_000_000, moment.at_us + 100_000)


def _growth(track: Track) -> Iterator[Finding]:
    from_us, to_us = track.span()
    for figure in growth_figures(track, from_us, to_us):
        if figure.value is not None and figure.interval is not None and figure.interval.low > 0:
            yield Finding("growth", f"{_name(track)} {_grows(figure)}", track.isolate_id, from_us, to_us)


def _grows(figure: Figure) -> str:
    per = "run" if figure.unit == "bytes/run" else "second"
    assert figure.interval is not None
    low, high = (format_bytes(edge) for edge in (figure.interval.low, figure.interval.high))
    seen = f"95 % interval {low} to {high}, {figure.n} collections"
    return f"grows by {format_bytes(figure.value)} per {per} ({seen}, {figure.note})"


def _pauses(track: Track) -> Iterator[Finding]:
    seen = track.collections
    long = np.flatnonzero(seen["pause_us"] >= LONG_PAUSE_US)
    for i in long[np.argsort(-seen["pause_us"][long].astype(np.int64), kind="stable")][:_MOST_PAUSES].tolist():
        at_us, pause_us = int(seen["at_us"][i]), int(seen["pause_us"][i])
        kind = GC_WORDS[min(int(seen["kind"][i]), len(GC_WORDS) - 1)]
        words = f"{_name(track)} stood still for {format_us(pause_us)} in a {kind}"
        yield Finding("pause", words, track.isolate_id, at_us - 2 * pause_us, at_us + pause_us)


def _functions(track: Track) -> Iterator[Finding]:
    profile = track.profile
    if profile is None:
        return
    busy = profile.self_us()
    whole = float(busy.sum())
    if whole <= 0:
        return
    own = functions(profile.tree, busy).own
    for frame in np.argsort(-own, kind="stable")[:_MOST_FUNCTIONS].tolist():
        if own[frame] / whole < _LEAST_SHARE:
            return
        one = profile.tree.frames[frame]
        place = f" ({visible(one.place, 60)})" if one.place else ""
        share = f"{own[frame] / whole:.0%} of its busy time, {format_us(own[frame])}"
        words = f"{_name(track)} spent {share}, in {visible(one.label, 80)}{place} itself"
        yield Finding("function", words, track.isolate_id, int(profile.from_us), int(profile.until_us), frame)


def _messages(tracks: Sequence[Track]) -> list[Finding]:
    names = {track.isolate_id: _name(track) for track in tracks}
    sent = {one for track in tracks for one in track.messages if one.size_bytes >= _LEAST_MESSAGE}
    found = []
    for one in sorted(sent, key=lambda one: (-one.size_bytes, one.at_us))[:_MOST_MESSAGES]:
        ends = [names.get(end, "the window") for end in (one.from_isolate_id, one.to_isolate_id)]
        words = f"{ends[0]} sent {format_bytes(one.size_bytes)} to {ends[1]}"
        shown = one.from_isolate_id if one.from_isolate_id in names else one.to_isolate_id
        found.append(Finding("message", words, shown, one.at_us - 100_000, one.at_us + 100_000))
    return found


def _name(track: Track) -> str:
    return visible(track.name, 60)
