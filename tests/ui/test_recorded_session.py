"""A recording that is read while it is written, and ends in the middle of a look."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inspector.events import MarkSet
from inspector.recording.batch import Batch
from inspector.recording.opening import log_of
from inspector.recording.store import Store
from ui.models import recorded_session
from ui.models.recorded_session import RecordedSession


def test_what_ends_while_it_is_read_is_read_once_more_and_becomes_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GIVEN a writer that has said its end, and lets go after a look has begun THEN that look tells of a live recording
    and the next one folds it.
    """
    store, batch = Store.create(tmp_path / "live.isosession", {"began_us": "1"}), Batch()
    batch.add([MarkSet(2, "here")])
    store.write(batch)
    recorded = RecordedSession(store.path)
    store.write(Batch(), {"written_us": "3", "ended_us": "3"})
    read = recorded_session.tracks_of

    def end_meanwhile(session: Any) -> Any:
        monkeypatch.setattr(recorded_session, "tracks_of", read)
        assert "somebody reads it" in store.finish()
        return read(session)

    monkeypatch.setattr(recorded_session, "tracks_of", end_meanwhile)
    assert recorded.read().live
    assert log_of(store.path).exists()
    data = recorded.read_on()
    assert data is not None and not data.live
    assert not log_of(store.path).exists()
    recorded.close()
