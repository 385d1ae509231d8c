"""References that other isolates hold: an async proxy object there, whose calls are served on the value here.

`Given` is one of them. Each isolate has `GivenReferences`: what of its values others hold, and what it holds of others.
"""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from inspector.clone import CloneError, decode, encode, undefined
from inspector.errors import GoneError, InspectorError, UsageError
from inspector.pool.copy_store import CopyStore
from inspector.pool.external_copy import ExternalCopy
from inspector.pool.reference import Reference
from inspector.pool.traffic import Traffic
from inspector.pool.value_move import Move
from inspector.states import Capability

if TYPE_CHECKING:
    from inspector.pool.context import Context
    from inspector.pool.isolate import Isolate

__all__ = ["MOST_GIVEN", "PREFIX", "Given", "GivenReferences"]

MOST_GIVEN = 10_000  # that one isolate holds of others
PREFIX = "ref:"  # of the names under which the proxies call (js/values/remote.js)
_MOST_CALLS = 1000  # under way for one isolate
log = logging.getLogger(__name__)


class Given:
    """A reference in another isolate's hands. It keeps the value alive until released there or here, or until owner or
    holder end.
    """

    def __init__(self, number: int, reference: Reference, holder: Context, name: str) -> None:
        self.number = number
        self.reference = reference  # a handle of its own
        self.holder = holder
        self.name = name  # on the holder's global object; "": it came as an answer
        self.traffic = Traffic()  # `in` is into the owner
        self.is_released = False

    def __repr__(self) -> str:
        return f"<Given {self.reference.text} of {self.owner.name!r} to {self.holder.isolate.name!r}>"

    @property
    def owner(self) -> Isolate:
        """Where the value lives."""
        return self.reference.context.isolate

    def release(self) -> None:
        """The holder can use it no longer; the value may be collected, unless others hold it. Idempotent."""
        if self.is_released:
            return
        self.is_released = True
        self.owner.values.given.lent.pop(self.number, None)
        holder = self.holder.isolate
        holder.values.given.held.pop(self.number, None)
        self.reference.release()
        if self.holder.is_alive:
            params = {"number": self.number, "name": self.name}
            holder.values.orders.say_order("Isolate.endReference", params, self.holder)


class GivenReferences:
    """Of one isolate. Belongs to the pool's loop."""

    def __init__(self, isolate: Isolate, store: CopyStore) -> None:
        self._isolate = isolate
        self._store = store
        self.lent: dict[int, Given] = {}  # values that live here
        self.held: dict[int, Given] = {}  # values that live elsewhere
        self._calls: dict[asyncio.Task[None], int | None] = {}  # -> the run on whose behalf, None: nobody's

    async def give(self, reference: Reference, holder: Context, name: str, timeout_s: float | None) -> Given:
        """See `Reference.give_to`."""
        action = "Give a reference to another isolate"
        isolate = holder.isolate
        for one in (self._isolate, isolate):
            one.require(Capability.REFERENCES, action)
            one.require(Capability.HOST_FUNCTIONS, action)
        if isolate is self._isolate:
            raise UsageError(action, f"the value lives in {isolate.name} itself", "Use the value there.")
        given = self._put(reference.context.isolate.values.share(reference, action), holder, name)
        place = (self._isolate.isolate_id, reference.context.context_id)
        move = Move(place, (isolate.isolate_id, holder.context_id), "reference", name, reference.text)
        error: InspectorError | None = None
        try:
            holder.doors.check("values", action)
            params = {"number": given.number, "type": reference.type, "name": name}
            await isolate.values.orders.send("Isolate.refer", params, holder, action, timeout_s)
        except InspectorError as caught:
            error = caught
            given.release()
            raise
        finally:
            move.tell(self._store, error)
        return given

    def _put(self, reference: Reference, holder: Context, name: str) -> Given:
        """`reference` is the given one's own from now on."""
        reference.is_lent = True
        there = holder.isolate.values.given
        if len(there.held) >= MOST_GIVEN:
            reference.release()
            cause = f"{holder.isolate.name} holds {MOST_GIVEN} of them already"
            raise UsageError("Give a reference to another isolate", cause, "Release some.")
        given = Given(self._store.new_id(), reference, holder, name)
        self.lent[given.number] = given
        there.held[given.number] = given
        return given

    # --- calls of the holder ---

    def called(self, params: Mapping[str, Any]) -> None:
        """`Isolate.hostCalled` of one that is held here."""
        run_id = params.get("runId")
        task = asyncio.create_task(self._serve(params), name="serve a reference")
        self._calls[task] = run_id if isinstance(run_id, int) else None
        task.add_done_callback(lambda done: self._calls.pop(done, None))

    def run_settled(self, run_id: int) -> None:
        """A run here was ended: what it asked of others ends too, also where a getter never returns."""
        for task in [task for task, owner in self._calls.items() if owner == run_id]:
            task.cancel()

    async def _serve(self, params: Mapping[str, Any]) -> None:
        given = self.held.get(int(str(params["name"]).removeprefix(PREFIX)))
        copy: ExternalCopy | None = None
        failed, answer = False, b""
        try:
            if given is None:
                raise GoneError("Use the reference", "it was released, or its isolate has ended")
            if len(self._calls) > _MOST_CALLS:
                raise UsageError("Use the reference", f"{_MOST_CALLS} calls are under way already", "Await some first.")
            what, size = _asked(params)
            if what[0] == "release":
                given.release()
                return
            given.traffic.used(bytes_in=size)
            if what[0] == "copy":
                copy = await given.reference.copy(timeout_s=None)
            else:
                answer = encode(await self._done(given, what))
        except Exception as error:  # CloneError and the like: it crosses as an error
            failed, answer = True, encode(error)
            if given is not None:
                given.traffic.refuse(error.cause if isinstance(error, InspectorError | CloneError) else str(error))
        await self._answer(params, failed, answer, copy, given)

    async def _answer(
        self, params: Mapping[str, Any], failed: bool, answer: bytes, copy: ExternalCopy | None, given: Given | None
    ) -> None:
        isolate = self._isolate
        told = {"contextId": int(params["contextId"]), "callId": str(params["callId"]), "failed": failed}
        error: InspectorError | None = None
        try:
            if copy is not None:
                told |= await copy.argument(isolate, isolate.values.orders.link)
            else:
                told["data"] = base64.b64encode(answer).decode("ascii")
            if given is not None:
                given.traffic.bytes_out += len(answer) if copy is None else copy.size
            if not isolate.is_ending:
                await isolate.send("Isolate.answerCall", told)
        except InspectorError as caught:
            error = caught
            log.info("an answer to a reference's holder was not taken: %s", caught)
        finally:
            if copy is not None:
                target = (isolate.isolate_id, int(params["contextId"]))
                Move(copy.source, target, "copy", "", copy.text, copy.size, copy.out_us).tell(self._store, error)
                copy.release()

    async def _done(self, given: Given, what: list[Any]) -> dict[str, Any]:
        """{reference, type, value}: a value that can be handed over as it is, or a reference's number."""
        arguments = [self._argument(given, one) for one in what[1:]]
        reference = given.reference
        if what[0] == "set":
            return _plain(await reference.set(arguments[0], arguments[1], timeout_s=None))
        if what[0] == "delete":
            return _plain(await reference.delete(arguments[0], timeout_s=None))
        if what[0] == "get":
            made = await reference.get(arguments[0], timeout_s=None)
        elif what[0] == "apply":
            made = await reference.apply(arguments[1:], receiver=arguments[0], timeout_s=None)
        else:
            raise UsageError("Use the reference", f"it can't {what[0]}")
        if made.type not in ("object", "function", "symbol") or made.kind == "null":
            try:
                return _plain(await made.value(timeout_s=None))
            finally:
                made.release()
        lent = given.owner.values.given._put(made, given.holder, "")
        return {"reference": lent.number, "type": made.type, "value": None}

    def _argument(self, given: Given, told: Mapping[str, Any]) -> Any:
        number = told.get("reference")
        if number is None:
            return told.get("value", undefined)
        other = self.held.get(int(number))
        if other is None:
            raise GoneError("Use the reference", "an argument of the call was released")
        if other.owner is not given.owner:
            cause = f"an argument lives in {other.owner.name}, not in {given.owner.name}"
            raise UsageError("Use the reference", cause, "Hand its copy over.")
        return other.reference

    # --- ends ---

    def context_ended(self, context_id: int) -> None:
        for given in [*self.held.values()]:
            if given.holder.context_id == context_id:
                given.release()
        for given in [*self.lent.values()]:
            if given.reference.context.context_id == context_id:
                given.release()

    def close(self) -> None:
        """The isolate has ended."""
        for task in list(self._calls):
            task.cancel()
        for given in [*self.held.values(), *self.lent.values()]:
            given.release()


def _asked(params: Mapping[str, Any]) -> tuple[list[Any], int]:
    """What is asked, and its bytes as they came."""
    data = base64.b64decode(str(params["data"]))
    return list(decode(data)), len(data)


def _plain(value: Any) -> dict[str, Any]:
    return {"reference": 0, "type": "", "value": value}
