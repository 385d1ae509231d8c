"""A script that was compiled once: run it many times, in any context of its isolate; keep its code for another."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson

from inspector.errors import CompileError, GoneError, LinkError, UsageError
from inspector.events import RunReport
from inspector.pool.code_cache import Maker, pack, unpack
from inspector.pool.evaluation import Result, run_script, wanted
from inspector.pool.large_text import encoded_if_large
from inspector.pool.outcomes import UNSET, Limits, Time, Unset
from inspector.pool.script_figures import ScriptFigures
from inspector.sources.source import Source
from inspector.states import Capability, SourceKind
from inspector.target.reports import script_error

if TYPE_CHECKING:
    from inspector.pool.context import Context
    from inspector.pool.isolate import Isolate

__all__ = ["Script", "compile_script"]


class Script:
    """Made by `Isolate.compile_script` alone. It belongs to no context; V8 keeps its code until `release`."""

    def __init__(self, isolate: Isolate, source: Source, made: Mapping[str, Any], cache_refusal: str) -> None:
        self.isolate = isolate
        self.source = source
        self.handle = int(made["script"])
        self.script_id = str(made["scriptId"])  # V8's, as in `ScriptParsed`
        self.compile_ms = float(made["compileMs"])
        self.cache_refusal = cache_refusal  # why the code cache that was given is not used; "": it is, or none was
        self._released = False

    def __repr__(self) -> str:
        return f"<Script {self.script_id} {self.source.url!r} of {self.isolate.name!r}>"

    @property
    def url(self) -> str:
        return self.source.url

    @property
    def length(self) -> int:
        """UTF-16 code units, as V8 counts. Price: encodes the text."""
        return len(self.source.text.encode("utf-16-le", "surrogatepass")) // 2

    @property
    def figures(self) -> ScriptFigures:
        """Runs so far, and their time in all."""
        return self.isolate.script_figures(self.script_id)

    async def run(
        self,
        context: Context | None = None,
        *,
        timeout: Time | Unset = UNSET,  # noqa: ASYNC109 (V8's, not this task's)
        cpu_limit: Time = None,
        result: Result = "value",
    ) -> Any:
        """Run it in a context (None: the default one) and bring its result. All as `Context.evaluate`."""
        where = self.isolate.default_context if context is None else context
        return await run_script(self, where, Limits.read(timeout, cpu_limit), wanted(result))

    async def run_report(
        self, *, context_id: int | None = None, timeout_s: float | None = None, cpu_limit_s: float | None = None
    ) -> RunReport:
        """As `Isolate.run`, without compiling. GoneError when it was released, or isolate or context ended."""
        self._usable("Run")
        return await self.isolate.run_script(self, context_id, timeout_s, cpu_limit_s)

    async def code_cache(self) -> bytes:
        """V8's code of what has been compiled by now: functions that ran are in it. For `compile_script` elsewhere."""
        self._usable("Make the code cache of")
        self.isolate.require(Capability.CODE_CACHE, "Make a code cache")
        answer = await self.isolate.send("Isolate.codeCache", {"script": self.handle})
        return pack(base64.b64decode(answer["data"]), _maker(self.isolate), self.source.text)

    async def release(self) -> None:
        """Give it back: V8 may forget its code. Runs that wait in line end in an error. Idempotent."""
        if self._released or self.isolate.is_ending:
            return
        self._released = True
        await self.isolate.send("Isolate.releaseScript", {"script": self.handle})

    def _usable(self, action: str) -> None:
        if self._released:
            raise GoneError(f"{action} {self.url}", "the script was released", "Compile it again.")


async def compile_script(isolate: Isolate, source: Source, code_cache: bytes | None) -> Script:
    """See `Isolate.compile_script`."""
    action = f"Compile {source.url}"
    isolate.require(Capability.COMPILE, action)
    if source.kind is SourceKind.MODULE:
        raise UsageError(action, "it is a module, and modules are compiled by their run", "Run it.")
    params: dict[str, Any] = {"source": await encoded_if_large(source.text) or source.text, "url": source.url}
    refusal = ""
    if code_cache is not None:
        data, refusal = unpack(code_cache, _maker(isolate), source.text)
        if data:
            params["codeCache"] = orjson.Fragment(b'"' + base64.b64encode(data) + b'"')
    isolate.expect_script(source)
    made = await isolate.send("Isolate.compileScript", params)
    try:
        if made["error"] is not None:
            raise CompileError(action, script_error(made["error"]))
        if made["cacheRejected"]:
            refusal = "V8 refused it"
        script = Script(isolate, source, made, refusal)
    except (KeyError, TypeError, ValueError) as error:
        raise LinkError(action, f"the host's answer was garbled ({type(error).__name__}: {error})") from None
    cached = "codeCache" in params and not refusal
    isolate.script_compiled(script.script_id, script.compile_ms, cached=cached, cache_refusal=refusal)
    return script


def _maker(isolate: Isolate) -> Maker:
    started = isolate.host.started
    assert started is not None, "an isolate lives in a host that said hello"
    return Maker(started.v8_version, started.v8_flags)
