"""What an action is before Qt knows it: its words, its shortcuts, and when it can be used."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from inspector.states import Capability
from ui.models.records import ContextRecord, IsolateRecord

__all__ = ["Situation", "Spec", "why_not"]


class Situation(Struct, frozen=True):
    """What the actions look at: the selection and what the engine can do."""

    ready: bool = False  # the pool is open
    trouble: str = ""  # why the pool can't open
    stopped: str = ""  # why no host process is started any more
    isolate: IsolateRecord | None = None
    context: ContextRecord | None = None
    capabilities: Mapping[str, str] = field(default_factory=dict)  # capability -> "" or the reason why not
    ended: int = 0  # rows that could be cleared
    engine: str = ""
    file: str = ""  # of the selected script, while its context lives
    recording: bool = False  # a recording is under way


class Spec(Struct, frozen=True):
    key: str
    text: str
    tip: str
    icon: str = ""
    shortcuts: tuple[str, ...] = ()
    needs: Callable[[Situation], str] = lambda _situation: ""  # "" or why it can't be used now
    capability: Capability | None = None
    checkable: bool = False


def why_not(spec: Spec, now: Situation) -> str:
    """Why an action can't be used now; "" when it can. The engine's own reason comes first: no selection changes
    it.
    """
    if spec.capability is not None:
        reason = now.capabilities.get(str(spec.capability), "")
        if reason:
            return f"The {now.engine or 'engine'} can't: {reason}"
    return spec.needs(now)
