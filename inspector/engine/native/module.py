"""ES modules of one isolate: compiled modules by context and url, and what V8 asks of them while it links and
evaluates.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from msgspec import Struct, field

from inspector.engine.native import errors
from inspector.engine.native.loading import Failure, Loading
from inspector.engine.native.script import too_long
from inspector.engine.port import ModuleSource

if TYPE_CHECKING:
    from inspector.engine.native.context import Context
    from inspector.engine.native.isolate import NativeIsolate
    from inspector.engine.native.run import Run

__all__ = ["Module", "Modules", "Request"]


class Request(Struct, frozen=True):
    """One import of a module."""

    specifier: str
    line: int  # 1-based; 0 when unknown, and so the column
    column: int
    attributes: tuple[tuple[str, str], ...]


class Module(Struct, eq=False):
    """A compiled module; `children` are filled as its imports arrive, by position in `requests`."""

    url: str
    context_id: int
    slot: int  # a Global
    requests: list[Request]
    children: list[Module | None] = field(default_factory=list)
    json_value: int = 0  # a Global, for a JSON module

    @property
    def complete(self) -> bool:
        return all(child is not None for child in self.children)


class Modules:
    """On the isolate's thread."""

    def __init__(self, owner: NativeIsolate) -> None:
        self._owner = owner
        self._by_url: dict[tuple[int, str], Module] = {}
        self._by_hash: dict[int, list[Module]] = {}  # V8's identity hash -> modules that have it
        self.loading = Loading(owner, self)

    # --- for runs --------------------------------------------------------------------------------

    def start(self, run: Run, context: Context) -> None:
        """Compile the root of `run` and load what it imports. Inside the gate."""
        began = time.perf_counter()
        made = self.compile(context, ModuleSource(run.request.url, run.request.source))
        run.compile_ms = (time.perf_counter() - began) * 1e3
        if isinstance(made, Failure):
            run.error = made.error
            with self._owner.v8.inside(context.slot):
                self._owner.sessions.report_end(context.slot, made.as_value(self._owner), made.error)
            made.release(self._owner.v8)
            return
        run.script_id = str(self._owner.v8.calls.module_script_id(made.slot))
        self.loading.load_root(run, context, made)

    def provide(self, request_id: int, source: ModuleSource) -> None:
        self.loading.provide(request_id, source)

    def check(self) -> bool:
        """After every piece of work: tell `import()` what has been evaluated; whether anything moved."""
        return self.loading.check()

    def forget_context(self, context_id: int) -> None:
        """The context was released: its modules and loads end."""
        self.loading.forget(context_id)
        for key in [key for key in self._by_url if key[0] == context_id]:
            del self._by_url[key]
        for modules in self._by_hash.values():
            for module in [module for module in modules if module.context_id == context_id]:
                modules.remove(module)
                self._release(module)

    def close(self) -> None:
        self.loading.close()
        for modules in self._by_hash.values():
            for module in modules:
                self._release(module)
        self._by_hash.clear()
        self._by_url.clear()

    def _release(self, module: Module) -> None:
        for slot in (module.slot, module.json_value):
            if slot:
                self._owner.v8.release(slot)

    # --- compiling -------------------------------------------------------------------------------

    def find(self, context_id: int, url: str) -> Module | None:
        return self._by_url.get((context_id, url))

    def compile(self, context: Context, source: ModuleSource) -> Module | Failure:
        """A new module, in place of the one with the same url. Inside the gate."""
        owner, v8, isolate = self._owner, self._owner.v8, self._owner.address
        with v8.inside(context.slot), v8.catching(isolate) as attempt:
            text = v8.string(isolate, source.source)
            if not text:
                return Failure(too_long(source.url), 0)
            value = 0
            if source.is_json:
                receiver = v8.calls.context_global(context.slot)
                value = v8.call(isolate, context.slot, context.parse_json, receiver, (text,))
                local = v8.synthetic_module(isolate, source.url, "default") if value else 0
            else:
                local = v8.compile_module(isolate, text, source.url)
            if not local:
                return Failure.caught(owner, context, attempt, source.url)
            requests = [] if source.is_json else [Request(*found) for found in v8.requests(isolate, local)]
            module = Module(source.url, context.context_id, v8.keep(isolate, local), requests)
            module.children = [None] * len(requests)
            module.json_value = v8.keep(isolate, value) if value else 0
        self._by_url[context.context_id, source.url] = module
        self._by_hash.setdefault(v8.calls.module_hash(module.slot), []).append(module)
        return module

    def _known(self, local: int) -> Module | None:
        v8 = self._owner.v8
        for module in self._by_hash.get(v8.calls.module_hash(local), ()):
            if v8.same(module.slot, local):
                return module
        return None

    # --- V8 asks ---------------------------------------------------------------------------------

    def resolve(self, _context: int, index: int, referrer: int) -> int:
        """While it links: the module of an import that was loaded before. A missing one is an exception, never 0
        alone.
        """
        module = self._known(referrer)
        child = module.children[index] if module is not None and index < len(module.children) else None
        if child is None:
            self.throw("Our loader lost a module: run it again in a fresh context.")
            return 0
        return child.slot

    def evaluate_synthetic(self, _context: int, local: int) -> int:
        """A JSON module is evaluated: set its default export."""
        module = self._known(local)
        if module is None:
            self.throw("Our loader lost a JSON module.")
            return 0
        isolate = self._owner.address
        name = self._owner.v8.string(isolate, "default")
        self._owner.v8.calls.set_synthetic_export(local, isolate, name, module.json_value)
        return module.json_value

    def fill_meta(self, context: int, local: int, meta: int) -> None:
        v8, isolate = self._owner.v8, self._owner.address
        module = self._known(local)
        if module is not None:
            v8.calls.set_property(meta, context, v8.string(isolate, "url"), v8.string(isolate, module.url))

    def import_dynamically(self, context: int, referrer: int, specifier: int, attributes: int) -> int:
        """`import()`: a promise now, the module later."""
        v8, isolate = self._owner.v8, self._owner.address
        resolver = v8.calls.new_resolver(context)
        if not resolver:
            return 0
        promise: int = v8.calls.resolver_promise(resolver)
        found = self._owner.contexts.get(v8.calls.execution_context_id(context))
        place = self._place_now(context)
        request = Request(v8.text(isolate, specifier), *place, v8.attributes(isolate, attributes, 2))
        if found is None:
            self.throw("This context was released: it can't import any more.")
            return 0
        self.loading.load_dynamic(found, request, v8.text(isolate, referrer), v8.keep(isolate, resolver))
        return promise

    def _place_now(self, context: int) -> tuple[int, int]:
        """Line and column of what executes, 1-based: those of an error made here. Price: 8 us."""
        v8, isolate = self._owner.v8, self._owner.address
        with v8.catching(isolate):
            error = v8.calls.new_error(v8.string(isolate, ""), 0)
            message = v8.calls.message_for(isolate, error) if error else 0
            return errors.place_of(v8, message, context) if message else (0, 0)

    def throw(self, text: str) -> None:
        v8, isolate = self._owner.v8, self._owner.address
        v8.calls.throw(isolate, v8.calls.new_error(v8.string(isolate, text), 0))
