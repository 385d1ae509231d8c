"""What a heap graph says in words: the figures of an instant, a collection, the state of the drawing. Pure text."""

from __future__ import annotations

from inspector.states import GcKind, SampleMode
from inspector.units import format_bytes, format_us
from ui.models.readings import GcMark, LatestSample, Reading, Track
from ui.views.heap_legend import Entry, Mark
from ui.views.time_axis import ago_text, clock_text

__all__ = ["figure_lines", "gc_line", "instant_text", "legend_entries", "rate_text"]

_MODES = {
    SampleMode.IDLE: "idle",
    SampleMode.BUSY: "while a script runs",
    SampleMode.PAUSED: "paused in the debugger",
}


def instant_text(at_us: int, present_us: int, now_us: int) -> str:
    """How long before the right edge's present (now, a pause, an end) an instant was, and its time of day."""
    return f"{ago_text(present_us - at_us)} · {clock_text(at_us, now_us, 1_000)}"


def figure_lines(reading: Reading | None, track: Track, at_us: int) -> list[str]:
    """Every figure at the instant `at_us`, a line each."""
    if reading is None:
        return ["no sample kept from then"]
    peak = ""
    if reading.count > 1:
        peak = f" (up to {format_bytes(reading.peak_bytes)} in {reading.count} samples)"
    lines = [
        f"used {format_bytes(reading.used_bytes)}{peak}",
        f"committed {format_bytes(reading.committed_bytes)}",
        f"off-heap {format_bytes(reading.external_bytes)}",
    ]
    if track.limit_bytes:
        lines.append(f"limit {format_bytes(track.limit_bytes)}")
    lines.append(f"sampled {_MODES[reading.mode]}, {_rate(reading.rate_hz)}")
    if reading.held:
        lines.append(f"held: last sample {(at_us - reading.at_us) / 1e6:.2f} s before")
    return lines


def gc_line(gc: GcMark) -> str:
    """ "full GC (mark-compact), V8's pause 3.1 ms, no Python in it, 24 MiB -> 8.1 MiB": by V8's own clock."""
    which = {GcKind.MARK_COMPACT: "full ", GcKind.OTHER: ""}.get(gc.kind, "young ")
    name = "other kind" if gc.kind is GcKind.OTHER else str(gc.kind)
    before, after = format_bytes(gc.before_bytes), format_bytes(gc.after_bytes)
    return f"{which}GC ({name}), V8's pause {format_us(gc.pause_us)}, no Python in it, {before} → {after}"


def rate_text(latest: LatestSample | None, track: Track) -> str:
    """How often the isolate is sampled now, and how many samples of its host process were lost on the way."""
    parts = [f"{track.lost_samples} samples lost"] if track.lost_samples else []
    if track.sampling and track.ended_us is None:
        parts.append(track.sampling)
    elif latest is not None and track.ended_us is None:
        parts.append("held: no new sample" if latest.held else f"{_rate(latest.rate_hz)} reached")
    return " · ".join(parts)


def legend_entries(latest: LatestSample | None, limit_bytes: int) -> list[Entry]:
    """What the graph draws, with the figures of the newest sample; 0: the limit is not known."""
    used, committed, external = (
        (latest.used_bytes, latest.committed_bytes, latest.external_bytes) if latest else (None, None, None)
    )
    entries = [
        Entry("used", format_bytes(used), Mark.LINE, "used"),
        Entry("committed", format_bytes(committed), Mark.LINE, "committed"),
        Entry("off-heap", format_bytes(external), Mark.LINE, "external"),
        Entry("limit", format_bytes(limit_bytes or None), Mark.DASHES, "limit"),
        Entry("young GC", "", Mark.SHORT_TICK, "gc_minor"),
        Entry("full GC", "", Mark.TALL_TICK, "gc_major"),
        Entry("held, no new sample", "", Mark.DOTS, "muted"),
    ]
    return entries


def _rate(rate_hz: float) -> str:
    return f"{rate_hz:.1f} samples/s"
