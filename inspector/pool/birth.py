"""The birth of one isolate: the command to its host, and everything that must be known before its first event."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from inspector.errors import EngineError, InspectorError, LinkError, PreludeError, ProtocolError
from inspector.events import IsolateCreated
from inspector.pool.isolate import Isolate
from inspector.pool.link import HostLink
from inspector.sources.source import Source
from inspector.target.clock import now_us
from inspector.target.host_domain import read_birth

__all__ = ["Order", "give_birth"]


class Order(Struct, frozen=True):
    """Under which circumstances. `host_start_ms`: only of the first isolate of a host."""

    host_start_ms: float | None
    alone: bool
    replaces_isolate_id: int | None = None
    preludes: tuple[Source, ...] = ()  # the user's own


async def give_birth(isolate: Isolate, link: HostLink, order: Order) -> None:
    """Returns when `isolate` is born and told. When the caller is cancelled, it is disposed as soon as it lives."""
    born: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def done(answer: Mapping[str, Any] | InspectorError) -> None:
        failure = _refused(isolate, answer) if isinstance(answer, InspectorError) else _announce(isolate, answer, order)
        if born.cancelled():
            if failure is None:
                isolate.start_disposing()
        elif failure is None:
            born.set_result(None)
        else:
            born.set_exception(failure)

    for source in order.preludes:
        isolate.expect_script(source)
    link.ask("Host.createIsolate", _params(isolate, order), "", done)
    await born


def _refused(isolate: Isolate, error: InspectorError) -> InspectorError:
    """What the host says of a birth, in the user's terms; what became of the host as it is."""
    if not isinstance(error, ProtocolError):
        return error
    kind = PreludeError if error.cause.startswith(PreludeError.ACTION) else EngineError
    return kind(f"Create {isolate.name}", error.cause)


def _params(isolate: Isolate, order: Order) -> dict[str, Any]:
    settings = isolate.settings
    return {
        "isolateId": isolate.isolate_id,
        "name": isolate.name,
        "memoryLimitBytes": isolate.memory_limit_bytes,
        "prelude": settings.prelude,
        "preludeFiles": [{"url": source.url, "source": source.text} for source in order.preludes],
        "onLimit": settings.on_limit,
        "sampleRateHz": settings.sample_rate_hz,
    }


def _announce(isolate: Isolate, answer: Mapping[str, Any], order: Order) -> InspectorError | None:
    try:
        created = IsolateCreated(
            at_us=now_us(),
            isolate_id=isolate.isolate_id,
            host_id=isolate.host_id,
            name=isolate.name,
            memory_limit_bytes=isolate.memory_limit_bytes,
            v8_limit_bytes=int(answer["v8LimitBytes"]),
            alone=order.alone,
            birth=read_birth(answer["birth"], order.host_start_ms),
            on_limit=isolate.settings.on_limit,
            replaces_isolate_id=order.replaces_isolate_id,
        )
        context_id = int(answer["contextId"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return LinkError(f"Create {isolate.name}", f"the host's answer was garbled ({type(error).__name__}: {error})")
    isolate.host.add(isolate)
    isolate.born(created, context_id)
    return None
