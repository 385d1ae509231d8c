"""Our JavaScript in an isolate: installed before any code of the user's, reached by a name that nobody can guess.

The name is a lexical constant of the global scope: unlike a property of the global object no reflection lists it. Every
call is an evaluation of its own, so it gets in V8's line like any other, and answers JSON text.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from py_mini_racer import JSUndefined

from inspector.engine.portable.racer import Racer
from inspector.engine.preludes import portable_web
from resources import text

__all__ = ["Agent", "literal"]

# In order: each uses what those before it made.
_PARTS = (
    "intrinsics", "ring", "json", "proxies", "stacks", "kinds", "table", "describe", "properties",
    "last", "runs", "timers", "clone", "calls", "web", "console", "agent",
    "wire-format", "wire-out", "wire-in", "values",
)  # fmt: skip
_LABEL = "inspector:portable/agent.js"
_CALLS_LABEL = "inspector:prelude/calls.js"
_REMOTE_LABEL = "inspector:values/remote.js"
_WEB_LABEL = "inspector:prelude/web.js"


def literal(value: Any) -> str:
    """A JSON value as JavaScript source, ASCII only. NaN and Infinity are JavaScript's own words."""
    return json.dumps(value)


class Agent:
    """Belongs to the isolate's thread."""

    def __init__(self, racer: Racer) -> None:
        self.racer = racer
        self._name = f"inspector_{secrets.token_hex(16)}"
        self._slot: Any = None
        self._has_remote = False

    async def install(self, *, web: bool) -> memoryview:
        """Make it, with timers when `web`. The shared memory of its ring (`ring.Ring` reads it)."""
        calls = "".join(f"{text(f'js/portable/{part}.js').strip()}({self._name});\n" for part in _PARTS[:-1])
        calls += f"{self._name}.tools = {text('js/values/tools.js').strip()}\n"
        calls += f"{text(f'js/portable/{_PARTS[-1]}.js').strip()}({self._name});\n"
        await self.racer.evaluate(f"const {self._name} = {{__proto__: null}};\n{calls}//# sourceURL={_LABEL}")
        self._name += ".agent"
        calls = text("js/prelude/calls.js").strip().removesuffix(";")
        await self.racer.evaluate(f"{self._name}.calls({calls})\n//# sourceURL={_CALLS_LABEL}")
        if web:
            await self.racer.evaluate(f"{self._name}.web({portable_web()})\n//# sourceURL={_WEB_LABEL}")
        self._slot = await self.racer.evaluate(f"{self._name}.slot")
        memory: memoryview = await self.racer.evaluate(f"{self._name}.memory")
        return memory

    async def call(self, function: str, *args: Any) -> Any:
        """`function` of agent.js with JSON arguments; its JSON answer, or None."""
        answer = await self.racer.evaluate(self.source(function, *args))
        return json.loads(answer) if isinstance(answer, str) else None

    async def call_with(self, function: str, *args: Any, plain: Any) -> Any:
        """The same with one argument more: a primitive as mini-racer converts it, `undefined` and -0 among them."""
        written = "undefined" if plain is JSUndefined else literal(plain)
        return await self.racer.evaluate(f"{self._name}.{function}({','.join(map(literal, args))},{written})")

    async def install_remote(self) -> None:
        """Make what ports and references to values elsewhere need, once: js/values/remote.js."""
        if not self._has_remote:
            made = text("js/values/remote.js").strip()
            await self.racer.evaluate(f"{self._name}.remote({made})\n//# sourceURL={_REMOTE_LABEL}")
            self._has_remote = True

    async def fire(self) -> bool:
        """Fire one due timer, as a task of its own; False when none was due."""
        return await self.racer.evaluate(self.source("fire")) is True

    def source(self, function: str, *args: Any) -> str:
        return f"{self._name}.{function}({','.join(map(literal, args))})\n//# sourceURL={_LABEL}"

    async def put(self, value: Any) -> None:
        """Hand a script's value, as mini-racer gave it, back to the agent: the next call finds it."""
        await self.racer.blocking(lambda: self._slot.__setitem__("value", value))

    def keeping(self, expression: str) -> str:
        """Source that evaluates `expression` and leaves its value with the agent."""
        return f"{self._name}.keep(({expression}\n))"

    def keeping_awaited(self, expression: str) -> str:
        """The same for an expression with a top-level await."""
        return f"{self._name}.keep((async () => ({expression}\n))())"
