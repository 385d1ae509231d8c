"""Our JavaScript for scripts: the web prelude, put together from resources/js/prelude/web, one file per API."""

from __future__ import annotations

from functools import cache

from resources import text

__all__ = ["WEB_GLOBALS", "native_prelude", "portable_web"]

_FOLDER = "js/prelude/web"
_FIRST = ("define", "exceptions")
_APIS = ("events", "abort", "base64", "encoding", "crypto", "performance", "clone")

# What `web` puts on the global object, by the file that does it.
WEB_GLOBALS = {
    "timers": ("setTimeout", "setInterval", "clearTimeout", "clearInterval", "queueMicrotask"),
    "exceptions": ("DOMException",),
    "events": ("Event", "EventTarget"),
    "abort": ("AbortController", "AbortSignal"),
    "base64": ("atob", "btoa"),
    "encoding": ("TextEncoder", "TextDecoder"),
    "crypto": ("Crypto", "crypto"),
    "clone": ("structuredClone",),
    "performance": ("Performance", "PerformanceEntry", "PerformanceMark", "PerformanceMeasure", "performance"),
}


@cache
def native_prelude(*, web: bool) -> str:
    """Its value is [the functions of json.js, that of calls.js], and with `web` a function of the engine's `ask`
    (native-host.js) and of a clone (calls.js), which gives what timers.js keeps.

    One script: each costs an isolate 0.1 ms to take from V8's cache and to tell of.
    """
    plain = f"{_shortened('js/prelude/json.js')},{_shortened('js/prelude/calls.js')}"
    return f"[{plain},{_part('native')}({_started(('timers',))},{_part('native-host')})]" if web else f"[{plain}]"


@cache
def portable_web() -> str:
    """Its value is a function of a host (js/portable/web.js), which has made the timers."""
    return _started(())


def _started(timers: tuple[str, ...]) -> str:
    parts = ",".join(map(_part, (*_FIRST, *timers, *_APIS)))
    return f"{_part('start')}([{parts}])"


def _part(name: str) -> str:
    return _shortened(f"{_FOLDER}/{name}.js")


def _shortened(path: str) -> str:
    """Without indentation and lines of comment: the text lies in the heap of every isolate."""
    lines = (line.strip() for line in text(path).splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")).removesuffix(";")
