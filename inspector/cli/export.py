"""Write a recording, or a part of it, in a format that other programs open.

  cpuprofile   sampled stacks of one isolate: Chrome, VS Code, speedscope
  speedscope   sampled stacks, a profile per isolate: speedscope
  trace        everything on one time axis: Perfetto, Chrome
  heapprofile  sampled allocations of one isolate: Chrome, VS Code, speedscope
  csv          heap samples, units in the header
  png          a picture of the heaps (needs Qt)
  isosession   a copy for sharing: without sources, console and values

A file that is there is not replaced without --force. Nothing is left of a file that can't be written whole.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.cli.arguments import Parser, verb_parser
from inspector.cli.exit_codes import ExitCode
from inspector.errors import UsageError
from inspector.text import for_terminal
from inspector.units import format_bytes

if TYPE_CHECKING:
    from inspector.recording.session import Session

__all__ = ["main"]

_FORMATS = ("cpuprofile", "speedscope", "trace", "heapprofile", "csv", "png", "isosession")


def main(words: list[str]) -> int:
    """Returns the exit code. UsageError, FormatError, RecordingError."""
    options = _parser().parse_args(words)
    from inspector.recording.session import Session

    with Session.open(options.session) as session:
        for notice in session.notices:
            sys.stderr.write(f"{for_terminal(notice)}\n")
        size = _write(session, options.format, options.isolate, options.output, over=options.force)
    if sys.stderr.isatty():
        sys.stderr.write(f"{for_terminal(str(options.output))}: {format_bytes(size)}\n")
    return ExitCode.COMPLETED


def _parser() -> Parser:
    parser = verb_parser("export", __doc__)
    parser.add_argument("session", metavar="SESSION", type=Path, help="a recording (.isosession)")
    parser.add_argument("--format", required=True, choices=_FORMATS, help="what to write")
    parser.add_argument("--isolate", metavar="NAME", help="one isolate, by its name or number (default: all)")
    parser.add_argument("-o", "--output", metavar="OUT", type=Path, required=True, help="the file to write")
    parser.add_argument("--force", action="store_true", help="replace a file that is there")
    return parser


def _write(session: Session, format_name: str, isolate: str | None, output: Path, *, over: bool) -> int:
    from inspector.export.formats import exported
    from inspector.export.whole_file import write_whole

    if format_name == "isosession":
        from inspector.export.sharing import save_for_sharing

        return save_for_sharing(session, output, over=over)
    if format_name == "png":
        return write_whole(output, [_picture(session, isolate)], over=over)
    return write_whole(output, exported(session, format_name, isolate), over=over)


def _picture(session: Session, isolate: str | None) -> bytes:
    from inspector.export.formats import chosen_tracks

    if find_spec("PySide6") is None:
        raise UsageError("Export as png", "PySide6-Essentials is not installed", "The other formats need no Qt.")
    tracks = chosen_tracks(session, isolate, profiles=False)
    module = import_module("ui.views.heap_picture")  # by name: see `inspector.cli.window`
    png: bytes = module.png_of(tracks, session.path.name, *session.span)
    return png
