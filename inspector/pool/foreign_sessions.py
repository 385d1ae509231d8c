"""All foreign debuggers of one isolate: who is attached is told, at most ten times a second; all leave with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from inspector.errors import InspectorError
from inspector.events import AttachedDebugger, DebuggersChanged, Event
from inspector.pool.foreign_session import ForeignSession, SessionReceiver
from inspector.pool.link import HostLink
from inspector.target.clock import now_us
from inspector.wire import foreign_session_id, session_id

__all__ = ["ForeignSessions"]

_TELL_S = 0.1


class ForeignSessions:
    """Of one isolate. Belongs to the pool's loop."""

    def __init__(self, isolate_id: int, link: HostLink, publish: Callable[[Event], None]) -> None:
        self._isolate_id = isolate_id
        self._link = link
        self._publish = publish
        self._numbers = count(1)
        self._open: dict[int, ForeignSession] = {}
        self._telling: asyncio.TimerHandle | None = None
        self._told: tuple[AttachedDebugger, ...] = ()
        self._over = False

    @property
    def sessions(self) -> tuple[ForeignSession, ...]:
        """Those that are open, oldest first."""
        return tuple(self._open.values())

    def records(self) -> tuple[AttachedDebugger, ...]:
        return tuple(session.record() for session in self._open.values())

    def open(self, client: str, receiver: SessionReceiver) -> ForeignSession:
        """Attach; commands may be sent at once. Raises what closed the link."""
        number = next(self._numbers)
        self._ask("Isolate.openSession", number, self._refused(number))
        session = ForeignSession(
            number,
            foreign_session_id(self._isolate_id, number),
            client,
            receiver,
            link=self._link,
            grant=self._grant,
            changed=self._tell_soon,
            ended=self._ended,
            since_us=now_us(),
        )
        self._open[number] = session
        self._tell()
        return session

    def lost(self, params: Mapping[str, Any]) -> None:
        """The host has closed a session."""
        session = self._open.get(int(params["session"]))
        if session is not None:
            session.close(str(params.get("reason") or "closed by the host process"))

    def close_all(self, reason: str) -> None:
        """The isolate has ended, or its debuggers are to leave."""
        for session in tuple(self._open.values()):
            session.end(reason)

    def end(self, reason: str) -> None:
        """The isolate has ended; nothing is told after that."""
        self._over = True
        if self._telling is not None:
            self._telling.cancel()
        self.close_all(reason)

    def _grant(self, number: int, granted: int) -> None:
        self._link.tell("Isolate.grantSession", {"session": number, "bytes": granted}, session_id(self._isolate_id))

    def _ended(self, session: ForeignSession, _reason: str) -> None:
        del self._open[session.number]
        if not self._over:
            self._ask("Isolate.closeSession", session.number, lambda _: None)
            self._tell()

    def _ask(self, method: str, number: int, done: Callable[[Mapping[str, Any] | InspectorError], None]) -> None:
        self._link.ask(method, {"session": number}, session_id(self._isolate_id), done)

    def _refused(self, number: int) -> Callable[[Mapping[str, Any] | InspectorError], None]:
        def done(answer: Mapping[str, Any] | InspectorError) -> None:
            session = self._open.get(number)
            if isinstance(answer, InspectorError) and session is not None:
                session.close(answer.cause)

        return done

    def _tell_soon(self) -> None:
        if self._telling is None and not self._over:
            self._telling = asyncio.get_running_loop().call_later(_TELL_S, self._tell)

    def _tell(self) -> None:
        if self._telling is not None:
            self._telling.cancel()
            self._telling = None
        records = self.records()
        if records != self._told:
            self._told = records
            self._publish(DebuggersChanged(now_us(), self._isolate_id, records))
