"""The only place that knows ctypes, a mangled name or a memory layout of V8: everything above deals in Python ints
and bytes.

    library.py      finds and loads mini-racer's library, starts V8 with our flags
    layouts.py      the structures that cross the border
    calls.py        every function of V8 that we call, with its mangled name; a test counts them
    scopes.py       HandleScope, TryCatch, entered contexts
    trampolines.py  V8 calling us: tasks, interrupts, inspector client and channel, limits, rejections, modules
    inspector.py    V8's inspector and its sessions, by their vtables
    compiler.py     scripts compiled apart, and their code cache
    copies.py       structured clone
    memory.py       heap spaces, memory of each context
    v8.py           all of it in Python terms

Facts measured with mini-racer 0.14.1 (V8 14.4.258.23). A pointer is an int, 0 for none; a Local is the address of its
slot.
"""

from inspector.engine.native.abi.inspector import InspectorCalls
from inspector.engine.native.abi.library import Library, load
from inspector.engine.native.abi.scopes import ContextScope, HandleScope, TryCatch
from inspector.engine.native.abi.trampolines import ChannelHandler, Handler, Trampolines
from inspector.engine.native.abi.v8 import V8, Cells, HeapBuffer

__all__ = [
    "V8",
    "Cells",
    "ChannelHandler",
    "ContextScope",
    "HandleScope",
    "Handler",
    "HeapBuffer",
    "InspectorCalls",
    "Library",
    "Trampolines",
    "TryCatch",
    "load",
]
