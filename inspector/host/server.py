"""The host's command table: messages from the pool in, calls on isolates out. No message can end the loop.

`Host.*` without `sessionId`, `Isolate.*` and V8's own with `sessionId` "i<isolate_id>".
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

from inspector.engine.port import STANDING_SESSION, IsolateSpec
from inspector.errors import ProtocolError
from inspector.host.copies import Copies
from inspector.host.inbox import Inbox
from inspector.host.isolate_commands import IsolateCommands
from inspector.host.json_text import load
from inspector.host.link import Link
from inspector.host.params import INVALID_PARAMS, METHOD_NOT_FOUND, PARSE_ERROR, SERVER_ERROR, Params
from inspector.host.population import Population
from inspector.host.sampler import DEFAULT_RATE_HZ, MAX_RATE_HZ, MIN_RATE_HZ
from inspector.host.session_commands import dispatch_foreign
from inspector.host.urgent import URGENT

__all__ = ["Server"]

_MOST_ID = (1 << 32) - 1  # isolate ids are a u32 in sample records
_LEAST_LIMIT = 1 << 20
_MOST_LIMIT = 1 << 42
_SESSION = re.compile(r"i([0-9]{1,10})(?:\.([0-9]{1,15}))?")
_log = logging.getLogger(__name__)


class Server:
    """Serves one pool. `receive` is called with each text message."""

    def __init__(
        self,
        link: Link,
        population: Population,
        isolate_commands: IsolateCommands,
        inbox: Inbox,
        *,
        copies: Copies,
        end: Callable[[int | None], None],
    ) -> None:
        self._link = link
        self._inbox = inbox
        self._copies = copies
        self._population = population
        self._isolate_commands = isolate_commands.table
        self._end = end
        self._host_commands: dict[str, Callable[[int | None, Params], None]] = {
            "Host.createIsolate": self._create_isolate,
            "Host.disposeIsolate": self._dispose_isolate,
            "Host.grantCredit": self._grant_credit,
            "Host.sendCopy": self._send_copy,
            "Host.takeCopy": self._take_copy,
            "Host.sealCopy": self._seal_copy,
            "Host.dropCopy": self._drop_copy,
            "Host.grantBulk": self._grant_bulk,
            "Host.ping": lambda command_id, _: self._link.answer(command_id, {}),
            "Host.close": lambda command_id, _: self._end(command_id),
        }

    def receive(self, text: bytes) -> None:
        """Serve one message. Whatever is wrong with it becomes an error answer."""
        command_id: int | None = None
        session = ""
        self._inbox.expect()
        try:
            message = _read(text)
            raw_id, session_value = message.get("id"), message.get("sessionId")
            command_id = raw_id if isinstance(raw_id, int) and not isinstance(raw_id, bool) else None
            session = session_value if isinstance(session_value, str) else ""
            self._serve(message, command_id, session, text)
        except ProtocolError as error:
            self._link.refuse(command_id, error.code, _words(error), session)
        except Exception as error:
            _log.exception("A command failed inside the host")
            self._link.refuse(command_id, SERVER_ERROR, f"{type(error).__name__}: {error}", session)

    def _serve(self, message: dict[str, Any], command_id: int | None, session: str, text: bytes) -> None:
        method = message.get("method")
        if not isinstance(method, str):
            raise ProtocolError("Read a message", "it has no method", code=INVALID_PARAMS)
        if session:
            self._serve_isolate(message, method, command_id, session, text)
            return
        serve = self._host_commands.get(method)
        if serve is None:
            raise ProtocolError(method, *_unknown(method, self._host_commands), code=METHOD_NOT_FOUND)
        serve(command_id, Params(method, message.get("params")))

    def _serve_isolate(
        self, message: dict[str, Any], method: str, command_id: int | None, session: str, text: bytes
    ) -> None:
        isolate_id, number = _session(session, method)
        if method == "Isolate.grantSession" and not self._population.lives(isolate_id):
            return  # it wants no answer, and was sent before the pool knew
        isolate = self._population.find(isolate_id, method)
        if isolate.disposing or not isolate.born:
            cause = "is being disposed" if isolate.disposing else "is not born yet"
            raise ProtocolError(method, f"isolate {isolate.isolate_id} {cause}", code=SERVER_ERROR)
        if number:
            dispatch_foreign(isolate, number, method, text)
            return
        serve = self._isolate_commands.get(method)
        if serve is not None:
            serve(isolate, command_id, Params(method, message.get("params")))
        elif method.startswith(("Isolate.", "Host.")):
            raise ProtocolError(method, *_unknown(method, self._isolate_commands), code=METHOD_NOT_FOUND)
        else:
            isolate.pending.add(command_id)  # V8's inspector looks past `sessionId`: the text goes on as it is
            isolate.engine.dispatch(STANDING_SESSION, text, urgent=method in URGENT)

    def _create_isolate(self, command_id: int | None, params: Params) -> None:
        spec = IsolateSpec(
            isolate_id=params.whole("isolateId", 0, _MOST_ID),
            name=params.text("name"),
            memory_limit_bytes=params.whole("memoryLimitBytes", _LEAST_LIMIT, _MOST_LIMIT),
            prelude=params.one_of("prelude", ("bare", "web"), "web"),
            prelude_files=params.url_sources("preludeFiles"),
            on_limit=params.one_of("onLimit", ("keep", "replace", "dispose"), "keep"),
        )
        rate = params.number("sampleRateHz", MIN_RATE_HZ, MAX_RATE_HZ, DEFAULT_RATE_HZ)
        self._population.create(command_id, spec, rate)

    def _dispose_isolate(self, command_id: int | None, params: Params) -> None:
        self._population.dispose(params.whole("isolateId", 0, _MOST_ID), command_id, "disposed on request")

    def _grant_credit(self, command_id: int | None, params: Params) -> None:
        self._link.grant(params.whole("bytes", 0, 1 << 53))
        if command_id is not None:
            self._link.answer(command_id, {})

    # --- copies of values ---

    def receive_binary(self, message: bytes) -> None:
        """Take a part of a copy. What is wrong with it is told as an error that answers nothing."""
        try:
            self._copies.arrived(message)
        except ProtocolError as error:
            self._link.refuse(None, error.code, _words(error))

    def _send_copy(self, command_id: int | None, params: Params) -> None:
        size, frames = self._copies.frames(params.whole("copyId", 1, 1 << 53))
        self._link.answer(command_id, {"bytes": size})
        self._link.bulk(frames)

    def _take_copy(self, command_id: int | None, params: Params) -> None:
        self._copies.announce(params.whole("copyId", 1, 1 << 53), params.whole("bytes", 0, _MOST_LIMIT))
        self._link.answer(command_id, {})

    def _seal_copy(self, command_id: int | None, params: Params) -> None:
        self._copies.seal(params.whole("copyId", 1, 1 << 53))
        self._link.answer(command_id, {})

    def _drop_copy(self, command_id: int | None, params: Params) -> None:
        self._copies.drop(params.whole("copyId", 1, 1 << 53))
        if command_id is not None:
            self._link.answer(command_id, {})

    def _grant_bulk(self, command_id: int | None, params: Params) -> None:
        self._link.grant_bulk(params.whole("bytes", 0, 1 << 53))
        if command_id is not None:
            self._link.answer(command_id, {})


def _read(text: bytes) -> dict[str, Any]:
    try:
        message = load(text)
    except ValueError as error:
        raise ProtocolError("Read a message", f"it is no JSON ({error})", code=PARSE_ERROR) from None
    if not isinstance(message, dict):
        raise ProtocolError("Read a message", "it is no JSON object", code=PARSE_ERROR)
    return message


def _session(session: str, method: str) -> tuple[int, int]:
    """The isolate and the number of a session: 0 for the standing one, whose name has none."""
    named = _SESSION.fullmatch(session)
    if named is None:
        cause = f"there is no session {session[:40]!r}"
        raise ProtocolError(method, cause, 'Sessions are named "i" and the id.', code=INVALID_PARAMS)
    return int(named[1]), int(named[2] or STANDING_SESSION)


def _words(error: ProtocolError) -> str:
    """Cause and remedy: who asked knows its action."""
    cause = error.cause.rstrip(".") + "."
    return f"{cause} {error.remedy}" if error.remedy else cause


def _unknown(method: str, table: dict[str, Any]) -> tuple[str, str]:
    return f"{method} is not served here", "Served are: " + ", ".join(table) + "."
