"""What the reporters write for outcomes that are hard to bring about in a test run."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from inspector.cli.console_tape import ConsoleLine, ConsoleTape
from inspector.cli.exit_codes import code_of_error, code_of_outcome
from inspector.cli.run_json import CHARACTERS_KEPT, LINES_KEPT, JsonReporter
from inspector.cli.run_result import FileResult
from inspector.cli.run_text import TextReporter, error_text
from inspector.errors import (
    EngineError,
    HostLostError,
    InspectorError,
    LimitError,
    SourceError,
    UnsupportedError,
    UsageError,
)
from inspector.events import ConsoleDropped, ConsoleWritten, ExceptionThrown, RunReport, RunTimings, ScriptError
from inspector.states import Outcome

THROWN = ScriptError("TypeError", "boom", "file:///nowhere/a.js", 3, 7, "TypeError: boom\n    at f (a.js:3:7)")
REPORT = RunReport(Outcome.THREW, "It threw.", None, False, None, "", THROWN, RunTimings(1.0, 2.0, None), None)
RESULT = FileResult(Path("a.js"), None, REPORT)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def texts(result: FileResult) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    TextReporter(out, err).settled(result)
    return out.getvalue(), err.getvalue()


def test_every_outcome_has_its_code() -> None:
    codes = {outcome.value: int(code_of_outcome(outcome)) for outcome in Outcome}
    assert codes == {
        "completed": 0,
        "threw": 1,
        "timed-out": 3,
        "cpu-limit": 3,
        "heap-limit": 3,
        "external-limit": 3,
        "cancelled": 130,
        "host-lost": 4,
    }


@pytest.mark.parametrize(
    ("kind", "code"),
    [(UsageError, 2), (SourceError, 2), (LimitError, 2), (UnsupportedError, 2), (HostLostError, 4), (EngineError, 4)],
)
def test_errors_before_a_run_have_their_code(kind: type[InspectorError], code: int) -> None:
    assert code_of_error(kind("Do", "it failed")) == code


def test_an_error_names_its_place_and_frames() -> None:
    out, err = texts(RESULT)
    assert out == ""
    assert err == "/nowhere/a.js:3:7: TypeError: boom\n    at f (a.js:3:7)\na.js: threw: It threw.\n"


def test_an_error_without_a_file_is_in_the_file_that_ran() -> None:
    _, err = texts(replace(RESULT, report=replace(REPORT, error=replace(THROWN, file=""))))
    assert err.startswith("a.js:3:7: TypeError")


def test_a_thrown_value_without_a_name() -> None:
    assert error_text(ScriptError("", "42", "", 0, 0, "")) == "42"


def test_a_long_line_is_shown_around_the_column() -> None:
    line = "a" * 5000 + "!" + "b" * 5000
    shown = error_text(ScriptError("SyntaxError", "x", "m.js", 1, 5001, "", line)).splitlines()
    assert len(shown[1]) < 140
    assert shown[1][shown[2].index("^")] == "!"


def test_text_from_a_script_is_plain_on_a_terminal() -> None:
    hostile = replace(THROWN, message="\x1b[31m\u202e", stack="    at \x1b[2J", source_line="\x1b[1m")
    out, err = Terminal(), Terminal()
    reporter = TextReporter(out, err)
    reporter.console(ConsoleLine("log", "\x1b[31mred\x07"))
    reporter.console(ConsoleLine("error", "\x1b[31mred\x07"))
    reporter.settled(replace(RESULT, report=replace(REPORT, error=hostile), others=(hostile,)))
    assert "\x1b" not in out.getvalue() + err.getvalue()
    assert "\u202e" not in err.getvalue()
    assert out.getvalue() == "\\x1b[31mred\\x07\n"


def test_other_uncaught_errors_are_told_too() -> None:
    _, err = texts(replace(RESULT, others=(replace(THROWN, message="second"),)))
    assert err.startswith("Uncaught /nowhere/a.js:3:7: TypeError: second\n")


def test_json_keeps_a_bounded_console() -> None:
    out, err = io.StringIO(), io.StringIO()
    reporter = JsonReporter(out, err)
    for number in range(LINES_KEPT + 5):
        reporter.console(ConsoleLine("log", str(number)))
    reporter.console_lost(7)
    reporter.settled(RESULT)
    reporter.console(ConsoleLine("log", "x" * (CHARACTERS_KEPT + 1)))
    reporter.settled(RESULT)
    first, second = (json.loads(line) for line in out.getvalue().splitlines())
    assert (len(first["console"]), first["console_dropped"]) == (LINES_KEPT, 12)
    assert (second["console"], second["console_dropped"]) == ([], 1)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {"a": {1, 2}}])
def test_json_has_null_for_what_it_has_no_word_for(value: object) -> None:
    out = io.StringIO()
    JsonReporter(out, io.StringIO()).settled(replace(RESULT, report=replace(REPORT, has_value=True, value=value)))
    assert json.loads(out.getvalue())["value"] is None


def test_json_tells_a_file_that_could_not_be_read() -> None:
    out, err = io.StringIO(), io.StringIO()
    refusal = SourceError("Read a.js", "it is a folder", "Name the file.")
    JsonReporter(out, err).settled(FileResult(Path("a.js"), None, None, refusal=refusal))
    told = json.loads(out.getvalue())
    assert told["outcome"] is None
    assert told["error"]["message"] == "it is a folder. Name the file."
    assert err.getvalue() == "Read a.js: it is a folder. Name the file.\n"


def test_the_tape_keeps_what_the_run_does_not_tell_itself() -> None:
    lines: list[ConsoleLine] = []
    lost: list[int] = []
    tape = ConsoleTape(lines.append, lost.append)
    tape.hear(
        ConsoleWritten(0, 1, 1, "warning", ({"type": "string", "value": "%s\x1b"}, {"type": "number", "value": 1}))
    )
    tape.hear(ConsoleDropped(0, 1, 5))
    tape.hear(ExceptionThrown(0, 1, 1, THROWN))
    tape.hear(ExceptionThrown(0, 1, 1, replace(THROWN, message="another")))
    assert lines == [ConsoleLine("warning", "1\x1b")]
    assert lost == [5]
    assert [error.message for error in tape.others(THROWN)] == ["another"]
    assert tape.others(None) == []
