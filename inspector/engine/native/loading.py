"""Loading modules: ask for what is missing, link and evaluate when all is there, answer `import()`.

A load is one root with everything it imports. The sources come from outside, one by one, in any order; several loads
of a context share its modules, so a load is complete when no import that can be reached from its root is open.
"""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING

from msgspec import Struct, field

from inspector.engine.native import errors
from inspector.engine.port import ModuleRequest, ModuleSource
from inspector.records import ScriptError

if TYPE_CHECKING:
    from inspector.engine.native.abi import V8, TryCatch
    from inspector.engine.native.context import Context
    from inspector.engine.native.isolate import NativeIsolate
    from inspector.engine.native.module import Module, Modules, Request
    from inspector.engine.native.run import Run

__all__ = ["Failure", "Loading"]

PENDING, REJECTED = 0, 2  # v8::Promise::PromiseState


class Failure(Struct):
    """Why a module can't be had: for a person, and as a JavaScript value (a Global; 0: make one from the text)."""

    error: ScriptError
    value: int

    @classmethod
    def caught(cls, owner: NativeIsolate, context: Context, attempt: TryCatch, url: str) -> Failure:
        error = errors.caught(owner, context.slot, attempt)
        if not error.file:
            error = ScriptError(
                error.name, error.message, url, error.line, error.column, error.stack, error.source_line
            )
        exception = attempt.exception
        return cls(error, owner.v8.keep(owner.address, exception) if exception and not attempt.terminated else 0)

    def as_value(self, owner: NativeIsolate) -> int:
        """What is thrown, in the entered context."""
        text = owner.v8.string(owner.address, self.error.message)
        return self.value or int(owner.v8.calls.new_error(text, 0))

    def release(self, v8: V8) -> None:
        if self.value:
            v8.release(self.value)
            self.value = 0


class Load(Struct, eq=False):
    """One root and what it imports, until it is evaluated."""

    context: Context
    run: Run | None
    root: Module | None = None
    resolver: int = 0  # a Global: `import()` waits for it
    evaluation: int = 0  # a Global: the promise of the evaluation


class _Asked(Struct):
    """An import on its way: who waits for it."""

    key: tuple[int, str, str, tuple[tuple[str, str], ...]]
    request: Request
    parents: list[tuple[Module, int]] = field(default_factory=list)  # module and position of the import
    loads: list[Load] = field(default_factory=list)  # dynamic: the module is their root


class Loading:
    """On the isolate's thread."""

    def __init__(self, owner: NativeIsolate, modules: Modules) -> None:
        self._owner = owner
        self._modules = modules
        self._ids = itertools.count(1)
        self._asked: dict[int, _Asked] = {}
        self._ids_by_key: dict[tuple[int, str, str, tuple[tuple[str, str], ...]], int] = {}
        self._loads: list[Load] = []

    # --- starting --------------------------------------------------------------------------------

    def load_root(self, run: Run, context: Context, root: Module) -> None:
        run.loading += 1
        load = Load(context, run, root)
        self._loads.append(load)
        self._advance(load, root)

    def load_dynamic(self, context: Context, request: Request, referrer: str, resolver: int) -> None:
        """`import()` was called: inside JavaScript, so nothing is compiled or run before the sources come."""
        run = self._owner.gate.run
        if run is not None:
            run.loading += 1
        load = Load(context, run, resolver=resolver)
        self._loads.append(load)
        self._ask(load, request, referrer).loads.append(load)

    def _ask(self, load: Load, request: Request, referrer: str) -> _Asked:
        """The request for an import, sent once however many wait for it."""
        key = (load.context.context_id, referrer, request.specifier, request.attributes)
        known = self._ids_by_key.get(key)
        if known is not None:
            return self._asked[known]
        request_id = next(self._ids)
        asked = self._asked[request_id] = _Asked(key, request)
        self._ids_by_key[key] = request_id
        run_id = load.run.request.run_id if load.run is not None else 0
        told = ModuleRequest(request_id, run_id, request.specifier, referrer, request.line, request.attributes)
        self._owner.sink.module_requested(told)
        return asked

    def _advance(self, load: Load, module: Module) -> None:
        """Ask for every open import that can be reached from `module`; link and evaluate when there is none."""
        if self._open_imports(load, module) == 0 and load.root is not None and not load.evaluation:
            self._evaluate(load, load.root)

    def _open_imports(self, load: Load, root: Module) -> int:
        seen = {root}
        line = [root]
        open_imports = 0
        while line:
            module = line.pop()
            for position, child in enumerate(module.children):
                if child is not None:
                    if child not in seen:
                        seen.add(child)
                        line.append(child)
                    continue
                open_imports += 1
                asked = self._ask(load, module.requests[position], module.url)
                if (module, position) not in asked.parents:
                    asked.parents.append((module, position))
        return open_imports

    def holds(self, promise: int) -> bool:
        """Whether `promise` is of an evaluation under way: its rejection is told by who imports."""
        return any(load.evaluation and self._owner.v8.same(load.evaluation, promise) for load in self._loads)

    # --- sources come ----------------------------------------------------------------------------

    def provide(self, request_id: int, source: ModuleSource) -> None:
        asked = self._asked.pop(request_id, None)
        if asked is None:
            return  # its context was released, or it was answered before
        del self._ids_by_key[asked.key]
        context = self._owner.contexts.get(asked.key[0])
        if context is None:
            return
        self._owner.worked = True
        made = self._made(context, asked, source)
        if made is None:
            return
        if isinstance(made, Failure):
            self._fail_all(asked, made)
            return
        for module, position in asked.parents:
            module.children[position] = made
        for load in asked.loads:
            load.root = made
        for load in list(self._loads):
            if load.context is context and load.root is not None and not load.evaluation:
                self._advance(load, load.root)

    def _made(self, context: Context, asked: _Asked, source: ModuleSource) -> Module | Failure | None:
        """The module that came; None when the isolate closes."""
        if source.error:
            return Failure(_missing(asked, source.error), 0)
        known = self._modules.find(context.context_id, source.url)
        if known is not None:
            return known
        run = next((load.run for load in self._waiting_for(asked) if load.run is not None), None)
        with self._owner.window(run if run is not None and not run.settled and run.verdict is None else None) as opened:
            return self._modules.compile(context, source) if opened else None

    def _waiting_for(self, asked: _Asked) -> list[Load]:
        """The loads that reach an import which `asked` is about."""
        waiting = list(asked.loads)
        parents = {module for module, _ in asked.parents}
        for load in self._loads:
            if load.root is not None and load not in waiting and not parents.isdisjoint(_reachable(load.root)):
                waiting.append(load)
        return waiting

    # --- linking and evaluating ------------------------------------------------------------------

    def _evaluate(self, load: Load, root: Module) -> None:
        """Link and evaluate; JavaScript runs here. The promise of the evaluation is looked at in `check`."""
        owner, v8 = self._owner, self._owner.v8
        context, run = load.context, load.run
        failure = None
        nested = owner.gate.open  # a root without imports: the run's gate is still open
        with owner.nested_window() if nested else owner.window(run) as opened:
            if not opened:
                self._drop(load)
                return
            with v8.inside(context.slot), v8.catching(owner.address) as attempt:
                if run is not None and not run.executed_at:
                    run.executed_at = time.monotonic()
                linked = v8.calls.instantiate_module(root.slot, context.slot, v8.trampolines.resolve_import, 0) & 0xFF
                promise = v8.calls.evaluate_module(root.slot, context.slot) if linked else 0
                if promise:
                    load.evaluation = v8.keep(owner.address, promise)
                    owner.await_promise(promise)
                else:
                    failure = Failure.caught(owner, context, attempt, root.url)
        if failure is not None:
            self._fail(load, failure)
            failure.release(v8)

    def check(self) -> bool:
        """Settle what has been evaluated; whether anything moved (and so whether to look again)."""
        v8 = self._owner.v8
        moved = False
        for load in list(self._loads):
            if load.run is not None and load.run.settled:
                self._drop(load)
            elif load.evaluation and v8.calls.promise_state(load.evaluation) != PENDING:
                moved = True
                self._evaluated(load)
        return moved

    def _evaluated(self, load: Load) -> None:
        owner, v8 = self._owner, self._owner.v8
        rejected = v8.calls.promise_state(load.evaluation) == REJECTED
        with owner.window(load.run) as opened:
            if opened and load.root is not None:
                with v8.inside(load.context.slot), v8.catching(owner.address):
                    result = v8.calls.promise_result(load.evaluation)
                    value = result if rejected else v8.calls.module_namespace(load.root.slot)
                    if load.resolver:
                        settle = v8.calls.reject if rejected else v8.calls.resolve
                        settle(load.resolver, load.context.slot, value)
                    elif load.run is not None and rejected:
                        load.run.error = load.run.error or errors.of_value(owner, load.context.slot, value)
                        owner.sessions.report_end(load.context.slot, value, load.run.error)
                    elif load.run is not None:
                        load.run.value = v8.keep(owner.address, value)
        self._drop(load)

    # --- failing ---------------------------------------------------------------------------------

    def _fail_all(self, asked: _Asked, failure: Failure) -> None:
        for load in self._waiting_for(asked):
            self._fail(load, failure)
        failure.release(self._owner.v8)

    def _fail(self, load: Load, failure: Failure) -> None:
        owner, v8, run = self._owner, self._owner.v8, load.run
        if load.resolver:
            with owner.window(run) as opened:
                if opened:
                    with v8.inside(load.context.slot), v8.catching(owner.address):
                        v8.calls.reject(load.resolver, load.context.slot, failure.as_value(owner))
        elif run is not None:
            run.error = run.error or failure.error
            if run.verdict is None and not run.settled:
                with v8.handles(owner.slots), v8.inside(load.context.slot):
                    owner.sessions.report_end(load.context.slot, failure.as_value(owner), run.error)
        self._drop(load)

    def _drop(self, load: Load) -> None:
        if load not in self._loads:
            return
        self._loads.remove(load)
        if load.run is not None:
            load.run.loading -= 1
        for slot in (load.resolver, load.evaluation):
            if slot:
                self._owner.v8.release(slot)

    def forget(self, context_id: int) -> None:
        for load in [load for load in self._loads if load.context.context_id == context_id]:
            self._drop(load)
        for request_id, asked in list(self._asked.items()):
            if asked.key[0] == context_id:
                del self._asked[request_id]
                del self._ids_by_key[asked.key]

    def close(self) -> None:
        for load in list(self._loads):
            self._drop(load)
        self._asked.clear()
        self._ids_by_key.clear()


def _reachable(root: Module) -> set[Module]:
    seen = {root}
    line = [root]
    while line:
        for child in line.pop().children:
            if child is not None and child not in seen:
                seen.add(child)
                line.append(child)
    return seen


def _missing(asked: _Asked, error: str) -> ScriptError:
    """The error of an import that has no source, at the place of the import."""
    referrer = asked.parents[0][0].url if asked.parents else asked.key[1]
    return ScriptError("Error", error, referrer, asked.request.line, asked.request.column, "")
