"""Answers what modules ask for: files are read by the pool, in a worker thread, and handed over as text."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from inspector.errors import InspectorError, UsageError
from inspector.pool.doors import ContextDoors
from inspector.records import ModuleRequest, ModuleSource
from inspector.sources.modules import ModuleResolver
from inspector.text import visible

__all__ = ["ModuleServer", "real_folder"]

_ROOTS_KEPT = 10_000

log = logging.getLogger(__name__)


class ModuleServer:
    """The module sources of one isolate. `know_path(url, path)` hears which file a module came from; `allowed` are the
    pool's folders, and may grow.
    """

    def __init__(
        self,
        provide: Callable[[Mapping[str, Any]], None],
        know_path: Callable[[str, str], None],
        allowed: Sequence[Path],
    ) -> None:
        self._allowed = allowed
        self._provide = provide
        self._know_path = know_path
        self._resolvers: dict[Path, ModuleResolver] = {}
        # run_id -> the folder its imports may not leave, and its context's doors; kept for late import()
        self._roots: dict[int, tuple[Path, ContextDoors]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def allow(self, run_id: int, root: Path | None, doors: ContextDoors) -> None:
        """A run in the context of `doors` may import from `root`; None: from nowhere."""
        if root is not None:
            if len(self._roots) >= _ROOTS_KEPT:
                del self._roots[next(iter(self._roots))]
            self._roots[run_id] = (root, doors)

    def serve(self, params: Mapping[str, Any]) -> None:
        """`Isolate.moduleRequested`: answer it soon. KeyError, TypeError or ValueError when it is garbled."""
        request = ModuleRequest(
            request_id=int(params["requestId"]),
            run_id=int(params["runId"]),
            specifier=str(params["specifier"]),
            referrer=str(params.get("referrer") or ""),
            line=int(params.get("line") or 0),
            attributes=_attributes(params.get("attributes")),
        )
        task = asyncio.create_task(self._answer(request))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """No answer is wanted any more."""
        for task in self._tasks:
            task.cancel()

    async def _answer(self, asked: ModuleRequest) -> None:
        root, doors = self._roots.get(asked.run_id, (None, None))
        if root is None or doors is None:
            action = f'Import "{visible(asked.specifier)}" from {visible(asked.referrer) or "typed text"}'
            error = InspectorError(action, "only code from a file can import", "Put it into a file and run that.")
            module = ModuleSource(asked.specifier, "", error=str(error))
        elif not doors.is_open("imports"):
            module = ModuleSource(asked.specifier, "", error=str(_shut(asked)))
        else:
            resolver = self._resolvers.setdefault(root, ModuleResolver(root, self._allowed))
            resolve = partial(resolver.resolve, line=asked.line)
            module = await asyncio.to_thread(resolve, asked.specifier, asked.referrer, asked.attributes)
        if doors is not None:
            _count(doors, module)
        if module.url.startswith("file:") and not module.error:
            self._know_path(module.url, _path_of(module.url))
        try:
            self._provide(
                {
                    "requestId": asked.request_id,
                    "url": module.url,
                    "source": module.source,
                    "isJson": module.is_json,
                    "error": module.error,
                }
            )
        except InspectorError as error:  # the isolate went away meanwhile, and with it who asked
            log.debug("A module was not delivered: %s", error)


def _shut(asked: ModuleRequest) -> InspectorError:
    action = f'Import "{visible(asked.specifier)}"'
    return InspectorError(action, "the door for imports of its context was closed", "Open it again.")


def _count(doors: ContextDoors, module: ModuleSource) -> None:
    if module.error:
        doors.imports.refuse(module.error.partition(": ")[2] or module.error)
    else:
        doors.imports.used(bytes_in=len(module.source))


def real_folder(folder: Path) -> Path:
    """`folder` with links resolved. Blocks on the disk. UsageError when it is none."""
    try:
        real = folder.expanduser().resolve(strict=True)
        if real.is_dir():
            return real
        cause = "it is not a folder"
    except (OSError, ValueError, RuntimeError) as error:
        cause = str(getattr(error, "strerror", None) or error).lower()
    raise UsageError(f"Allow imports from {visible(str(folder))}", cause, "Name a folder.")


def _attributes(raw: Any) -> tuple[tuple[str, str], ...]:
    pairs = raw.items() if isinstance(raw, Mapping) else raw or ()
    return tuple((str(key), str(value)) for key, value in pairs)


def _path_of(url: str) -> str:
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    return url2pathname(urlsplit(url).path)
