"""What the panel that sends values asks of the pool. Everything here belongs to the pool's loop."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from inspector.errors import GoneError, UsageError
from inspector.value_events import ValueMoved

if TYPE_CHECKING:
    from inspector.pool import Context, ExternalCopy, Pool, Reference

__all__ = ["KEPT_BYTES", "LOOK_S", "Place", "ValueWork", "Wanted"]

KEPT_BYTES = 64 << 20
LOOK_S = 10.0  # a look runs no getter, but an expression may never end
_KEPT_COPIES = 50
_PLAIN = ("undefined", "null", "boolean", "number", "bigint", "string")
_LIVING = ("expression", "object")  # they live in the isolate of `source`
Place = tuple[int, int]


class Wanted(Struct, frozen=True):
    """What the panel's fields say. `kind`: expression, json, file, message (`text` is the number of its copy), object
    (CDP's id of one that a console shows).
    """

    kind: str
    text: str
    source: Place | None
    mode: str  # copy, transfer, reference
    name: str
    calls: bool  # `name` is a function that is called with the value


class ValueWork:
    """The copies of the last messages are kept, up to `KEPT_BYTES`, so that each can be sent again."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._kept: deque[ExternalCopy] = deque()
        self._looked_at: Reference | None = None

    def kept(self) -> tuple[tuple[int, str, int, tuple[int | None, int]], ...]:
        """(number, words, bytes, where from) of what can be sent again, the newest first. Any thread may look."""
        held = [copy for copy in tuple(self._kept) if copy.is_held]
        return tuple((copy.copy_id, copy.text, copy.size, copy.source) for copy in reversed(held))

    # --- before sending ---

    async def seen(self, wanted: Wanted, targets: list[Place]) -> tuple[Reference, dict[str, Any]]:
        """A reference to the value, kept until the next look, and its first level."""
        before, self._looked_at = self._looked_at, None
        if before is not None:
            before.release()
        self._looked_at = await self._reach(wanted, targets)
        return self._looked_at, await self.level(self._looked_at, (), 0, wanted.mode)

    async def level(self, reference: Reference, path: tuple[int, ...], first: int, mode: str) -> dict[str, Any]:
        level = await reference.level(path, first=first, transfer=mode == "transfer", timeout_s=LOOK_S)
        return _as_reference(level) if mode == "reference" else level

    async def _reach(self, wanted: Wanted, targets: list[Place]) -> Reference:
        """What comes from here is looked at where it would go first."""
        if wanted.kind in _LIVING and wanted.source is not None:
            return await self._reference(wanted)
        if not targets:
            raise UsageError("Look at a value", "no target is checked", "Check one.")
        copy = await self._made(wanted)
        try:
            return await copy.into(self._context(targets[0]), timeout_s=LOOK_S, told=False)
        finally:
            if wanted.kind != "message":
                copy.release()

    # --- sending ---

    async def copied(self, wanted: Wanted) -> ExternalCopy:
        if wanted.kind not in _LIVING or wanted.source is None:
            return await self._made(wanted)
        reference = await self._reference(wanted)
        try:
            return await reference.copy(transfer=wanted.mode == "transfer")
        finally:
            reference.release()

    async def _made(self, wanted: Wanted) -> ExternalCopy:
        if wanted.kind == "message":
            return self._kept_copy(int(wanted.text))
        return self._pool.external_copy(await asyncio.to_thread(_value_of, wanted.kind, wanted.text))

    async def delivered(self, copy: ExternalCopy, place: Place, name: str, calls: bool) -> int:
        """Microseconds that the target's thread took."""
        context = self._context(place)
        arrived = await copy.into(context, name="" if calls else name, timeout_s=None)
        try:
            if calls:
                function = await context.isolate.values.reference(name, context.context_id)
                try:
                    (await function.apply([arrived])).release()
                finally:
                    function.release()
            return arrived.work_us
        finally:
            arrived.release()

    async def given(self, wanted: Wanted, targets: list[Place]) -> str:
        """A reference to the value for scripts of each target; what it is, for a person."""
        if wanted.kind not in _LIVING or wanted.source is None:
            raise UsageError("Give a reference", "what comes from here lives in no isolate", "Send a copy.")
        reference = await self._reference(wanted)
        try:
            for place in targets:
                await reference.give_to(self._context(place), name=wanted.name)
            return reference.text
        finally:
            reference.release()

    async def keep(self, copy: ExternalCopy, *, keeps: bool) -> None:
        """For a replay, while there is room; a transferred value stays nowhere."""
        if copy in self._kept:
            return
        if not keeps or copy.size > KEPT_BYTES:
            copy.release()
            return
        self._kept.append(copy)
        while len(self._kept) > _KEPT_COPIES or sum(one.size for one in self._kept) > KEPT_BYTES:
            self._kept.popleft().release()

    async def replay(self, moved: ValueMoved) -> None:
        """The same copy to the same place. GoneError when it is not kept any more."""
        copy = self._kept_copy(moved.copy_id)
        if moved.to_isolate_id is None:
            raise GoneError("Send a message again", "it went nowhere", "Send the value again from its source.")
        await self.delivered(copy, (moved.to_isolate_id, moved.to_context_id), moved.name, calls=False)

    # --- inside ---

    def _kept_copy(self, copy_id: int) -> ExternalCopy:
        copy = next((one for one in self._kept if one.copy_id == copy_id and one.is_held), None)
        if copy is None:
            cause = "its copy is not kept any more"
            raise GoneError("Send a message again", cause, "Send the value again from its source.")
        return copy

    def _context(self, place: Place) -> Context:
        return self._pool.isolate(place[0]).context(place[1], "Send a value")

    async def _reference(self, wanted: Wanted) -> Reference:
        assert wanted.source is not None
        (isolate_id, context_id), text = wanted.source, wanted.text
        values = self._pool.isolate(isolate_id).values
        if wanted.kind == "object":
            return await values.hold(text, context_id, timeout_s=LOOK_S)
        return await values.reference(f"({text})" if text.startswith("{") else text, context_id, timeout_s=LOOK_S)


def _as_reference(level: Mapping[str, Any]) -> dict[str, Any]:
    """The same level where nothing is copied before it is asked for."""
    rows = [_referenced(row) for row in level["rows"]]
    return {**level, "self": _referenced(level["self"]), "rows": rows, "dropped": []}


def _referenced(row: Mapping[str, Any]) -> dict[str, Any]:
    if row["kind"] == "getter":
        return {**row, "why": "a getter: it runs there when it is asked for"}
    plain = row["kind"] in _PLAIN
    verdict = ("copied", "when it is asked for") if plain else ("referenced", "it stays where it lives")
    return {**row, "verdict": verdict[0], "why": verdict[1]}


def _value_of(kind: str, text: str) -> Any:
    """What JSON text or a file stands for. UsageError when it can't be read."""
    try:
        if kind == "json":
            return _json(text)
        path = Path(text).expanduser()
        return _json(path.read_text(encoding="utf-8")) if path.suffix == ".json" else bytearray(path.read_bytes())
    except (OSError, ValueError) as error:
        raise UsageError(f"Read {'the JSON text' if kind == 'json' else text}", str(error)) from None


def _json(text: str) -> Any:
    """As JSON.parse: every number is a double."""
    return json.loads(text, parse_int=lambda digits: int(digits) if len(digits) < 16 else float(digits))
