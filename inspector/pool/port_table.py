"""The ports of channels that end in one isolate, by number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inspector.pool.channel import Channel, Port
from inspector.pool.link import HostLink

__all__ = ["PortTable"]


class PortTable(dict[int, tuple[Channel, Port]]):
    """Belongs to the pool's loop. `open_channel` puts a port in, `Channel.close` takes it out."""

    def __init__(self, link: HostLink) -> None:
        super().__init__()
        self._link = link

    def used(self, params: Mapping[str, Any]) -> None:
        """A script used one: see `inspector.engine.ports.Posted`."""
        found = self.get(int(params["port"]))
        if found is not None:
            found[0].used(found[1], params)
        elif "copyId" in params:  # posted before the word of its end came there
            self._link.tell("Host.dropCopy", {"copyId": int(params["copyId"])})

    def close(self, why: str, context_id: int | None = None) -> None:
        """End the channels of a context, or of all; the other sides hear why."""
        for channel, port in list(self.values()):
            if context_id is None or port.context.context_id == context_id:
                channel.close(why, by=port)
