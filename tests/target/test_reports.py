"""A run's report survives the way from host to pool, and garbage becomes "unknown"."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from inspector.errors import LinkError
from inspector.events import RunHeap, RunReport, RunTimings, ScriptError
from inspector.host.reports import write_report
from inspector.states import Outcome
from inspector.target.reports import read_report, report_without_host

WHOLE = RunReport(
    outcome=Outcome.THREW,
    evidence="an exception ended it after 3 ms",
    result={"type": "object", "preview": {"properties": []}},
    has_value=True,
    value={"a": [1, None, "x"]},
    preview="{a: Array(3)}",
    error=ScriptError("TypeError", "no", "a.js", 3, 4, "TypeError: no\n    at a.js:3:4", "no();"),
    timings=RunTimings(1.5, 3.25, 2.0, 0.5),
    heap=RunHeap(10, 20, 30, "gc", 40, 50),
    script_id="17",
)


@pytest.mark.parametrize(
    "report",
    [
        WHOLE,
        replace(WHOLE, timings=RunTimings(None, 3.0, None)),
        report_without_host(Outcome.HOST_LOST, "killed by SIGKILL"),
    ],
)
def test_there_and_back(report: RunReport) -> None:
    assert read_report(write_report(report)) == report


def test_what_is_missing_is_unknown() -> None:
    report = read_report({"outcome": "completed", "timings": 3, "heap": [], "error": "x", "result": 5})
    assert report == report_without_host(Outcome.COMPLETED, "")


@pytest.mark.parametrize("raw", [{}, {"outcome": "fine"}, {"outcome": None}, {"outcome": ["completed"]}])
def test_no_outcome_is_no_report(raw: dict[str, object]) -> None:
    with pytest.raises(LinkError):
        read_report(raw)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
FIELDS = ["evidence", "result", "hasValue", "value", "preview", "error", "timings", "heap", "scriptId"]


@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_no_shape_of_json_breaks_the_reading(raw: dict[str, object]) -> None:
    assert read_report({**raw, "outcome": "completed"}).outcome is Outcome.COMPLETED
