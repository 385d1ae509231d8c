"""The empty working directory of each host process: made here, removed by whoever outlives the other.

Its name holds the pool's process id. A host removes its own when it ends; the pool removes it after a host that was
killed; what both left behind, because both were killed, the next pool sweeps up.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import time
from pathlib import Path

__all__ = ["make_folder", "remove_folder", "sweep_folders"]

_PREFIX = "isolate-inspector-"
_YOUNG_S = 600.0  # not touched: its pool may live where its process id can't be seen (another container)

log = logging.getLogger(__name__)


def make_folder() -> Path:
    """A new empty folder. OSError when the system can't."""
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))


def remove_folder(folder: Path) -> None:
    """It may be gone already."""
    shutil.rmtree(folder, ignore_errors=True)


def sweep_folders(base: Path | None = None) -> int:
    """Remove the folders of pools that are gone; how many. Blocks: some milliseconds for a full temporary folder."""
    removed = 0
    for folder in (base or Path(tempfile.gettempdir())).glob(f"{_PREFIX}[0-9]*-*"):
        pid = folder.name.removeprefix(_PREFIX).split("-", 1)[0]
        try:
            status = folder.stat(follow_symlinks=False)
            own = not hasattr(os, "getuid") or status.st_uid == os.getuid()
            if own and folder.is_dir() and time.time() - status.st_mtime > _YOUNG_S and not _alive(int(pid)):
                remove_folder(folder)
                removed += 1
        except (OSError, ValueError) as error:
            log.debug("Sweep %s: %s", folder, error)
    return removed


def _alive(pid: int) -> bool:
    """Whether there is such a process; on Windows, where looking would end it, all are taken for alive."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
