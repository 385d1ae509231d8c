"""Long work in the status bar, and problems that repeat."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QProgressBar
from pytestqt.qtbot import QtBot

from ui.models.jobs import Jobs, WithdrawnError
from ui.models.problems import Problem, ProblemsModel
from ui.views.jobs import JobsStrip
from ui.views.progress import set_calm, show_progress


def test_work_is_shown_with_its_stage_and_cancelled(qtbot: QtBot) -> None:
    jobs = Jobs()
    strip = JobsStrip(jobs)
    qtbot.addWidget(strip)
    with jobs.begin("Short"):
        pass
    assert strip.isHidden()
    cancelled: list[str] = []
    with jobs.begin("Open a.isosession", lambda: cancelled.append("a")) as job, jobs.begin("Export"):
        job.tell("reading", 3, 10)
        qtbot.waitUntil(lambda: not strip.isHidden())
        assert strip.words.text() == "Open a.isosession: reading (+1)"
        assert (strip.bar.value(), strip.bar.maximum()) == (3, 10)
        strip.cancel.click()
        strip.cancel.click()
        assert cancelled == ["a"] and job.withdrawn and not strip.cancel.isEnabled()
    assert strip.isHidden() and jobs.running == []


def test_a_file_that_is_not_wanted_any_more_is_not_finished(qapp: object) -> None:
    jobs = Jobs()
    with jobs.begin("Export", lambda: None) as job:
        parts = job.while_wanted([b"ab", b"cd"])
        assert next(parts) == b"ab"
        job.cancel()
        with pytest.raises(WithdrawnError):
            next(parts)
    assert job.stage == "2 B"


def test_the_same_problem_again_only_counts(qapp: object) -> None:
    model = ProblemsModel()
    for cause in ("one", "two", "one", "two", "one"):
        model.report(Problem("error", "Read", cause))
    assert model.rowCount() == 2
    assert [model.problem(row).count for row in range(2)] == [3, 2]
    for number in range(30):
        model.report(Problem("error", "Read", f"another {number}"))
    model.report(Problem("error", "Read", "one"))
    assert model.rowCount() == 33  # that one was long ago: it stands where it is looked for


def test_a_bar_without_an_end_stands_still_where_motion_is_reduced(qtbot: QtBot) -> None:
    bar = QProgressBar()
    qtbot.addWidget(bar)
    show_progress(bar, 0, 0)
    assert (bar.minimum(), bar.maximum()) == (0, 0)  # Qt moves it on and on
    set_calm(True)
    try:
        show_progress(bar, 0, 0)
        assert (bar.value(), bar.maximum()) == (1, 2)
        show_progress(bar, 30, 40)
        assert (bar.value(), bar.maximum()) == (30, 40)
    finally:
        set_calm(False)
