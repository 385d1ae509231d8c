"""The public endpoint: where any CDP debugger attaches to isolates of a pool, on 127.0.0.1, while it is open."""

from __future__ import annotations

from inspector.endpoint.addresses import devtools_url, launch_configuration
from inspector.endpoint.endpoint import DEFAULT_PORT, Endpoint

__all__ = ["DEFAULT_PORT", "Endpoint", "devtools_url", "launch_configuration"]
