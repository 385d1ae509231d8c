"""V8 in this process, in Python's terms: ints for pointers, str and bytes for text. Made once; see `library.load`."""

from __future__ import annotations

import ctypes
import itertools
import threading
from collections.abc import Callable, Sequence

from inspector.engine.library import FLAGS
from inspector.engine.native.abi.calls import Calls
from inspector.engine.native.abi.compiler import Compiler
from inspector.engine.native.abi.copies import Copies
from inspector.engine.native.abi.inspector import InspectorCalls
from inspector.engine.native.abi.layouts import InternalCallback, ScriptOrigin, ScriptSource, Span, Utf8Value
from inspector.engine.native.abi.library import Library, load
from inspector.engine.native.abi.memory import heap_spaces
from inspector.engine.native.abi.scopes import ContextScope, HandleScope, ScopeSlots, TryCatch
from inspector.engine.native.abi.trampolines import Trampolines
from inspector.errors import EngineError

__all__ = ["V8", "Cells", "HeapBuffer"]

P = ctypes.c_size_t
INTEGER_VALUE = 3  # mini-racer's type tag
HEAP_WORDS = 15
_STATISTICS = "_ZN2v87Isolate17GetHeapStatisticsEPNS_14HeapStatisticsE"
_MODULE = 8
_EAGER = 1  # v8::MeasureMemoryExecution
_THROW = 0  # v8::ConstructorBehavior
_SIDE_EFFECT, _NO_SIDE_EFFECT = 0, 1  # v8::SideEffectType
_EXPLICIT = 0  # v8::MicrotasksPolicy::kExplicit


class HeapBuffer:
    """Memory for one v8::HeapStatistics (15 words); the spare words behind would show a larger one."""

    __slots__ = ("_words", "address")

    def __init__(self) -> None:
        self._words = (ctypes.c_size_t * 24)()
        self.address = ctypes.addressof(self._words)

    def clear(self) -> None:
        """Zero the last word that V8 writes: the marker of `filled`."""
        self._words[HEAP_WORDS - 1] = 0

    def fill(self, word: int) -> None:
        """For the self-test: write `word` everywhere."""
        self._words[:] = [word] * len(self._words)

    def spare_is(self, word: int) -> bool:
        """For the self-test: whether V8 left what lies behind its words alone."""
        return all(spare == word for spare in self._words[HEAP_WORDS:])

    @property
    def filled(self) -> bool:
        return self._words[HEAP_WORDS - 1] != 0

    def words(self) -> tuple[int, ...]:
        values = self._words[:HEAP_WORDS]
        values[9] &= 1  # V8 writes one byte of this word
        return tuple(values)


class V8:
    """The library with V8 started in it. Methods that take an isolate run on its thread unless they say otherwise."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.calls = Calls(library)
        self.trampolines = Trampolines(library, self.calls)
        self.inspector = InspectorCalls(self.calls)
        self.compiler = Compiler(self.calls)
        self.copies = Copies(library, self.calls)
        self._statistics = library.address(_STATISTICS)
        self._births = itertools.count(1)
        self._no_location = (P * 3)()
        dll = library.dll
        dll.mr_init_context.argtypes = [self.trampolines.evaluated_type]
        dll.mr_init_context.restype = ctypes.c_uint64
        dll.mr_alloc_int_val.argtypes = [ctypes.c_uint64, ctypes.c_int64, ctypes.c_uint8]
        dll.mr_alloc_int_val.restype = P
        dll.mr_eval.argtypes = [ctypes.c_uint64, P, ctypes.c_uint64]
        dll.mr_free_value.argtypes = [ctypes.c_uint64, P]
        dll.mr_free_context.argtypes = [ctypes.c_uint64]
        self._dll = dll

    @classmethod
    def start(cls, flags: tuple[str, ...] = FLAGS) -> V8:
        return cls(load(flags))

    # --- isolates: any thread --------------------------------------------------------------------

    def open_isolate(self, born: Callable[[int, int], None], grace_s: float = 30.0) -> int:
        """A new isolate with a thread of its own; `born(number, Isolate*)` is called there: mini-racer's number of it
        and its address. Blocks 4 ms, until that has returned; the address.

        Raises EngineError when V8 does not answer within `grace_s`.
        """
        found: list[int] = []  # 0: given up
        ready, first = threading.Event(), threading.Lock()
        number = self._dll.mr_init_context(self.trampolines.evaluated)

        def evaluated(value: int) -> None:
            isolate = self.calls.current_isolate()
            self._dll.mr_free_value(number, value)
            with first:
                if found:
                    return  # too late: nobody waits for it
                found.append(isolate)
            try:
                born(number, isolate)
            finally:
                ready.set()

        birth = next(self._births)
        self.trampolines.births[birth] = evaluated
        text = self._dll.mr_alloc_int_val(number, 0, INTEGER_VALUE)  # no source: refused on that thread, not compiled
        self._dll.mr_eval(number, text, birth)
        self._dll.mr_free_value(number, text)
        if not ready.wait(grace_s):
            with first:
                if not found:
                    found.append(0)
                    raise EngineError("create an isolate", f"V8 did not answer within {grace_s:.0f} s", "Try again.")
            ready.wait()  # it is being born
        return found[0]

    def close_isolate(self, number: int) -> None:
        """Free the isolate and join its thread; ends what runs in it. Blocks 1 ms, or as long as native code runs."""
        self._dll.mr_free_context(number)

    def task_runner(self, isolate: int) -> int:
        runner: int = self.calls.task_runner(self.calls.platform(), isolate, 1).object
        return runner

    def wake(self, runner: int) -> None:
        """Post the one task: the isolate's handler gets `serve_task` on its thread."""
        self.calls.post_task(runner, self.trampolines.task, ctypes.addressof(self._no_location))

    def interrupt(self, isolate: int) -> None:
        """Ask for `serve_interrupt` at the next interrupt check of what runs."""
        self.calls.request_interrupt(isolate, self.trampolines.interrupt, 0)

    def interrupt_for_statistics(self, isolate: int, buffer: HeapBuffer) -> None:
        """V8 fills `buffer` itself at its next interrupt check: no Python on the busy thread, 2 microseconds."""
        self.calls.request_interrupt(isolate, self._statistics, buffer.address)

    # --- scopes ----------------------------------------------------------------------------------

    def slots(self, isolate: int) -> ScopeSlots:
        return ScopeSlots(self.calls, isolate)

    def handles(self, slots: ScopeSlots) -> HandleScope:
        return HandleScope(slots)

    def inside(self, context: int) -> ContextScope:
        return ContextScope(self.calls, context)

    def catching(self, isolate: int, *, verbose: bool = False) -> TryCatch:
        return TryCatch(self.calls, isolate, verbose=verbose)

    # --- values ----------------------------------------------------------------------------------

    def string(self, isolate: int, text: str) -> int:
        """A new V8 string; 0 when it is longer than V8's limit of about 536 million units."""
        if text.isascii():
            data = text.encode("ascii")
            made: int = self.calls.new_one_byte(isolate, data, 0, len(data)) if len(data) < 1 << 30 else 0
            return made
        data = text.encode("utf-16-le", "surrogatepass")
        made = self.calls.new_two_byte(isolate, data, 0, len(data) // 2) if len(data) < 1 << 31 else 0
        return made

    def text(self, isolate: int, value: int) -> str:
        """`value` as text, as String(value) would; "" for none. May call its toString."""
        if not value:
            return ""
        holder = Utf8Value()
        address = ctypes.addressof(holder)
        self.calls.utf8_value(address, isolate, value)
        data = ctypes.string_at(holder.characters, holder.length) if holder.characters else b""
        self.calls.delete_utf8_value(address)
        return data.decode("utf-8", "replace")

    def keep(self, isolate: int, local: int) -> int:
        """A Global of a Local: a slot that outlives the handle scope, until `release`."""
        slot: int = self.calls.globalize(isolate, P.from_address(local).value)
        return slot

    def release(self, slot: int) -> None:
        self.calls.dispose_global(slot)

    def same(self, one: int, other: int) -> bool:
        """Whether two slots hold the same object."""
        return bool(P.from_address(one).value == P.from_address(other).value)

    def call(self, isolate: int, context: int, function: int, receiver: int, arguments: Sequence[int] = ()) -> int:
        """Call a function; 0 when it threw or was ended."""
        array = (P * max(len(arguments), 1))(*arguments)
        value: int = self.calls.call_function(
            function, isolate, context, receiver, len(arguments), ctypes.addressof(array)
        )
        return value

    def statistics(self, isolate: int, buffer: HeapBuffer) -> tuple[int, ...]:
        self.calls.heap_statistics(isolate, buffer.address)
        return buffer.words()

    def heap_spaces(self, isolate: int) -> list[tuple[str, int, int, int, int]]:
        """Of each space of the heap: name, size, used, available, physical bytes."""
        return heap_spaces(self.calls, isolate)

    def measure_memory(self, isolate: int) -> bool:
        """Have V8 attribute the heap to its contexts at a collection soon; `Handler.memory_measured` follows."""
        return bool(self.calls.measure_memory(isolate, self.trampolines.memory_delegate, _EAGER))

    # --- contexts and sources --------------------------------------------------------------------

    def new_context(self, isolate: int) -> int:
        none = InternalCallback(0, 0)
        context: int = self.calls.new_context(isolate, 0, 0, 0, none, 0, none, none)
        return context

    def ask_function(self, context: int) -> int:
        """A function of V8's kind without arguments and side effects: `Handler.asked` is called. 0: no memory."""
        function: int = self.calls.new_function(context, self.trampolines.ask, 0, 0, _THROW, _NO_SIDE_EFFECT)
        return function

    def tell_function(self, context: int) -> int:
        """The same with side effects, `Handler.told`: what only looks at values may not call it."""
        function: int = self.calls.new_function(context, self.trampolines.tell, 0, 0, _THROW, _SIDE_EFFECT)
        return function

    def explicit_microtasks(self, isolate: int) -> None:
        """From now on microtasks run when we say so, and when mini-racer's pump does after each task."""
        self.calls.set_microtasks_policy(isolate, _EXPLICIT)

    def compile_script(self, isolate: int, context: int, source: int, url: str) -> int:
        origin = ScriptOrigin(name=self.string(isolate, url), script_id=-1)
        script: int = self.calls.compile_script(context, source, ctypes.addressof(origin))
        return script

    def compile_module(self, isolate: int, source: int, url: str) -> int:
        name = self.string(isolate, url)
        described = ScriptSource(source=source, name=name, options=_MODULE, start=-1, end=-1)
        module: int = self.calls.compile_module(isolate, ctypes.addressof(described), 0, 0)
        return module

    def synthetic_module(self, isolate: int, url: str, export: str) -> int:
        """A module with one export, which `Handler.evaluate_synthetic` sets when it is evaluated."""
        names = (P * 1)(self.string(isolate, export))
        span = Span(ctypes.addressof(names), 1)
        steps = self.trampolines.evaluate_synthetic
        module: int = self.calls.new_synthetic(isolate, self.string(isolate, url), ctypes.addressof(span), steps)
        return module

    def requests(self, isolate: int, module: int) -> list[tuple[str, int, int, tuple[tuple[str, str], ...]]]:
        """What a module imports, in order: specifier, line and column (1-based), attributes."""
        calls = self.calls
        array = calls.module_requests(module)
        found = []
        for index in range(calls.array_length(array)):
            request = calls.array_get(array, index)
            location = calls.module_location(module, calls.request_offset(request))
            attributes = self.attributes(isolate, calls.request_attributes(request), 3)
            place = (location & 0xFFFFFFFF) + 1, (location >> 32) + 1
            found.append((self.text(isolate, calls.request_specifier(request)), *place, attributes))
        return found

    def attributes(self, isolate: int, array: int, stride: int) -> tuple[tuple[str, str], ...]:
        """Import attributes: V8 lists key, value (and, in a module's requests, the position)."""
        get = self.calls.array_get
        starts = range(0, self.calls.array_length(array), stride)
        return tuple((self.text(isolate, get(array, at)), self.text(isolate, get(array, at + 1))) for at in starts)

    # --- float cells -----------------------------------------------------------------------------

    def cells(self, view: int, count: int) -> Cells:
        """The numbers of a Float64Array, shared with JavaScript. Valid while a Global keeps the array."""
        address = self.calls.buffer_data(self.calls.view_buffer(view))
        return Cells(address, count)


class Cells:
    """`count` doubles that JavaScript and we both read and write, on the isolate's thread."""

    __slots__ = ("_numbers",)

    def __init__(self, address: int, count: int) -> None:
        self._numbers = (ctypes.c_double * count).from_address(address)

    def __getitem__(self, index: int) -> float:
        return float(self._numbers[index])

    def __setitem__(self, index: int, number: float) -> None:
        self._numbers[index] = number

    def write(self, offset: int, data: bytes) -> None:
        """Put `data` into the memory behind, `offset` bytes from the first number."""
        ctypes.memmove(ctypes.addressof(self._numbers) + offset, data, len(data))
