"""A tooltip's text."""

from __future__ import annotations

__all__ = ["plain_tip"]


def plain_tip(text: str) -> str:
    """`text` as a tooltip that Qt can't take for markup; line feeds stay."""
    # not html.escape: its module costs the first window 3 ms
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
    return f"<qt>{escaped}</qt>"
