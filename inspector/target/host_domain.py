"""Our own Host domain: what a host process tells about itself, read into values and events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from inspector.cdp.message import Notification
from inspector.errors import LinkError
from inspector.events import Birth, BytesDropped, Event, HostMeasured, LedgerEntry

__all__ = ["Hello", "read_birth", "read_hello", "read_ledger", "translate_host"]


class Hello(Struct, frozen=True):
    """`Host.hello`: the first message of a host."""

    link_version: int
    pid: int
    engine: str
    engine_reason: str
    v8_version: str
    v8_flags: tuple[str, ...]
    capabilities: Mapping[str, str]
    walls: Mapping[str, str]


def read_hello(params: Mapping[str, Any]) -> Hello:
    """Raises `LinkError` when it is garbled."""
    try:
        return Hello(
            link_version=int(params["linkVersion"]),
            pid=int(params["pid"]),
            engine=str(params["engine"]),
            engine_reason=str(params.get("engineReason") or ""),
            v8_version=str(params.get("v8Version") or ""),
            v8_flags=_flags(params.get("v8Flags")),
            capabilities=_texts(params.get("capabilities")),
            walls=_texts(params.get("walls")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise LinkError("Read Host.hello", f"the message was garbled ({type(error).__name__}: {error})") from None


def read_birth(raw: Mapping[str, Any], host_start_ms: float | None) -> Birth:
    """`birth` of an answer to `Host.createIsolate`; `host_start_ms` only of the first isolate of a host."""
    inspector_ms = raw.get("inspectorMs")
    added = raw.get("addedBytes")
    return Birth(
        host_start_ms=host_start_ms,
        isolate_ms=_number(raw.get("isolateMs")),
        inspector_ms=None if inspector_ms is None else _number(inspector_ms),
        context_ms=_number(raw.get("contextMs")),
        prelude_ms=_number(raw.get("preludeMs")),
        added_bytes=None if added is None else int(_number(added)),
    )


def read_ledger(raw: Any) -> LedgerEntry | None:
    """`ledger` of an answer to `Host.disposeIsolate`; None when the host gave none."""
    if not isinstance(raw, Mapping):
        return None
    return LedgerEntry(
        resident_before_bytes=int(_number(raw.get("residentBeforeBytes"))),
        resident_after_bytes=int(_number(raw.get("residentAfterBytes"))),
        used_bytes=int(_number(raw.get("usedBytes"))),
        external_bytes=int(_number(raw.get("externalBytes"))),
        dispose_ms=_number(raw.get("disposeMs")),
    )


def translate_host(notification: Notification, host_id: int, at_us: int) -> Event | None:
    """`Host.measured` and `Host.samplesDropped` as events; None for all others. Raises `LinkError` when garbled."""
    read = _TABLE.get(notification.method)
    if read is None:
        return None
    try:
        return read(notification.params, host_id, at_us)
    except (KeyError, TypeError, ValueError) as error:
        cause = f"the message was garbled ({type(error).__name__}: {error})"
        raise LinkError(f"Read {notification.method}", cause) from None


def _measured(params: Mapping[str, Any], host_id: int, at_us: int) -> Event:
    at_us = int(params.get("atUs", at_us))
    rows = params.get("isolates", ())
    isolates = tuple((int(one), _whole_or_none(cpu), _whole_or_none(run)) for one, cpu, run in rows)
    return HostMeasured(at_us, host_id, int(params["residentBytes"]), int(params["cpuUs"]), isolates)


def _samples_dropped(params: Mapping[str, Any], host_id: int, at_us: int) -> Event:
    return BytesDropped(at_us, host_id, str(params.get("what") or "samples"), int(params["count"]))


_TABLE: Mapping[str, Callable[[Mapping[str, Any], int, int], Event]] = {
    "Host.measured": _measured,
    "Host.samplesDropped": _samples_dropped,
}


def _flags(raw: Any) -> tuple[str, ...]:
    return tuple(raw.split()) if isinstance(raw, str) else tuple(str(flag) for flag in raw or ())


def _texts(raw: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in raw.items()} if isinstance(raw, Mapping) else {}


def _whole_or_none(value: Any) -> int | None:
    return None if value is None else int(value)


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
