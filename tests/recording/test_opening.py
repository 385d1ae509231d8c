"""Files that are not as they should be: cut off, without a log, in a read-only folder, too new, damaged, foreign."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.errors import FormatError, InspectorError, RecordingError
from inspector.events import MarkSet
from inspector.recording.analysis_tracks import tracks_of
from inspector.recording.layout import TABLES
from inspector.recording.opening import log_of
from inspector.recording.session import Session
from tests.fixtures.recorded import Recorded


def read_all(path: Path) -> tuple[str, ...]:
    """Everything that a reader may ask; what is missing, in words."""
    with Session.open(path) as session:
        tracks = tracks_of(session)
        for track in tracks:
            for line in range(len(track.console.at_us)):
                track.console.words(line)
            session.contexts(track.isolate_id)
            for script in session.scripts(track.isolate_id):
                session.source(script.hash)
        session.problems()
        session.host_figures()
        session.isolate_times()
        session.messages()
        return session.notices


@pytest.fixture
def copy(recorded: Recorded, tmp_path: Path) -> Path:
    path = tmp_path / "copy.isosession"
    shutil.copyfile(recorded.path, path)
    return path


@pytest.fixture
def cut_off(recorded: Recorded, tmp_path: Path) -> Path:
    """As a killed writer leaves it: the console's chunks and the end are in the log alone."""
    path = tmp_path / "cut.isosession"
    shutil.copyfile(recorded.path, path)
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        moved = writer.execute("SELECT * FROM chunks WHERE track = 'console'").fetchall()
        writer.execute("DELETE FROM chunks WHERE track = 'console'")
        writer.execute("DELETE FROM meta WHERE key IN ('ended_us', 'end_reason')")
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("PRAGMA wal_autocheckpoint=0")
        writer.executemany(f"INSERT INTO chunks VALUES ({', '.join('?' * 9)})", moved)
        for part in (path, path.with_name(path.name + "-wal")):  # before a close folds them
            shutil.copyfile(part, part.with_name("kept-" + part.name))
    for part in ("cut.isosession", "cut.isosession-wal"):
        (tmp_path / f"kept-{part}").replace(tmp_path / part)
    (tmp_path / "cut.isosession-shm").unlink(missing_ok=True)
    return path


def test_a_cut_off_file_is_folded_into_one(cut_off: Path) -> None:
    (notice,) = read_all(cut_off)
    assert "last second" in notice
    assert [path.name for path in cut_off.parent.iterdir()] == [cut_off.name]
    with Session.open(cut_off) as session:
        assert len(session.console()) == 12


def test_without_its_log_it_opens_to_the_last_checkpoint_and_says_so(cut_off: Path) -> None:
    cut_off.with_name(cut_off.name + "-wal").unlink()
    (notice,) = read_all(cut_off)
    assert "-wal file" in notice and "10 seconds" in notice
    with Session.open(cut_off) as session:
        assert len(session.console()) == 0
        assert len(session.samples()) > 0


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no such mode")
def test_in_a_read_only_folder_everything_is_read_from_a_copy(cut_off: Path) -> None:
    """As another user: root may write anywhere."""
    cut_off.chmod(0o444)
    cut_off.with_name(cut_off.name + "-wal").chmod(0o444)
    program = (
        "import os, sys; from pathlib import Path; path = Path(sys.argv[1])\n"
        "import inspector.recording.session, inspector.recording.analysis_tracks, inspector.values\n"
        "from inspector.recording.session import Session; from inspector.recording.store import Store\n"
        "from inspector.errors import RecordingError\n"
        "os.getuid() or os.setuid(65534)\n"
        "with Session.open(path) as s: print(len(s.console()), s.notices)\n"
        "try: Store.create(path.with_name('new.isosession'), {})\n"
        "except RecordingError as error: print(error)\n"
    )
    for parent in cut_off.parents:
        if parent.owner() == Path(cut_off).owner() and parent != Path("/tmp") and "pytest" in str(parent):
            parent.chmod(0o555)
    try:
        done = subprocess.run(
            [sys.executable, "-c", program, str(cut_off)], capture_output=True, text=True, timeout=60, check=False
        )
    finally:
        for parent in cut_off.parents:
            if "pytest" in str(parent):
                parent.chmod(0o755)
    assert done.stdout.startswith("12 "), done.stderr
    assert "read from a copy" in done.stdout
    assert "can't be written to" in done.stdout
    assert sorted(path.name for path in cut_off.parent.iterdir()) == [cut_off.name, cut_off.name + "-wal"]


def test_a_newer_format_another_database_and_a_strangers_schema_are_refused(copy: Path, tmp_path: Path) -> None:
    for statements, words in (
        (["PRAGMA user_version=99"], "version 99.*newer Isolate Inspector"),
        (["PRAGMA application_id=1"], "another program wrote it"),
        (["CREATE VIEW evil AS SELECT 1"], "a view"),
        (["CREATE TRIGGER evil AFTER INSERT ON meta BEGIN SELECT 1; END"], "a trigger"),
        (["DROP TABLE runs", "CREATE TABLE runs (run_id, x AS (1))"], "table runs is not as"),
    ):
        path = tmp_path / "other.isosession"
        shutil.copyfile(copy, path)
        with closing(sqlite3.connect(path, isolation_level=None)) as raw:
            for statement in statements:
                raw.execute(statement)
        with pytest.raises(FormatError, match=words):
            Session.open(path)
    with closing(sqlite3.connect(copy, isolation_level=None)) as raw:
        raw.execute("DROP TABLE marks" if "marks" in TABLES else "DROP TABLE drops")
    assert any("missing" in notice for notice in read_all(copy))
    with pytest.raises(RecordingError, match="No such file"):
        Session.open(tmp_path / "nothing.isosession")


def test_a_truncated_file_tells_what_can_be_read(copy: Path) -> None:
    size = copy.stat().st_size
    opened = 0
    for share in (0.98, 0.7, 0.4, 0.1, 0.001):
        os.truncate(copy, int(size * share))
        with suppress(InspectorError):
            assert read_all(copy)
            opened += 1
    assert opened >= 1


def cells() -> Iterator[tuple[str, str]]:
    for table, statement in TABLES.items():
        columns = statement[statement.index("(") + 1 :].split(", ")
        yield from ((table, column.split()[0]) for column in columns if column[0].islower())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cell=st.sampled_from(sorted(cells())),
    value=st.one_of(
        st.none(), st.integers(-(2**63), 2**63 - 1), st.floats(), st.text(max_size=20), st.binary(max_size=40)
    ),
)
def test_damage_in_any_field_is_left_out_never_an_error(
    recorded: Recorded, tmp_path: Path, cell: tuple[str, str], value: object
) -> None:
    path = tmp_path / "damaged.isosession"
    shutil.copyfile(recorded.path, path)
    table, column = cell
    with closing(sqlite3.connect(path, isolation_level=None)) as raw, suppress(sqlite3.Error):
        raw.execute(f"UPDATE {table} SET {column} = ?", (value,))  # what a key or NOT NULL refuses stays
    read_all(path)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_damaged_bytes_are_an_error_in_words_or_left_out(recorded: Recorded, tmp_path: Path, seed: int) -> None:
    path = tmp_path / "damaged.isosession"
    raw = bytearray(recorded.path.read_bytes())
    chance = random.Random(seed)
    for _ in range(chance.choice((1, 20, 400))):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    path.write_bytes(raw)
    with suppress(InspectorError):
        read_all(path)


def test_a_full_disk_ends_the_recording_and_keeps_what_was_written(tmp_path: Path) -> None:
    """A limit on the size of files, which the system enforces as it does a full disk."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.recording.full_disk", str(tmp_path / "full.isosession")],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert "refused to write" in done.stdout or "disk is full" in done.stdout, done.stdout + done.stderr
    with Session.open(tmp_path / "full.isosession") as session:
        assert len(session.console()) > 0
        assert session.info.ended_us is None or session.info.end_reason


def test_a_recording_ends_at_the_reserve_of_free_disk(tmp_path: Path) -> None:
    from inspector.recording.batch import Batch
    from inspector.recording.meta import ending
    from inspector.recording.store import Store
    from inspector.recording.writer import Writer

    over: list[RecordingError | None] = []
    store = Store.create(tmp_path / "reserve.isosession", {"began_us": "1"})
    writer = Writer(store, Batch(), ending, over.append, free_bytes=lambda: 1 << 20)
    assert writer.join(30)
    (error,) = over
    assert error is not None and "kept in reserve" in str(error)
    with Session.open(store.path) as session:
        assert "reserve" in session.info.end_reason
        assert session.notices == ()


def test_the_last_reader_folds_what_ended_while_it_read(tmp_path: Path) -> None:
    from inspector.recording.batch import Batch
    from inspector.recording.store import Store

    store, batch = Store.create(tmp_path / "read.isosession", {"began_us": "1"}), Batch()
    batch.add([MarkSet(2, "here")])
    store.write(batch, {"written_us": "3", "ended_us": "3"})
    first, second = Session.open(store.path), Session.open(store.path)
    assert [mark.name for mark in first.marks()] == ["here"]
    assert "somebody reads it" in store.finish()
    for reader, folded in ((first, False), (second, True)):
        reader.close()
        assert log_of(store.path).exists() is not folded
    second.close()
    with Session.open(store.path) as session:
        assert ([mark.name for mark in session.marks()], session.notices) == (["here"], ())
