"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from inspector.errors import RecordingError

__all__ = ["write_whole"]


def write_whole(path: Path, parts: Iterable[bytes], *, over: bool = False) -> int:
    """Write `parts` under a name of its own, then put it in place; the bytes written. `over`: also where there is one.

    RecordingError when there is one already, or it can't be written: then nothing is left.
    """
    action = f"Write {path.name}"
    if not over and path.exists():
        raise RecordingError(action, f"{path} exists already", "Choose another name, or say that it may be replaced.")
    try:
        number, half = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise RecordingError(action, f"{path.parent} can't be written to ({error.strerror})") from None
    try:
        with os.fdopen(number, "wb") as file:
            for part in parts:
                file.write(part)
            size = file.tell()
        Path(half).chmod(0o666 & ~_umask())
        _put(Path(half), path, over=over)
    except OSError as error:
        cause = error.strerror or str(error)
        raise RecordingError(action, cause, "Nothing was written.") from None
    finally:
        Path(half).unlink(missing_ok=True)
    return size


def _put(half: Path, path: Path, *, over: bool) -> None:
    """Another program may have made the file meanwhile: a link refuses then, where the system has links."""
    if over:
        half.replace(path)
        return
    try:
        path.hardlink_to(half)
    except FileExistsError:
        raise OSError(0, f"{path} exists already") from None
    except OSError:  # a file system without links
        half.replace(path)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
