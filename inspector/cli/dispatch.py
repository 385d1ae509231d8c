"""Live V8 isolates: watch them, run JavaScript files on them, see their heaps.

  isolate-inspector [FILE...]        open the window; each FILE gets an isolate
  isolate-inspector run FILE...      run files on one isolate, without a window
  isolate-inspector doctor           what works on this machine, and what does not
  isolate-inspector contain [FILE]   prove what the limits contain, with scripts that run away
  isolate-inspector coldstart FILE   measure a script from nothing: context, isolate, process, Node
  isolate-inspector repeat FILE      call a function again and again: latencies, growth of the heap
  isolate-inspector talk FILE FILE...  run files in an isolate each, with channels between them
  isolate-inspector record FILE -o OUT   run files and record what happens
  isolate-inspector report SESSION   tell what a recording shows
  isolate-inspector diff A B         compare two recordings
  isolate-inspector export SESSION   write a recording in formats that other programs open
  isolate-inspector serve [FILE...]  let Chrome DevTools, VS Code and other debuggers attach
  isolate-inspector --self-test      prove that this installation works

isolate-inspector VERB --help tells the options of each.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TextIO

from inspector.cli.arguments import PROGRAM, Parser, add_engine, add_log_level
from inspector.cli.exit_codes import ExitCode, code_of_error
from inspector.errors import InspectorError
from inspector.text import for_terminal, visible

__all__ = ["VERBS", "dispatch"]

VERBS = (
    "run",
    "doctor",
    "contain",
    "coldstart",
    "repeat",
    "talk",
    "serve",
    "record",
    "report",
    "diff",
    "export",
)  # modules of this package; each has main(words)
_SELF_TEST = "--self-test"
_CHILD = "--child"  # engine.choice.CHILD_OPTION: a frozen program starts itself as its own host process


def dispatch(words: list[str]) -> int:
    """The exit code of a command line. Raises SystemExit (the argument parser) and KeyboardInterrupt alone."""
    if words[:1] == [_CHILD]:
        from inspector.engine.choice import serve_child

        serve_child(words)
        return ExitCode.USAGE
    _never_fail_to_write()
    try:
        code = _verb(words)(words)
    except InspectorError as error:
        sys.stderr.write(f"{PROGRAM}: {for_terminal(str(error))}\n")
        return code_of_error(error)
    except BrokenPipeError:
        return _leave_quietly()
    return code if code != ExitCode.BROKEN_PIPE and _flushed() else _leave_quietly()


def _flushed() -> bool:
    """Whether standard output took all that was written: at its end the interpreter could only complain (code 120)."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return False
    except OSError as error:
        sys.stderr.write(f"{PROGRAM}: Write to standard output: {error.strerror}.\n")
        return False
    return True


def _leave_quietly() -> int:
    """Standard output takes nothing any more: let the interpreter flush the rest to where it goes without complaint."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.BROKEN_PIPE


def _verb(words: list[str]) -> Callable[[list[str]], int]:
    """The function for `words`, from which the verb is taken off."""
    if words and words[0] in (*VERBS, _SELF_TEST):
        module = words.pop(0).lstrip("-").replace("-", "_")
        verb: Callable[[list[str]], int] = import_module(f"inspector.cli.{module}").main
        return verb
    return _window


def _window(words: list[str]) -> int:
    parser = Parser(
        prog=PROGRAM,
        description=for_terminal(__doc__ or ""),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "files", nargs="*", metavar="FILE", type=Path, help="JavaScript to run, each on an isolate of its own"
    )
    parser.add_argument(
        "--reset-settings",
        action="store_true",
        help="open the window with the defaults; what was set is kept aside",
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    add_engine(parser)
    add_log_level(parser)
    options = parser.parse_args(words)
    if options.version:
        from inspector.diagnostics.versions import versions

        sys.stdout.write(f"{PROGRAM} {versions()[PROGRAM] or '(not installed)'}\n")
        return ExitCode.COMPLETED
    _refuse_unknown_verb(parser, words)
    from inspector.cli.window import open_window

    return open_window(options.files, options.engine, options.log_level, reset_settings=options.reset_settings)


def _refuse_unknown_verb(parser: Parser, words: list[str]) -> None:
    """A first word that is no file but close to a verb is a slip, not a file."""
    if not words or words[0].startswith("-") or Path(words[0]).exists():
        return
    from difflib import get_close_matches

    close = get_close_matches(words[0], VERBS, 1, 0.6)
    if close:
        parser.error(f"there is no verb and no file {visible(words[0])}. Did you mean {close[0]}?")


def _never_fail_to_write() -> None:
    """A character that the terminal's encoding lacks is escaped, no error; a closed stream swallows what it gets."""
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _nowhere() -> TextIO:
    """For as long as the process lives."""
    return os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
