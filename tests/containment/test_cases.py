"""The bundled cases are whole: each has a title, a source, and a name that the CLI takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.containment import all_cases, case_named, file_case
from inspector.containment.cases import SHOWN_CHARACTERS
from inspector.errors import SourceError, UsageError

ASKED_FOR = """
endless-loop endless-push array-fill array-fill-largest map-growth string-doubling json-stringify-graph
json-parse-huge string-spread bigint-squaring array-buffers typed-arrays wasm-memory wasm-grow
regexp-backtracking regexp-objects deep-recursion promise-loop promise-growth async-generator-growth
getter-growth to-string-growth finalization-growth proxy-growth many-contexts many-timers console-flood
large-source catch-loop endless-comparator nested-imports two-at-once
""".split()  # noqa: SIM905


def test_every_promised_case_is_there() -> None:
    assert set(ASKED_FOR) <= {case.name for case in all_cases()}


def test_names_are_unique_and_titles_are_sentences() -> None:
    cases = all_cases()
    assert len({case.name for case in cases}) == len(cases)
    for case in cases:
        assert case.title.endswith("."), case.name
        assert case.text.strip(), case.name


def test_the_large_source_is_large() -> None:
    assert len(case_named("large-source").load().text) > 99_000_000


def test_what_is_shown_of_a_case_is_short() -> None:
    assert all(len(case.text) <= SHOWN_CHARACTERS + 50 for case in all_cases())


def test_an_unknown_case_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="endless-loop"):
        case_named("endles-loop")


def test_a_file_of_the_user_is_a_case(tmp_path: Path) -> None:
    path = tmp_path / "mine.js"
    path.write_text("for (;;);")
    assert file_case(path).name == "mine.js"
    with pytest.raises(SourceError):
        file_case(tmp_path / "missing.js")
