"""Who may ask for what: rules for the request that opens a connection. Sans-I/O.

A page of the web may send requests to 127.0.0.1, under a name of its own that it resolves to there (DNS rebinding):
hence the rule for `Host`. It may open WebSockets from its own origin: hence the rule for `Origin`; programs send none.
Who is on this machine and gets past both can read the list and attach, as with `node --inspect`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from http import HTTPStatus
from ipaddress import ip_address

from msgspec import Struct

__all__ = ["Attach", "Document", "Refusal", "Request", "decide"]

_FRONT_ENDS = frozenset({"devtools://devtools", "chrome-devtools://devtools"})
_DOCUMENTS = {"/json": "list", "/json/list": "list", "/json/version": "version", "/json/protocol": "protocol"}
_PORT = re.compile(r":[0-9]{0,5}\Z")


class Request(Struct, frozen=True):
    method: str
    path: str  # with its query
    hosts: tuple[str, ...]  # each `Host` header
    origins: tuple[str, ...]  # each `Origin` header
    upgrade: bool  # it asks for a WebSocket


class Refusal(Struct, frozen=True):
    status: HTTPStatus
    words: str


class Document(Struct, frozen=True):
    name: str  # "list", "version", "protocol"


class Attach(Struct, frozen=True):
    target: str  # the id of what to attach to


def decide(request: Request, targets: Collection[str], origins: Collection[str] = ()) -> Refusal | Document | Attach:
    """`targets`: the ids that can be attached to; `origins`: allowed besides the front ends that browsers carry."""
    if len(request.hosts) != 1 or not _is_loopback(request.hosts[0]):
        return Refusal(HTTPStatus.FORBIDDEN, "The Host header must name this machine: localhost or a loopback address.")
    if request.origins and (len(request.origins) > 1 or not _is_front_end(request.origins[0], origins)):
        words = "This Origin is no DevTools front end. serve --allow-origin ORIGIN admits another."
        return Refusal(HTTPStatus.FORBIDDEN, words)
    if request.method not in ("GET", ""):
        return Refusal(HTTPStatus.METHOD_NOT_ALLOWED, "Only GET is served here.")
    path = request.path.partition("?")[0]
    if not request.upgrade:
        document = _DOCUMENTS.get(path.rstrip("/"))
        if document is not None:
            return Document(document)
        return Refusal(HTTPStatus.NOT_FOUND, "Served are /json/list, /json/version, /json/protocol and WebSockets.")
    target = path.removeprefix("/")
    if target not in targets:
        return Refusal(HTTPStatus.NOT_FOUND, "No isolate of this id takes debuggers. /json/list tells those that do.")
    return Attach(target)


def _is_loopback(host: str) -> bool:
    name = _PORT.sub("", host.strip()).lower()
    if name == "localhost":
        return True
    if name.startswith("[") and name.endswith("]"):
        name = name[1:-1]
    elif ":" in name:
        return False
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _is_front_end(origin: str, allowed: Collection[str]) -> bool:
    return origin in _FRONT_ENDS or origin in allowed
