"""What a drop, a paste or an "Open" would do, decided before anything is done: pure functions on what is offered
and where.

A drop is only ever taken as a copy. Text, images and addresses that are no local files are refused with a line that
says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QMimeData, Qt, QUrl

from inspector.states import IsolateState
from inspector.text import visible
from ui.models.pool_state import PoolState
from ui.models.recording_files import recordings_of
from ui.models.records import IsolateRecord
from ui.models.tree_nodes import Kind, Node
from ui.models.value_drag import DraggedValue

__all__ = ["DropPlan", "Offer", "Where", "offer_of", "offer_of_text", "plan_drop", "plan_for", "plan_value"]


class Where(Enum):
    NEW_EACH = "each in a new isolate"
    NEW_ONE = "all in one new isolate"
    NEW_ALONE = "each alone in its process"
    ISOLATE = "in an isolate"
    CONTEXT = "in a context"
    EVERY = "in every isolate"
    RECORDING = "as recordings"
    VALUE = "a value into a context"


class Offer(Struct, frozen=True):
    """Local paths that are offered, or why none of it can be taken."""

    paths: tuple[Path, ...] = ()
    trouble: str = ""


class DropPlan(Struct, frozen=True):
    """What will happen. `refused`: nothing will, and `sentence` says why."""

    where: Where
    paths: tuple[Path, ...]
    sentence: str
    isolate_id: int | None = None
    context_id: int | None = None
    refused: bool = False


def offer_of(data: QMimeData) -> Offer:
    """The files in what is dragged or pasted."""
    if data.hasUrls():
        return _offer_of_urls(data.urls())
    if data.hasImage():
        return Offer(trouble="An image can't run: drop JavaScript files.")
    if data.hasText():
        return Offer(trouble="Text can't be dropped: save it as a .js file, or type it into the console.")
    return Offer(trouble="This is no file: drop JavaScript files.")


def offer_of_text(text: str) -> Offer:
    """Paths on the clipboard, one a line: absolute, from the home folder ("~/x.js"), or as file:// addresses."""
    lines = [line.strip().strip("\"'") for line in text.splitlines() if line.strip()]
    if not lines:
        return Offer(trouble="The clipboard holds no paths.")
    paths = []
    for line in lines[:1000]:
        path = Path(QUrl(line).toLocalFile()) if line.startswith("file:") else _home(line)
        if not path.is_absolute():
            return Offer(trouble=f"The clipboard holds no absolute path: “{visible(line, 60)}”.")
        paths.append(path)
    return Offer(tuple(paths))


def plan_drop(offer: Offer, node: Node | None, modifiers: Qt.KeyboardModifier, state: PoolState) -> DropPlan:
    """The plan for a drop on a row of the tree, or on empty space (None)."""
    if recordings_of(offer.paths):
        return plan_for(Where.RECORDING, offer.paths, state)
    if offer.trouble or state.trouble:
        return DropPlan(Where.NEW_EACH, (), offer.trouble or visible(state.trouble, 200), refused=True)
    if node is not None and node.kind is Kind.POOL:
        return plan_for(Where.EVERY, offer.paths, state)
    if node is not None and node.isolate_id is not None:
        owner: Node | None = node if node.kind is Kind.CONTEXT else node.parent if node.kind is Kind.SCRIPT else None
        context_id = owner.record.context_id if owner is not None else None
        where = Where.ISOLATE if context_id is None else Where.CONTEXT
        return plan_for(where, offer.paths, state, isolate_id=node.isolate_id, context_id=context_id)
    if modifiers & Qt.KeyboardModifier.ControlModifier:
        return plan_for(Where.NEW_ONE, offer.paths, state)
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return plan_for(Where.NEW_ALONE, offer.paths, state)
    return plan_for(Where.NEW_EACH, offer.paths, state)


def plan_value(value: DraggedValue, node: Node | None, state: PoolState) -> DropPlan:
    """The plan for a value of a console that is dropped on a row of the tree."""
    isolate = state.isolates.get(node.isolate_id or 0) if node is not None else None
    if node is None or isolate is None:
        return DropPlan(Where.VALUE, (), "Drop the value on a context or an isolate.", refused=True)
    owner = node if node.kind is Kind.CONTEXT else node.parent if node.kind is Kind.SCRIPT else None
    context_id = isolate.default_context_id if owner is None else owner.record.context_id
    context = isolate.contexts.get(context_id or 0)
    if not isolate.state.alive or context is None or context.released:
        return DropPlan(Where.VALUE, (), "It has ended: drop the value on one that lives.", refused=True)
    there = f"“{visible(context.created.name, 40)}” of “{visible(isolate.name, 40)}”"
    sentence = f"Send {visible(value.words, 60)} to {there}…"
    return DropPlan(Where.VALUE, (), sentence, isolate.isolate_id, context.context_id)


def plan_for(
    where: Where,
    paths: Sequence[Path],
    state: PoolState,
    *,
    isolate_id: int | None = None,
    context_id: int | None = None,
) -> DropPlan:
    """The plan for a choice that was made already; recordings and profiles are opened, wherever it was."""
    if recordings := recordings_of(paths):
        return _plan_opening(recordings, paths)
    what = _what(paths)
    order = ", one after another" if len(paths) > 1 else ""
    if where in (Where.ISOLATE, Where.CONTEXT):
        return _plan_in_isolate(where, tuple(paths), (what, order), state, isolate_id=isolate_id, context_id=context_id)
    if where is Where.EVERY:
        count = len(state.live_isolates())
        if not count:
            return DropPlan(where, (), "No isolate lives: drop on empty space to make one.", refused=True)
        return DropPlan(
            where,
            tuple(paths),
            f"Run {what} in {'the one isolate' if count == 1 else f'each of {count} isolates'}{order}",
        )
    sentence = {
        Where.NEW_EACH: f"Run {what} {'each in a new isolate' if len(paths) > 1 else 'in a new isolate'}",
        Where.NEW_ONE: f"Run {what} in one new isolate{order}",
        Where.NEW_ALONE: f"Run {what} in a new isolate, {'each ' if len(paths) > 1 else ''}alone in its process",
    }[where]
    if where is Where.NEW_EACH:
        sentence += "\nCtrl: one isolate for all · Shift: alone in its process"
    return DropPlan(where, tuple(paths), sentence)


def _plan_opening(recordings: Sequence[Path], paths: Sequence[Path]) -> DropPlan:
    if len(recordings) < len(paths):
        words = "Recordings and scripts at once: drop them apart, a recording is opened and a script is run."
        return DropPlan(Where.RECORDING, (), words, refused=True)
    what = _what(recordings) if len(recordings) == 1 else f"{len(recordings)} recordings and profiles"
    return DropPlan(Where.RECORDING, tuple(recordings), f"Open {what}")


def _plan_in_isolate(
    where: Where,
    paths: tuple[Path, ...],
    words: tuple[str, str],  # what runs, in which order
    state: PoolState,
    *,
    isolate_id: int | None,
    context_id: int | None,
) -> DropPlan:
    isolate = state.isolates.get(isolate_id) if isolate_id is not None else None
    if isolate is None or not isolate.state.alive:
        name = f"“{visible(isolate.name, 40)}”" if isolate is not None else "This isolate"
        return DropPlan(where, (), f"{name} has ended: drop on empty space for a new isolate.", refused=True)
    context = isolate.contexts.get(context_id) if context_id is not None else None
    if context_id is not None and (context is None or context.released):
        ended = "This context has ended: drop on its isolate to run in the one that lives."
        return DropPlan(where, (), ended, refused=True)
    inside = f"context “{visible(context.created.name, 40)}” of " if context is not None else ""
    what, order = words
    sentence = f"Run {what} in {inside}“{visible(isolate.name, 40)}”{order}{_waits(isolate)}"
    return DropPlan(where, paths, sentence, isolate.isolate_id, context_id)


_BUSY = (IsolateState.RUNNING, IsolateState.PAUSED, IsolateState.WEDGED)


def _waits(isolate: IsolateRecord) -> str:
    return " · waits for the running script" if isolate.state in _BUSY else ""


def _what(paths: Sequence[Path]) -> str:
    return visible(paths[0].name, 60) if len(paths) == 1 else f"{len(paths)} files"


def _offer_of_urls(urls: Sequence[QUrl]) -> Offer:
    foreign = [url for url in urls if not url.isLocalFile()]
    if foreign:
        address = visible(foreign[0].toString(), 60)
        return Offer(trouble=f"Nothing is fetched from an address ({address}): save it as a file, and drop that.")
    return Offer(tuple(Path(url.toLocalFile()) for url in urls)) if urls else Offer(trouble="No files were offered.")


def _home(line: str) -> Path:
    try:
        return Path(line).expanduser()
    except (RuntimeError, ValueError):
        return Path(line)
