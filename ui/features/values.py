"""Values between isolates in the window: the panel that sends one, and the log of all messages.

What the panel looks at stays in its isolate, by a reference that is released with the next look.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from inspector.errors import CancelledError, CopyRefusedError, InspectorError
from inspector.events import Event
from inspector.text import visible
from inspector.units import format_bytes, format_ms
from inspector.value_events import ValueMoved
from ui.features.feature import Feature, Workbench
from ui.features.value_work import KEPT_BYTES, Place, ValueWork, Wanted

if TYPE_CHECKING:
    from inspector.pool import ExternalCopy, Reference
    from ui.drop import DropPlan
    from ui.models.messages import MessagesModel
    from ui.models.pool_state import Changes
    from ui.models.value_drag import DraggedValue
    from ui.models.value_tree import ValueNode, ValueTree
    from ui.views.messages import MessagesView
    from ui.views.send_value import SendValueView

__all__ = ["KEPT_BYTES", "ValuesFeature"]


class ValuesFeature(Feature):
    keys = ("send-value", "messages")

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.tree: ValueTree | None = None
        self.view: SendValueView | None = None
        self.log: MessagesModel | None = None
        self.messages: MessagesView | None = None
        self._looked_at: Reference | None = None  # of the pool's loop
        self._sending: list[asyncio.Task[Any]] = []
        self.work = ValueWork(bench.pool)
        bench.views.drops.value_dropped.connect(self.offer)

    def grant(self, key: str) -> None:
        if key == "messages":
            self._log()
            assert self.messages is not None
            self.bench.views.bottom.setCurrentWidget(self.messages)
            return
        view = self._made()
        self.bench.views.centre.tabs.setCurrentWidget(view)
        self._put_places()

    def take(self, events: Sequence[Event], changes: Changes) -> None:
        for event in events:
            if isinstance(event, ValueMoved):
                self._log().add(event)
                self.bench.store.add_arrow(event)
        if self.view is not None and (changes.isolates or changes.appeared):
            self._put_places()

    def closing(self) -> None:
        self.cancel()

    # --- parts, made when they are asked for ---

    def _made(self) -> SendValueView:
        if self.view is None:
            from ui.models.value_tree import ValueTree
            from ui.views.send_value import SendValueView

            self.tree = ValueTree(self)
            self.view = SendValueView(self.tree, self.bench.themes)
            self.tree.wanted.connect(self._fetch)
            self.view.look_requested.connect(self.look)
            self.view.send_requested.connect(self.send)
            self.view.cancel_requested.connect(self.cancel)
            self.view.file_requested.connect(self._ask_for_file)
            self.view.code_requested.connect(self.copy_code)
            self.bench.views.centre.tabs.addTab(self.view, "Send value")
        return self.view

    def _log(self) -> MessagesModel:
        if self.log is None:
            from ui.models.messages import MessagesModel
            from ui.views.messages import MessagesView

            self.log = MessagesModel(self._words, self)
            self.messages = MessagesView(self.log, self.bench.themes)
            self.messages.replay_requested.connect(self.replay)
            self.messages.save_requested.connect(self._ask_where_to_save)
            self.bench.views.bottom.addTab(self.messages, "Messages")
        return self.log

    def _words(self, isolate_id: int | None, context_id: int) -> str:
        record = self.bench.state.isolates.get(isolate_id or 0)
        if record is None:
            return ""
        context = record.contexts.get(context_id)
        return f"{record.name} · {context.created.name}" if context is not None else record.name

    def _put_places(self) -> None:
        assert self.view is not None
        places = [
            (record.isolate_id, context_id, self._words(record.isolate_id, context_id))
            for record in self.bench.state.isolates.values()
            if record.state.alive
            for context_id, context in record.contexts.items()
            if not context.released
        ]
        chosen = self.bench.selection
        record = self.bench.state.isolates.get(chosen.isolate_id or 0)
        selected = None
        if record is not None:
            selected = (record.isolate_id, chosen.context_id or record.default_context_id or 0)
        self.view.put_places(places, selected)

    def offer(self, value: DraggedValue, plan: DropPlan) -> None:
        """Open the panel, filled in with a value that was dropped on a context."""
        assert plan.isolate_id is not None
        assert plan.context_id is not None
        self.grant("send-value")
        view = self._made()
        view.put_object(value.object_id, value.words, (value.isolate_id, value.context_id))
        view.targets.check_only((plan.isolate_id, plan.context_id))
        self.look()

    def _put_messages(self) -> None:
        if self.view is not None:
            self.view.put_messages(
                [
                    (number, f"{visible(text, 60)}, {format_bytes(size)}, of {self._words(*place) or 'Python'}")
                    for number, text, size, place in self.work.kept()
                ]
            )

    def _wanted(self) -> Wanted:
        view = self.view
        assert view is not None
        kind, text, source = view.chosen_kind(), view.chosen_text(), view.chosen_source()
        return Wanted(kind, text, source, view.chosen_mode(), view.chosen_name(), view.calls)

    # --- before sending ---

    def look(self) -> None:
        """Show the value as it would arrive."""
        if self.view is not None and not self._sending:
            self._spawn(self._look())

    def _spawn(self, work: Any) -> None:
        task = self.bench.bridge.spawn(work, "send a value")
        self._sending.append(task)
        task.add_done_callback(self._sending.remove)

    async def _look(self) -> None:
        view, tree = self.view, self.tree
        assert view is not None
        assert tree is not None
        view.show_busy("Looking…")
        tree.clear()
        words, tone = "Cancelled.", "muted"
        try:
            self._looked_at, level = await self.bench.bridge.submit(
                self.work.seen(self._wanted(), view.targets.checked())
            )
            tree.start("value", level)
            words, tone = _sum_up(tree.refused)
        except InspectorError as error:
            words, tone = str(error), "error"
        finally:
            view.show_idle(words, tone)

    def _fetch(self, node: ValueNode) -> None:
        if self._looked_at is not None:
            self.bench.bridge.spawn(self._fetched(node, self._looked_at), "look at a value")

    async def _fetched(self, node: ValueNode, reference: Reference) -> None:
        assert self.tree is not None
        assert self.view is not None
        first = sum(child.verdict != "dropped" for child in node.children)
        level = await self.bench.bridge.submit(self.work.level(reference, node.path, first, self.view.chosen_mode()))
        if reference is self._looked_at:
            self.tree.put(node, level)

    # --- sending ---

    def send(self) -> None:
        if self.view is not None and not self._sending:
            self._spawn(self._send())

    def cancel(self) -> None:
        """Withdraw what waits or works."""
        for task in self._sending:
            task.cancel()

    async def _send(self) -> None:
        view, bridge, wanted = self.view, self.bench.bridge, self._wanted()
        assert view is not None
        targets = view.targets.checked()
        view.targets.forget_outcomes()
        view.show_busy("Copying out…")
        words, tone, copy = "Cancelled.", "muted", None
        try:
            if wanted.mode == "reference":
                words, tone = await self._give(wanted, targets), "ok"
                return
            copy = await bridge.submit(self.work.copied(wanted))
            view.show_busy(f"{format_bytes(copy.size)} on the way to {len(targets)}…")
            told = await asyncio.gather(*(self._deliver(copy, place, wanted.name, wanted.calls) for place in targets))
            arrived = sum(told)
            words = f"{format_bytes(copy.size)} arrived at {arrived} of {len(targets)}"
            words += f", out in {format_ms(copy.out_us / 1e3)}." if copy.out_us else "."
            tone = "ok" if arrived == len(targets) else "error"
        except InspectorError as error:
            words, tone = str(error), "error"
            if isinstance(error, CopyRefusedError) and error.path:
                words = f"Refused: {error.cause}."
        finally:
            if copy is not None:
                await asyncio.shield(bridge.submit(self.work.keep(copy, keeps=wanted.mode != "transfer")))
                self._put_messages()
            view.show_idle(words, tone)

    async def _give(self, wanted: Wanted, targets: list[Place]) -> str:
        assert self.view is not None
        text = await self.bench.bridge.submit(self.work.given(wanted, targets))
        for place in targets:
            self.view.targets.tell(place, f"{wanted.name} refers to it: await {wanted.name}.get(…)")
        return f"{visible(text, 80)} stays where it lives, and is kept alive for {len(targets)}."

    async def _deliver(self, copy: ExternalCopy, place: Place, name: str, calls: bool) -> bool:
        """Whether it arrived; what became of it is told beside the target."""
        view = self.view
        assert view is not None
        record = self.bench.state.isolates.get(place[0])
        ahead = sum(run.active for run in record.runs) if record is not None else 0
        view.targets.tell(place, f"waits in line, {ahead} ahead" if ahead else "on the way")
        try:
            in_us = await self.bench.bridge.submit(self.work.delivered(copy, place, name, calls))
        except InspectorError as error:
            view.targets.tell(place, f"{'cancelled' if isinstance(error, CancelledError) else 'failed'}: {error.cause}")
            return False
        except asyncio.CancelledError:
            view.targets.tell(place, "cancelled")
            raise
        place_there = f"given to {name}" if calls else f"arrived as {name}"
        view.targets.tell(place, f"{place_there}, {format_ms(in_us / 1e3)}")
        return True

    def replay(self, moved: ValueMoved) -> None:
        """Send a message again: the same copy to the same place."""
        self.bench.bridge.spawn(self.bench.bridge.submit(self.work.replay(moved)), "send a message again")

    # --- files and code ---

    def _ask_for_file(self) -> None:
        dialog = QFileDialog(self.bench.window, "Send a file", self.bench.settings.text("folder"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._made().text.setPlainText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask_where_to_save(self) -> None:
        dialog = QFileDialog(self.bench.window, "Save the messages", "messages.jsonl", "JSON lines (*.jsonl)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(lambda name: self.save(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save(self, path: Path) -> None:
        """Write the messages that are shown, a JSON object a line."""
        text = "\n".join(self._log().lines()) + "\n"
        self.bench.bridge.spawn(
            self.bench.bridge.in_a_thread(lambda: path.write_text(text, encoding="utf-8")), "save the messages"
        )

    def copy_code(self, language: str) -> None:
        """What the fields say, as code, onto the clipboard."""
        from ui.models.value_code import Delivery, isolated_vm, python

        view = self.view
        assert view is not None
        source = view.chosen_source()
        targets = tuple(self._names(place) for place in view.targets.checked())
        wanted, place = self._wanted(), self._words(*source) if source else ""
        one = Delivery(wanted.kind, wanted.text, place, targets, wanted.name, wanted.calls, wanted.mode)
        QGuiApplication.clipboard().setText(python(one) if language == "python" else isolated_vm(one))
        view.show_idle("Copied as code.")

    def _names(self, place: Place) -> tuple[str, str]:
        record = self.bench.state.isolates[place[0]]
        return record.name, record.contexts[place[1]].created.name


def _sum_up(refused: int) -> tuple[str, str]:
    if refused:
        return "It will be refused: see the verdicts.", "error"
    return "Nothing that is shown is refused.", "muted"
