"""A module under a name of its own: its text and what it may import, run in any context."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from inspector.pool.evaluation import Result, evaluate, wanted
from inspector.pool.modules import real_folder
from inspector.pool.outcomes import UNSET, Limits, Time, Unset
from inspector.sources.source import Source
from inspector.states import SourceKind

if TYPE_CHECKING:
    from inspector.pool.context import Context
    from inspector.pool.isolate import Isolate

__all__ = ["Module", "module_source"]


class Module:
    """Made by `Isolate.compile_module`. V8 keeps a module with the context that it runs in, so it is compiled there:
    a syntax error is told by `run`.
    """

    def __init__(self, isolate: Isolate, source: Source) -> None:
        self.isolate = isolate
        self.source = source

    def __repr__(self) -> str:
        return f"<Module {self.source.url!r} of {self.isolate.name!r}>"

    async def run(
        self,
        context: Context | None = None,
        *,
        timeout: Time | Unset = UNSET,  # noqa: ASYNC109 (V8's, not this task's)
        cpu_limit: Time = None,
        result: Result = "value",
    ) -> Any:
        """Link and evaluate it: its exports as a dict, or its namespace as a reference. All as `Context.evaluate`."""
        where = self.isolate.default_context if context is None else context
        return await evaluate(where, self.source, Limits.read(timeout, cpu_limit), wanted(result))


def module_source(source: str | Source, filename: str, imports: Path | None) -> Source:
    """Looks at the disk. UsageError when `imports` is no folder."""
    reason = "compiled as a module"
    if isinstance(source, Source):
        return replace(source, kind=SourceKind.MODULE, kind_reason=reason)
    root = None if imports is None else real_folder(imports)
    url = filename if root is None else (root / filename).as_uri()
    return Source(source, url, None, SourceKind.MODULE, reason, root)
