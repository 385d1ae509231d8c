"""`.heapprofile`: V8's sampling heap profile, as V8 wrote it; opened by Chrome, VS Code and speedscope."""

from __future__ import annotations

from inspector.recording.tracks import HeapProfileTrack

__all__ = ["heapprofile"]


def heapprofile(track: HeapProfileTrack) -> bytes:
    """The file: https://chromedevtools.github.io/devtools-protocol/tot/HeapProfiler/#type-SamplingHeapProfile"""
    return track.profile
