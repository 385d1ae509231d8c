"""Help: what is pointed at, the glossary, shortcuts, About."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QCursor

from inspector.errors import InspectorError
from ui.features.feature import Feature, Workbench

if TYPE_CHECKING:
    from ui.views.about import AboutDialog
    from ui.views.help import HelpDialog

__all__ = ["Help"]


class Help(Feature):
    """Nothing is read or made before it is asked for."""

    keys = ("what-is-this", "glossary", "shortcuts", "about")

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.dialog: HelpDialog | None = None
        self.about: AboutDialog | None = None
        self._mouse_was = QPoint()  # at the last question: who has not moved it since means the keyboard's place

    def grant(self, key: str) -> None:
        if key == "what-is-this":
            self.ask()
        elif key == "glossary":
            self._make().show_all()
        elif key == "shortcuts":
            self._show_shortcuts()
        else:
            self.show_about()

    def ask(self) -> None:
        """What is this? Of what the mouse points at; else of where the keyboard is."""
        from ui.models.help import look_up
        from ui.views.help_target import at_focus, at_mouse

        window, mouse = self.bench.window, QCursor.pos()
        places = [at_focus(window), at_mouse(window)]
        if mouse != self._mouse_was:
            places.reverse()
        self._mouse_was = mouse
        dialog = self._make()
        for target in places:
            if target is None:
                continue
            for name in target.names:
                if (entry := look_up(name, target.view)) is not None:
                    dialog.show_entry(entry, name.strip().rstrip(":"))
                    return
            if target.names and target.words:
                dialog.show_words(target.names[0], _plain(target.words))
                return
        dialog.show_all()

    def _make(self) -> HelpDialog:
        if self.dialog is None:
            from ui.views.help import HelpDialog

            self.dialog = HelpDialog(self.bench.window)
        return self.dialog

    def _show_shortcuts(self) -> None:
        from ui.specs import ACTIONS
        from ui.specs.shortcuts import shortcuts
        from ui.views.shortcuts import ShortcutsDialog

        dialog = ShortcutsDialog(shortcuts(ACTIONS), self.bench.window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # --- about ---

    def show_about(self) -> AboutDialog:
        from inspector.diagnostics.report import diagnostics_text
        from inspector.diagnostics.versions import versions
        from inspector.system.paths import cache_folder, state_folder
        from ui.views.about import AboutDialog

        folders = {
            "Settings": str(self.bench.settings.path),
            "Logs": str(state_folder()),
            "Cache": str(cache_folder()),
        }
        words = diagnostics_text([host.started for host in self.bench.state.hosts.values()])
        version = next(iter(versions().values())) or ""
        dialog = AboutDialog(version, words, folders, self.bench.window)
        dialog.doctor_requested.connect(lambda: self.bench.bridge.spawn(self._examine(dialog), "run doctor"))
        dialog.finished.connect(self._about_closed)
        self.about = dialog
        dialog.open()
        return dialog

    async def _examine(self, dialog: AboutDialog) -> None:
        from inspector.cli.doctor_facts import gather
        from inspector.cli.doctor_text import as_text

        try:
            words = as_text(await self.bench.bridge.submit(gather()))
        except InspectorError as error:
            words = str(error)
        if self.about is dialog:
            dialog.show_doctor(words)

    def _about_closed(self) -> None:
        if self.about is not None:
            self.about.deleteLater()
            self.about = None


def _plain(tip: str) -> str:
    """A tooltip's own markup taken off."""
    words = tip.removeprefix("<qt>").removesuffix("</qt>").replace("<br>", "\n")
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
