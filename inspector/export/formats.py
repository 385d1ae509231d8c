"""Which formats there are, and a recording's bytes in one of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct

from inspector.errors import UsageError
from inspector.recording.session import Session
from inspector.text import visible

if TYPE_CHECKING:
    from inspector.analysis.track import Track

__all__ = ["FORMATS", "Format", "chosen_tracks", "exported"]


class Format(Struct, frozen=True):
    name: str
    suffix: str
    of_one: bool  # holds one isolate alone
    words: str


FORMATS = {
    one.name: one
    for one in (
        Format("cpuprofile", ".cpuprofile", True, "sampled stacks: Chrome, VS Code, speedscope"),
        Format("speedscope", ".speedscope.json", False, "sampled stacks, a profile per isolate: speedscope"),
        Format("trace", ".trace.json", False, "everything on one time axis: Perfetto, Chrome"),
        Format("heapprofile", ".heapprofile", True, "allocations: Chrome, VS Code, speedscope"),
        Format("csv", ".csv", False, "heap samples: spreadsheets"),
    )
}


def exported(session: Session, format_name: str, isolate: str | None = None) -> Iterable[bytes]:
    """The file in parts. `isolate`: the name or number of one; None: all, or the only one.

    UsageError when a format of one isolate could mean several, or the recording has not what the format holds.
    """
    return _EXPORTERS[format_name](session, isolate)


def chosen_tracks(session: Session, isolate: str | None, *, profiles: bool = True) -> list[Track]:
    """The isolates of that name or number; all for None. UsageError when there is none."""
    from inspector.recording.analysis_tracks import tracks_of

    wanted = _chosen(session, isolate)
    return [one for one in tracks_of(session, profiles=profiles) if one.isolate_id in wanted]


def _cpuprofile(session: Session, isolate: str | None) -> Iterable[bytes]:
    from inspector.export.cpuprofile import cpuprofile

    having = session.cpu_isolates()
    isolate_id = _only(session, isolate, having, "CPU profile", "Record with --preset cpu.")
    profile = session.cpu_profile(isolate_id)
    if profile is None:
        raise UsageError("Export as cpuprofile", "its CPU profile is damaged")
    return [cpuprofile(profile)]


def _heapprofile(session: Session, isolate: str | None) -> Iterable[bytes]:
    having = session.heap_isolates()
    isolate_id = _only(session, isolate, having, "heap profile", "Record with --preset allocation.")
    track = session.heap_profile(isolate_id)
    if track is None:
        raise UsageError("Export as heapprofile", "its heap profile is damaged")
    from inspector.export.heapprofile import heapprofile

    return [heapprofile(track)]


def _speedscope(session: Session, isolate: str | None) -> Iterable[bytes]:
    from inspector.export.speedscope import speedscope

    tracks = [one for one in chosen_tracks(session, isolate) if one.profile is not None]
    if not tracks:
        raise UsageError("Export as speedscope", "no stacks were sampled", "Record with --preset cpu.")
    info = session.info
    exporter = f"isolate-inspector@{info.application_version}"
    return [speedscope(tracks, name=session.path.stem, began_us=info.began_us, exporter=exporter)]


def _trace(session: Session, isolate: str | None) -> Iterable[bytes]:
    from inspector.export.trace import trace

    tracks = chosen_tracks(session, isolate)
    info = session.info
    about = {"recording": session.path.name, "system": info.system, "application": "isolate-inspector"}
    return trace(tracks, began_us=info.began_us, to_us=session.span[1], about=about)


def _csv(session: Session, isolate: str | None) -> Iterable[bytes]:
    from inspector.export.csv_table import csv_samples

    tracks = chosen_tracks(session, isolate, profiles=False)
    return csv_samples(tracks, began_us=session.info.began_us, began_wall_us=session.info.began_wall_us)


_EXPORTERS = {
    "cpuprofile": _cpuprofile,
    "speedscope": _speedscope,
    "trace": _trace,
    "heapprofile": _heapprofile,
    "csv": _csv,
}


def _chosen(session: Session, isolate: str | None) -> set[int]:
    """Ids of the isolates of that name or number; all for None."""
    isolates = session.isolates()
    if isolate is None:
        return {one.isolate_id for one in isolates}
    found = {one.isolate_id for one in isolates if isolate in (one.name, str(one.isolate_id))}
    if not found:
        cause = f'the recording has no isolate "{visible(isolate, 60)}"'
        raise UsageError("Choose the isolate", cause, _names(session, [one.isolate_id for one in isolates]))
    return found


def _only(session: Session, isolate: str | None, having: list[int], what: str, remedy: str) -> int:
    wanted = [one for one in having if one in _chosen(session, isolate)]
    if not wanted:
        raise UsageError(
            f"Export the {what}", "the recording has none" if not having else "this isolate has none", remedy
        )
    if len(wanted) > 1:
        cause = f"{len(wanted)} isolates have one, and the format holds one isolate"
        raise UsageError(f"Export the {what}", cause, f"Choose with --isolate. {_names(session, wanted)}")
    return wanted[0]


def _names(session: Session, ids: list[int]) -> str:
    """Numbers stand where names are not enough."""
    isolates = [one for one in session.isolates() if one.isolate_id in ids]
    names = [one.name for one in isolates]
    told = [visible(one.name, 40) if names.count(one.name) == 1 else str(one.isolate_id) for one in isolates]
    return f"Isolates: {', '.join(told)}." if told else ""
