"""The program: one host process. `python -m inspector.host`, or `main()` in a frozen program.

The order matters: the walls (they close what is open), the imports, the start order from standard input, then the
loop, the engine, the call to the pool.
"""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import os
import sys

from inspector.errors import InspectorError
from inspector.host.death import die, remove_at_end, watch_parent
from inspector.host.start import StartOrder, read_start_order
from inspector.host.walls import raise_walls, step_back, step_back_as_group

__all__ = ["main"]

_SWITCH_INTERVAL_S = 0.0005  # V8's threads hold the GIL for a moment only; the default of 5 ms would starve the loop
_START_S = 1.0  # so long its group keeps its share: with all cores busy the first isolate would come after a second
_BAD_START = 2
_FAULT = 1


def main() -> None:
    """Run one host until its pool lets go of it. Never returns: the process ends here."""
    _unbuffer()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="host: %(message)s")
    faulthandler.enable(all_threads=False)  # others go on: their frames, read while they run, crashed the process anew
    code = _FAULT
    try:
        walls = raise_walls()
        from inspector.engine.native.abi.library import load_ahead  # after the walls: it opens files

        load_ahead()
        import inspector.host.host  # noqa: F401  now, since the order may take a while

        order = read_start_order()
        if order.owns_directory:
            remove_at_end(os.getcwd())  # noqa: PTH109 (a Path would have to be made a string again)
        sys.setswitchinterval(_SWITCH_INTERVAL_S)
        code = asyncio.run(_live(order, walls))
    except InspectorError as error:
        sys.stderr.write(f"{error}\n")
        code = _BAD_START
    except BaseException:
        logging.getLogger(__name__).exception("The host ended by a fault of its own")
    finally:
        die(code)


def _unbuffer() -> None:
    """Start again with `python -u` when the pool did not set PYTHONUNBUFFERED.

    V8 prints its trace lines through C's standard output, which on a pipe holds back 4 kB, two collections; only an
    interpreter's start can change that. Price: 25 ms.
    """
    buffered = not getattr(sys.stdout, "write_through", True)  # what `-u` and PYTHONUNBUFFERED make true
    if buffered and "-u" not in sys.orig_argv and os.name == "posix" and not getattr(sys, "frozen", False):
        os.execv(sys.executable, [sys.executable, "-u", *sys.orig_argv[1:]])


async def _live(order: StartOrder, walls: dict[str, str]) -> int:
    from inspector.host.host import Host

    walls["priority"] = step_back()  # not before: the pool waits for these imports; not later: V8 starts threads
    loop = asyncio.get_running_loop()
    loop.call_later(_START_S, step_back_as_group)
    host = Host(loop, order, walls)
    watch_parent(host.ask_to_end)
    return await host.live()
