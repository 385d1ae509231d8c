"""The endpoint: one port on 127.0.0.1 while it is open, the isolates that were allowed, the debuggers that came."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable, Collection, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import uuid4

from inspector.diagnostics.versions import versions
from inspector.endpoint.addresses import websocket_url
from inspector.endpoint.attachment import Attachment
from inspector.endpoint.documents import Listed, list_document, protocol_document, version_document
from inspector.endpoint.guard import Attach, Document, Refusal, Request, decide
from inspector.endpoint.socket import Ears, Socket, answer, listen, refuse
from inspector.errors import GoneError, InspectorError, UsageError
from inspector.events import Event, IsolateEnded
from inspector.pool import Isolate, Pool

if TYPE_CHECKING:
    import picows

__all__ = ["DEFAULT_PORT", "MOST_DEBUGGERS", "Endpoint"]

DEFAULT_PORT = 9229  # Node's: chrome://inspect and VS Code look there
MOST_DEBUGGERS = 100  # attached at once, over all isolates
_HOST = "127.0.0.1"
_LOOK_S = 0.25


class Endpoint:
    """Belongs to the pool's loop. Nothing listens before `open` and after `close`."""

    def __init__(self, pool: Pool, *, origins: Collection[str] = ()) -> None:
        """`origins`: of front ends that are allowed besides the ones that browsers carry."""
        self._pool = pool
        self._origins = frozenset(origins)
        self._server: asyncio.Server | None = None
        self._targets: dict[str, int] = {}  # id in the URL -> isolate
        self._attached: set[_Guest] = set()
        self._unsubscribe: Callable[[], None] = lambda: None
        self._clock: asyncio.TimerHandle | None = None
        self.host = _HOST
        self.port = 0  # 0: closed

    async def open(self, port: int = 0) -> None:
        """Listen; 0: on any free port. UsageError when the port can't be had."""
        if self._server is not None:
            return
        try:
            self._server = await listen(self.host, port, self._route)
        except (OSError, OverflowError) as error:
            in_use = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
            cause = f"port {port} is in use" if in_use else f"port {port} can't be had ({error})"
            raise UsageError("Open the endpoint for debuggers", cause, "Choose another, or 0 for any.") from None
        self.port = self._server.sockets[0].getsockname()[1]
        self._unsubscribe = self._pool.subscribe(self._hear)

    async def close(self, reason: str = "debuggers are not allowed any more") -> None:
        """Stop listening, and send every debugger away: their breakpoints go, paused isolates go on. Idempotent."""
        self._unsubscribe()
        server, self._server, self.port = self._server, None, 0
        self._targets.clear()
        if server is not None:
            server.close()
        for guest in tuple(self._attached):
            guest.send_away(reason)
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
        if self._attached:
            await asyncio.wait([guest.gone for guest in self._attached])

    def allow(self, isolate_id: int) -> str:
        """Let debuggers attach to an isolate; the address to give them. Keeps the one it has. GoneError, UsageError."""
        if self._server is None:
            raise UsageError("Allow debuggers", "the endpoint is closed", "Open it first.")
        self._pool.isolate(isolate_id)
        target = next((one for one, allowed in self._targets.items() if allowed == isolate_id), None)
        if target is None:
            target = str(uuid4())
            self._targets[target] = isolate_id
        return websocket_url(self.host, self.port, target)

    def disallow(self, isolate_id: int, reason: str = "debuggers are not allowed here any more") -> None:
        """No debugger attaches to an isolate any more, and those that are leave."""
        self._targets = {target: one for target, one in self._targets.items() if one != isolate_id}
        for guest in tuple(self._attached):
            if guest.isolate_id == isolate_id:
                guest.send_away(reason)

    @property
    def allowed(self) -> dict[int, str]:
        """isolate_id -> its address."""
        return {isolate_id: websocket_url(self.host, self.port, one) for one, isolate_id in self._targets.items()}

    # --- requests ---

    def _route(self, request: Request) -> picows.WSListener | picows.WSUpgradeResponseWithListener:
        decision = decide(request, self._targets, self._origins)
        if isinstance(decision, Refusal):
            return refuse(decision.status, decision.words)
        if isinstance(decision, Document):
            return answer(self._document(decision))
        return self._attach(decision, request)

    def _document(self, asked: Document) -> bytes:
        started = [host.started for host in self._pool.hosts.values() if host.started is not None]
        if asked.name == "version":
            return version_document(versions()["isolate-inspector"] or "0", started[0].v8_version if started else "")
        if asked.name == "protocol":
            return protocol_document(portable=self._pool.engine_choice.name == "portable")
        return list_document(self.host, self.port, self._listed())

    def _listed(self) -> Iterable[Listed]:
        isolates = self._pool.isolates
        for target, isolate_id in self._targets.items():
            isolate = isolates.get(isolate_id)
            if isolate is not None:
                yield Listed(target, isolate.name, _main_url(isolate))

    def _attach(self, decision: Attach, request: Request) -> picows.WSListener | picows.WSUpgradeResponseWithListener:
        if len(self._attached) >= MOST_DEBUGGERS:
            words = f"{MOST_DEBUGGERS} debuggers are attached already. Close one first."
            return refuse(HTTPStatus.SERVICE_UNAVAILABLE, words)
        try:
            isolate = self._pool.isolate(self._targets[decision.target])
        except GoneError as error:
            return refuse(HTTPStatus.NOT_FOUND, str(error))
        client = "Chrome DevTools" if request.origins else "a program on this machine"
        guest = _Guest(isolate, client, self._attached.discard, self._look_soon)
        self._attached.add(guest)
        return Socket(guest)

    # --- time and events ---

    def _hear(self, event: Event) -> None:
        if isinstance(event, IsolateEnded):
            self.disallow(event.isolate_id, "the isolate has ended")

    def _look_soon(self) -> None:
        if self._clock is None and self._server is not None:
            self._clock = asyncio.get_running_loop().call_later(_LOOK_S, self._look)

    def _look(self) -> None:
        self._clock = None
        now_s = asyncio.get_running_loop().time()
        waiting = [guest.look(now_s) for guest in tuple(self._attached)]
        if any(waiting):
            self._look_soon()


class _Guest(Ears):
    """One debugger, from its handshake to its end."""

    def __init__(
        self,
        isolate: Isolate,
        client: str,
        left: Callable[[_Guest], None],
        look_soon: Callable[[], None],
    ) -> None:
        self.isolate_id = isolate.isolate_id
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._isolate = isolate
        self._client = client
        self._left = left
        self._look_soon = look_soon
        self._attachment: Attachment | None = None
        self._over = ""  # sent away before it had come

    def opened(self, socket: Socket) -> str:
        if self._over:
            return self._over
        try:
            self._attachment = Attachment(self._isolate, socket, self._client, self._look_soon)
        except InspectorError as error:
            return str(error)
        return ""

    def heard(self, text: bytes) -> None:
        if self._attachment is not None:
            self._attachment.take(text)

    def drained(self) -> None:
        self.look(asyncio.get_running_loop().time())

    def look(self, now_s: float) -> bool:
        """Whether something still waits for it."""
        if self._attachment is None:
            return False
        self._attachment.look(now_s)
        return self._attachment.waits

    def send_away(self, reason: str) -> None:
        self._over = reason
        if self._attachment is not None:
            self._attachment.close(reason)

    def closed(self, reason: str) -> None:
        if self._attachment is not None:
            self._attachment.detach(reason)
        self._left(self)
        if not self.gone.done():
            self.gone.set_result(None)


def _main_url(isolate: Isolate) -> str:
    """The newest file that ran, as Node tells its main script."""
    context = isolate.contexts.get(isolate.last_file_context_id)
    path = None if context is None else context.files.last
    return "" if path is None else path.absolute().as_uri()
