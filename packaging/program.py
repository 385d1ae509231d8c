"""The one executable of a build: child programs first, then the command line, which opens the window."""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping

from inspector.engine.child import serve_child

__all__ = ["restore_environment"]


def restore_environment(environ: MutableMapping[str, str]) -> None:
    """Undo what PyInstaller's bootloader set for this start: another program that we start must not load our libraries.

    A child of ours sets it again; the loader of this process has read it already.
    """
    original = environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if original is not None:
        environ["LD_LIBRARY_PATH"] = original
    elif sys.platform == "linux":
        environ.pop("LD_LIBRARY_PATH", None)
    for name in [name for name in environ if name.startswith("_PYI_")]:
        del environ[name]


if __name__ == "__main__":
    restore_environment(os.environ)
    serve_child(sys.argv[1:])
    from inspector.cli.main import main

    sys.exit(main())
