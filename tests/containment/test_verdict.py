"""What the figures of a trial mean."""

from __future__ import annotations

from msgspec.structs import replace

from inspector.containment import Trial, case_named, judge
from inspector.states import Outcome

MIB = 1 << 20

STOPPED = Trial(
    case=case_named("endless-push"),
    engine="native",
    outcome=Outcome.HEAP_LIMIT,
    evidence="",
    error="",
    settled=True,
    after_ms=600.0,
    late_ms=600.0,
    isolates=1,
    limit_bytes=64 * MIB,
    peak_bytes=80 * MIB,
    resident_growth_bytes=200 * MIB,
    neighbour_worst_gap_ms=20.0,
    neighbour_ticks=50,
    neighbour_gaps=(),
    heap=(),
    began_us=0,
    stopped_us=600_000,
    usable_after=True,
    disposed_ms=3.0,
    host_lost="",
)


def test_in_time_and_in_bounds_is_stopped() -> None:
    verdict = judge(STOPPED)
    assert verdict.words == ("STOPPED",)
    assert verdict.contained


def test_over_two_seconds_is_late_with_the_figure() -> None:
    starved = judge(replace(STOPPED, late_ms=44_000.0, cpu_ms=400.0))
    assert starved.figures == "44 s late, of which it had a processor for 400 ms"
    verdict = judge(replace(STOPPED, late_ms=2001.0))
    assert verdict.words == ("LATE",)
    assert "2 s late" in verdict.figures


def test_what_nothing_ended_says_how_much_of_a_processor_it_had() -> None:
    lost = replace(STOPPED, settled=False, evidence="nothing ended it within 310 s", cpu_ms=900.0, disposed_ms=None)
    verdict = judge(lost)
    assert verdict.words == ("NOT STOPPED",) and not verdict.contained
    assert verdict.figures.startswith(
        "nothing ended it within 310 s, of which it had a processor for 900 ms: only the end"
    )


def test_over_four_times_the_limit_is_over_with_the_figure() -> None:
    verdict = judge(replace(STOPPED, resident_growth_bytes=257 * MIB))
    assert verdict.words == ("OVER",)
    assert "257 MiB" in verdict.figures


def test_late_and_over_are_both_said() -> None:
    assert judge(replace(STOPPED, late_ms=9000.0, resident_growth_bytes=999 * MIB)).words == ("LATE", "OVER")


def test_a_script_that_ends_by_itself_is_not_called_stopped() -> None:
    assert judge(replace(STOPPED, outcome=Outcome.THREW, error="RangeError: no")).words == ("ENDED",)


def test_two_that_run_away_may_grow_twice_as_much() -> None:
    grown = replace(STOPPED, resident_growth_bytes=400 * MIB)
    assert judge(grown).words == ("OVER",)
    assert judge(replace(grown, isolates=2)).words == ("STOPPED",)


def test_contexts_that_found_no_limit_did_not_end_by_themselves() -> None:
    evidence = "40 contexts in 10 s, and no limit was reached"
    many = replace(STOPPED, case=case_named("many-contexts"), outcome=Outcome.COMPLETED, evidence=evidence)
    verdict = judge(many)
    assert verdict.mechanism == "the time for it was up"
    assert "40 contexts" in verdict.figures


def test_an_isolate_that_answers_no_more_is_contained_when_its_dispose_ends_it() -> None:
    verdict = judge(replace(STOPPED, usable_after=False))
    assert verdict.words == ("NOT USABLE",)
    assert "its dispose ended it in 3 ms" in verdict.figures
    assert verdict.contained


def test_what_nothing_stopped_says_whether_the_dispose_did() -> None:
    never = replace(STOPPED, settled=False, outcome=Outcome.CANCELLED, evidence="nothing ended it within 70 s")
    assert judge(never).words == ("NOT STOPPED",)
    assert judge(never).mechanism == "nothing"
    assert judge(never).contained
    worse = judge(replace(never, disposed_ms=None))
    assert not worse.contained
    assert "only the end of its host process ends it" in worse.figures


def test_a_lost_host_is_never_contained() -> None:
    lost = judge(replace(STOPPED, host_lost="killed by SIGKILL", usable_after=False))
    assert lost.words == ("HOST LOST",)
    assert not lost.contained
