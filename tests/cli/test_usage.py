"""Bad usage: exit code 2, one clear line on standard error, nothing on standard output."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.cli.dispatch import VERBS
from inspector.cli.main import main
from inspector.cli.window import open_window
from inspector.errors import UsageError

Write = Callable[[str, str], Path]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run"], "FILE"),
        (["run", "--memory-limit", "64", "a.js"], "Did you mean 64 MiB?"),
        (["run", "--memory-limit", "lots", "a.js"], '"lots" is not a size'),
        (["run", "--memory-limit", "0MiB", "a.js"], "not above zero"),
        (["run", "--memory-limit=-5MiB", "a.js"], "not above zero"),
        (["run", "--memory-limit", "-5MiB", "a.js"], "not above zero"),
        (["run", "--memory-limit", "0", "a.js"], "not above zero"),
        (["run", "--memory-limit", "-1", "a.js"], "not above zero"),
        (["run", "--timeout", "-1s", "a.js"], "not above zero"),
        (["run", "--timeout", "0.1ms", "a.js"], "less than a millisecond"),
        (["run", "--timeout", "5", "a.js"], "Did you mean 5s?"),
        (["run", "--timeout", "0s", "a.js"], "not above zero"),
        (["run", "--cpu-limit", "soon", "a.js"], "Read --cpu-limit"),
        (["run", "--engine", "turbo", "a.js"], "turbo"),
        (["run", "--tiemout", "5s", "a.js"], "Did you mean --timeout?"),
        (["run", "--\x1b[31m", "a.js"], "unrecognized"),
        (["doctor", "extra"], "extra"),
        (["rnu", "a.js"], "Did you mean run?"),
    ],
)
def test_bad_usage(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code = main(words)
    except SystemExit as ended:
        code = int(ended.code or 0)
    shown = capsys.readouterr()
    assert code == 2
    assert told in shown.err
    assert shown.err.count("\n") == 1
    assert "\x1b" not in shown.err
    assert shown.out == ""


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["doctor", "--help"]])
def test_help_is_the_docstring(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert shown.startswith("usage: isolate-inspector")
    for verb in VERBS if words == ["--help"] else ():
        assert f"isolate-inspector {verb}" in shown


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("isolate-inspector ")


def test_a_window_without_qt_says_how_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.cli.window.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"PySide6-Essentials, pyqtgraph, qasync are not installed.*pip install"):
        open_window([], "auto", None)


@pytest.mark.parametrize("verb", ["run", "doctor"])
def test_no_verb_imports_qt(verb: str, cli: Callable[..., object], environment: dict[str, str], tmp_path: Path) -> None:
    import subprocess

    (tmp_path / "a.js").write_text("1")
    words = [verb, *(["a.js"] if verb == "run" else [])]
    program = (
        "import sys\n"
        "from inspector.cli.main import main\n"
        f"code = main({words!r})\n"
        "heavy = ('PySide6', 'shiboken6', 'pyqtgraph', 'qasync', 'numpy', 'rich', 'ui')\n"
        "print(code, [name for name in sys.modules if name.split('.')[0] in heavy], file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stderr.splitlines()[-1] == "0 []"
