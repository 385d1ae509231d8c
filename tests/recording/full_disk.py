"""A child whose files may not grow past a limit writes a recording until that is refused, and says how it ended."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from inspector.errors import RecordingError
from inspector.events import ConsoleWritten
from inspector.recording.batch import Batch
from inspector.recording.meta import ending
from inspector.recording.store import Store
from inspector.recording.writer import Writer
from inspector.target.clock import now_us

_LIMIT = 3 << 20


def main(path: str) -> None:
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LIMIT, _LIMIT))
    over = threading.Event()
    errors: list[RecordingError | None] = []

    def ended(error: RecordingError | None) -> None:
        errors.append(error)
        over.set()

    writer = Writer(Store.create(Path(path), {"began_us": str(now_us())}), Batch(), ending, ended)
    args = ({"type": "string", "value": "x" * 1000},)
    while not over.wait(0.1):
        for _ in range(200):
            writer.put(ConsoleWritten(now_us(), 1, 1, "log", args))
    writer.join()
    print(errors[0])


if __name__ == "__main__":
    main(sys.argv[1])
