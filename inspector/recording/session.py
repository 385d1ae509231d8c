"""A recording as its readers see it: open one, ask it, ask again while it is still being written.

    with Session.open(path) as session:
        session.info, session.notices          what it is; what is missing, in words
        session.isolates(), hosts(), runs() ...  records of `inspector.recording.tracks`
        session.samples(isolate_id)            arrays of `inspector.recording.layout.DTYPES`, in order of time
        session.cpu_profile(isolate_id)        `inspector.analysis.CpuProfile` of all pieces; None when there is none
        session.refresh()                      whether the writer has added something since

Ranges are in microseconds of the recording's clock, both ends included; None: from the beginning, to the end.
Arrays are read-only and shared between calls. What is damaged is left out and told in `notices`. One thread at a time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from inspector.analysis.cpu_profile import CpuProfile
from inspector.recording import tables
from inspector.recording.chunks import Chunks, Texts
from inspector.recording.cpu_arrays import cpu_profile_of
from inspector.recording.layout import CONSOLE_KINDS, MARK_SOURCES, MESSAGE_KINDS
from inspector.recording.opening import Opened, log_of, open_file, recover
from inspector.recording.reading import Cells, Damage, read_json, rows
from inspector.recording.tracks import (
    Array,
    ConsoleLine,
    ContextTrack,
    CpuTreeTable,
    DropTrack,
    HeapProfileTrack,
    HostTrack,
    IsolateTrack,
    LimitTrack,
    Mark,
    MessageTrack,
    ProblemTrack,
    RunTrack,
    ScriptTrack,
    SessionInfo,
)

__all__ = ["Session"]

_PAGES_AT_ONCE = 1024  # of a copy

T = TypeVar("T")


class Session:
    """An open recording. `close` it."""

    def __init__(self, path: Path, opened: Opened) -> None:
        self.path = path
        self._opened = opened
        self._connection = opened.connection
        self._chunks = Chunks(self._connection, self._damaged)
        self._damage: dict[str, int] = {}
        self._profiles: dict[int, tuple[int, CpuProfile | None]] = {}
        self._state: tuple[int, str] = (0, "")
        self.info = self._read_info()
        self.refresh()

    @classmethod
    def open(cls, path: Path) -> Session:
        """FormatError when it is no recording, RecordingError when it can't be read."""
        opened = open_file(path)
        try:
            return cls(path, opened)
        except BaseException:
            opened.close()
            raise

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Idempotent. Arrays that were given out stay. The last reader of a recording that has ended meanwhile folds it
        into one file: its writer could not while somebody read.
        """
        self._opened.close()
        recover(self.path)

    # --- the recording as a whole ---

    @property
    def is_live(self) -> bool:
        """Whether somebody may still write it."""
        return self.info.ended_us is None and log_of(self.path).exists()

    @property
    def notices(self) -> tuple[str, ...]:
        """What is missing or damaged, a sentence each."""
        told = list(self._opened.notices)
        if self.info.ended_us is None and not self.is_live and not told:
            told.append("It was cut off: its last second may be missing.")
        told += [f"Damaged, and left out: {words} ({count}x)." for words, count in self._damage.items()]
        return tuple(told)

    def refresh(self) -> bool:
        """Look whether the writer has committed something since; `info` is new then."""
        try:
            version = int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        except (sqlite3.Error, UnicodeDecodeError):
            return False
        state = (version, self.info.end_reason)
        if state == self._state:
            return False
        self._state = state
        self.info = self._read_info()
        self._chunks.stale()
        return True

    @property
    def span(self) -> tuple[int, int]:
        """(first, last) moment of the recording."""
        info = self.info
        return info.began_us, max(info.began_us, info.last_us if info.ended_us is None else info.ended_us)

    # --- who was there ---

    def hosts(self) -> list[HostTrack]:
        return self._records(tables.HOSTS, tables.host)

    def isolates(self) -> list[IsolateTrack]:
        """In the order of their birth."""
        return self._records(tables.ISOLATES, tables.isolate)

    def contexts(self, isolate_id: int) -> list[ContextTrack]:
        return self._records(tables.CONTEXTS, tables.context, isolate_id)

    def scripts(self, isolate_id: int) -> list[ScriptTrack]:
        """Those that V8 parsed, ours (`internal`) among them."""
        return self._records(tables.SCRIPTS, tables.script, isolate_id)

    def source(self, script_hash: str) -> str | None:
        """The text of a script by its hash; None when it is not in the recording."""
        found = self._records(tables.SOURCE, Cells.text, script_hash)
        return found[0] if found else None

    # --- what happened ---

    def runs(self, isolate_id: int | None = None) -> list[RunTrack]:
        """In the order in which they were asked for."""
        return self._records(tables.RUNS, tables.run, isolate_id, isolate_id)

    def limit_hits(self) -> list[LimitTrack]:
        return self._records(tables.LIMITS, tables.limit)

    def problems(self) -> list[ProblemTrack]:
        return self._records(tables.PROBLEMS, tables.problem)

    def drops(self) -> list[DropTrack]:
        """What was lost on the way, so that no gap is silent."""
        return self._records(tables.DROPS, tables.drop)

    # --- what is many: arrays ---

    def samples(self, isolate_id: int | None = None, from_us: int | None = None, to_us: int | None = None) -> Array:
        """Heap samples."""
        return self._chunks.of("samples", isolate_id, from_us, to_us)

    def gcs(self, isolate_id: int | None = None, from_us: int | None = None, to_us: int | None = None) -> Array:
        """Garbage collections; `at_us` is the end of the pause."""
        return self._chunks.of("gcs", isolate_id, from_us, to_us)

    def states(self, isolate_id: int | None = None, from_us: int | None = None, to_us: int | None = None) -> Array:
        """Changes of state; `state` is an index into `layout.STATES`."""
        return self._chunks.of("states", isolate_id, from_us, to_us)

    def isolate_times(self, isolate_id: int | None = None) -> Array:
        """CPU and executing time since birth, once a second."""
        return self._chunks.of("isolate_times", isolate_id, None, None)

    def host_figures(self) -> Array:
        """Resident bytes and CPU time of the host processes, once a second."""
        return self._chunks.of("host_figures", None, None, None)

    def console(self, isolate_id: int | None = None, from_us: int | None = None, to_us: int | None = None) -> Array:
        """Console calls, without their words: those are `console_lines` of a part of it."""
        return self._chunks.of("console", isolate_id, from_us, to_us)

    def console_lines(self, isolate_id: int | None, first: int = 0, count: int | None = None) -> list[ConsoleLine]:
        """Lines `first`, `first` + 1, ... of `console(isolate_id)`, with their words."""
        records, texts = self._chunks.with_texts("console", isolate_id)
        part = slice(first, None if count is None else first + count)
        return [_console_line(one, texts, place) for place, one in zip(*_part(records, part), strict=True)]

    def marks(self) -> list[Mark]:
        records, texts = self._chunks.with_texts("marks", None)
        return [
            Mark(
                int(one["at_us"]),
                int(one["isolate_id"]),
                _name_of(MARK_SOURCES, int(one["source"])),
                texts.of(place).decode("utf-8", "replace"),
            )
            for place, one in enumerate(records)
        ]

    def messages(self) -> list[MessageTrack]:
        """Values that went between isolates, or to and from the program."""
        records, texts = self._chunks.with_texts("messages", None)
        return [
            MessageTrack(
                int(one["at_us"]),
                None if one["received_us"] < 0 else int(one["received_us"]),
                int(one["from_isolate_id"]),
                int(one["to_isolate_id"]),
                _name_of(MESSAGE_KINDS, int(one["kind"])),
                int(one["size_bytes"]),
                texts.of(place).decode("utf-8", "replace"),
            )
            for place, one in enumerate(records)
        ]

    # --- profiles ---

    def cpu_isolates(self) -> list[int]:
        """The isolates of which stacks were sampled."""
        return self._chunks.owners("cpu_samples")

    def cpu_profile(self, isolate_id: int) -> CpuProfile | None:
        """All pieces as one, gaps as its root; None when no stack was sampled. Kept until there is a new piece."""
        samples = self.cpu_samples(isolate_id)
        kept = self._profiles.get(isolate_id)
        if kept is None or kept[0] != len(samples):
            lines = self._chunks.owned("cpu_lines", isolate_id)
            made = cpu_profile_of(self.cpu_tree(isolate_id), samples, lines, self._same_scripts(isolate_id))
            self._profiles[isolate_id] = kept = (len(samples), made)
        return kept[1]

    def cpu_samples(self, isolate_id: int) -> Array:
        """Which node of `cpu_tree` ran from when on; `layout.NO_NODE`: from here on nothing was sampled."""
        return self._chunks.owned("cpu_samples", isolate_id)

    def cpu_tree(self, isolate_id: int) -> CpuTreeTable:
        nodes = self._records(tables.CPU_NODES, tables.cpu_node, isolate_id)
        kept = []
        for place, node in enumerate(nodes):
            if node[0] != place or not (node[1] < place and (node[1] >= 0 or place == 0)):
                self._damaged("the tree of a CPU profile")
                break
            kept.append(node)
        return CpuTreeTable(tuple(one[1] for one in kept), tuple(one[2:] for one in kept))

    def heap_profile(self, isolate_id: int) -> HeapProfileTrack | None:
        """The sampling heap profile; None when allocations were not sampled."""
        found = self._records(tables.HEAP_PROFILE, tables.heap_profile, isolate_id)
        return found[0] if found else None

    def heap_isolates(self) -> list[int]:
        """The isolates that have a sampling heap profile."""
        return self._records(tables.HEAP_ISOLATES, Cells.whole)

    def copy_to(self, path: Path, still_wanted: Callable[[], object] = lambda: None) -> None:
        """Everything as a new file; sqlite3.Error where it is damaged, or the disk is full.

        `still_wanted` is called every 4 MiB or so, and ends it by what it raises.
        """
        copy = sqlite3.connect(path)
        try:
            self._connection.backup(copy, pages=_PAGES_AT_ONCE, progress=lambda *_done: still_wanted())
            copy.execute("PRAGMA journal_mode=DELETE").fetchall()
        finally:
            copy.close()

    # --- inside ---

    def _records(self, statement: str, read: Callable[[Cells], T], *parameters: Any) -> list[T]:
        """Every row that can be read."""
        found: list[T] = []
        try:
            for row in rows(self._connection, statement, *parameters):
                try:
                    found.append(read(Cells(row)))
                except (Damage, StopIteration) as error:
                    self._damaged(str(error))
        except Damage as error:
            self._damaged(str(error))
        return found

    def _same_scripts(self, isolate_id: int) -> dict[str, str]:
        """script_id -> that of the first script with its url and source."""
        first: dict[tuple[str, str], str] = {}
        scripts = self.scripts(isolate_id)
        return {one.script_id: first.setdefault((one.url, one.hash), one.script_id) for one in scripts}

    def _damaged(self, words: str) -> None:
        self._damage[words] = self._damage.get(words, 0) + 1

    def _read_info(self) -> SessionInfo:
        pairs = dict(self._records(tables.META, lambda cells: (cells.text(), cells.text())))

        def whole(key: str, otherwise: int = 0) -> int:
            text = pairs.get(key, "")
            return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else otherwise

        began_us = whole("began_us")
        return SessionInfo(
            application_version=pairs.get("application_version", ""),
            system=pairs.get("system", ""),
            reason=pairs.get("reason", ""),
            preset=pairs.get("preset", ""),
            scope=pairs.get("scope", ""),
            cpu_interval_us=whole("cpu_interval_us"),
            began_us=began_us,
            began_wall_us=whole("began_wall_us"),
            last_us=whole("written_us", began_us),
            ended_us=whole("ended_us") or None,
            end_reason=pairs.get("end_reason", ""),
            focus_isolate_id=whole("focus_isolate_id"),
            focus_us=whole("focus_us"),
        )


def _part(records: Array, part: slice) -> tuple[Sequence[int], Array]:
    places = range(len(records))[part]
    return places, records[part]


def _console_line(one: Any, texts: Texts, place: int) -> ConsoleLine:
    kind = _name_of(CONSOLE_KINDS, int(one["kind"]))
    said = read_json(texts.of(place), [])
    url, args = "", said
    if kind not in ("dropped", "cleared"):
        url = said[0] if len(said) == 2 and isinstance(said[0], str) else ""
        args = said[1] if len(said) == 2 and isinstance(said[1], list) else []
        args = [arg for arg in args if isinstance(arg, dict)]
    run_id = int(one["run_id"])
    return ConsoleLine(
        int(one["at_us"]),
        int(one["isolate_id"]),
        kind,
        int(one["context_id"]),
        None if run_id < 0 else run_id,
        url,
        int(one["line"]),
        tuple(args),
    )


def _name_of(names: Sequence[str], index: int) -> str:
    return names[index] if 0 <= index < len(names) else "other"
