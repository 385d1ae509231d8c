"""A recording file as its view shows it, read again while it grows. No Qt; imported late: it brings numpy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import RLock

from inspector.analysis.lines import line_times
from inspector.analysis.track import Console, Track
from inspector.analysis.tree import Frame
from inspector.recording.analysis_tracks import tracks_of
from inspector.recording.opening import log_of
from inspector.recording.session import Session
from inspector.recording.store import is_live
from inspector.text import visible
from ui.models.session_data import SessionData, SourceText

__all__ = ["RecordedSession"]


class RecordedSession:
    """An open `.isosession`. Every method may be called from any thread; one at a time is served."""

    def __init__(self, path: Path) -> None:
        """FormatError when it is no recording, RecordingError when it can't be read."""
        self.path = path
        self._lock = RLock()
        self._session = Session.open(path)
        self._hashes: dict[tuple[int, str], str] = {}
        self._closed = False

    def read(self) -> SessionData:
        """Everything that is in it now."""
        with self._lock:
            live = self._is_live()  # before all else: who writes may end meanwhile, and the rest is read next time
            self._session.refresh()
            if not live:
                self._fold()
            session = self._session
            tracks = tuple(self._guarded(track) for track in tracks_of(session))
            info = session.info
            low, high = session.span
            return SessionData(
                self.path.name,
                str(self.path),
                tracks,
                float(low),
                float(max(high, *(track.span()[1] for track in tracks)) if tracks else high),
                self.source_of,
                live=live,
                notes=session.notices,
                focus=(info.focus_isolate_id, float(info.focus_us)) if info.focus_us else None,
            )

    def read_on(self) -> SessionData | None:
        """Everything, when something was added since the last look or nothing more will be; else None."""
        with self._lock:
            if self._closed or not (self._session.refresh() or not self._is_live()):
                return None
            return self.read()

    def source_of(self, track: Track, frame: Frame) -> SourceText:
        """The source as it was recorded, by V8's hash of it."""
        if not frame.url:
            return SourceText(None, f"{visible(frame.label)} has no source: it is part of V8.")
        shown = visible(frame.url, 120)
        with self._lock:
            if self._closed:
                return SourceText(None, "The recording was closed.")
            text = self._text(track.isolate_id, frame.script_id)
        if text is None:
            return SourceText(None, f"The recording does not hold the source of {shown}.")
        return SourceText(text, f"{shown}, as it was recorded")

    def line_times(self, tracks: Sequence[Track], script_hash: str) -> dict[int, float]:
        """Microseconds of self time by 1-based line of the source with V8's hash `script_hash`, over those `tracks`
        that were profiled while they ran it; {} when there are none.
        """
        times: dict[int, float] = {}
        with self._lock:
            if self._closed:
                return times
            for track in tracks:
                if track.profile is None:
                    continue
                own = track.profile.self_us()
                same = {(one.script_id, one.url) for one in self._session.scripts(track.isolate_id)
                        if one.hash == script_hash}  # fmt: skip
                for script_id, url in same:
                    for line, us in line_times(track.profile, own, Frame("", url, script_id)).items():
                        times[line] = times.get(line, 0.0) + us
        return times

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._session.close()

    def _is_live(self) -> bool:
        return self._session.is_live or is_live(self.path)

    def _fold(self) -> None:
        """A file that has ended while it was read here still has its log beside it: opening it again makes it one."""
        if log_of(self.path).exists():
            self._session.close()
            self._session = Session.open(self.path)

    def _text(self, isolate_id: int, script_id: str) -> str | None:
        key = (isolate_id, script_id)
        if key not in self._hashes:
            for script in self._session.scripts(isolate_id):
                self._hashes[isolate_id, script.script_id] = script.hash
        found = self._hashes.get(key)
        return self._session.source(found) if found else None

    def _guarded(self, track: Track) -> Track:
        """Console words are read from the file when they are shown."""
        console = track.console
        return replace(track, console=Console(console.at_us, console.level, self._locked(console.words)))

    def _locked(self, words: Callable[[int], str]) -> Callable[[int], str]:
        def read(line: int) -> str:
            with self._lock:
                return "" if self._closed else words(line)

        return read
