"""What was watched when the window closed is offered at the next start; nothing of it runs before the word is given."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.text import visible
from inspector.units import parse_bytes
from ui.features.feature import Feature, Workbench
from ui.features.watch import Watch, paths_of
from ui.models.isolate_wish import IsolateWish, free_name

if TYPE_CHECKING:
    from ui.views.notice_bar import NoticeBar

__all__ = ["WatchKept"]

_KEY = "watched"  # a setting: an isolate's name, then its files in the order in which they ran, in one text each
_MOST = 20  # isolates
_NAMED = 3
Kept = list[tuple[str, list[Path]]]  # name of the isolate, its files


class WatchKept(Feature):
    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.bar: NoticeBar | None = None
        self._offered: Kept = []

    def started(self) -> None:
        if self.bench.settings.texts(_KEY):
            self.bench.bridge.spawn(self._offer(), "look for files that were watched")

    def closing(self) -> None:
        """Once an offer was neither taken nor declined it stands at the next start too."""
        watch = self.other(Watch)
        state = self.bench.state
        watched = [one for one in state.live_isolates() if watch is not None and one.isolate_id in watch.isolates]
        now = [(one.name, [Path(path) for path in dict.fromkeys(paths_of(one))]) for one in watched]
        self.bench.settings.put(_KEY, _written([one for one in now if one[1]] or self._offered))

    async def _offer(self) -> None:
        kept = _read(self.bench.settings.texts(_KEY))
        there: Kept = []
        await self.bench.bridge.in_a_thread(lambda: there.extend(_that_are_there(kept)))
        self._offered = there
        if not there:
            return
        from ui.views.notice_bar import NoticeBar

        self.bar = NoticeBar("Run and Watch", self.bench.views.centre, decline="Not Now")
        self.bar.pressed.connect(self._take_up)
        self.bar.declined.connect(self._decline)
        self.bench.views.centre.put_bar(self.bar)
        names = [path.name for _isolate, paths in there for path in paths]
        more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
        verb = "was" if len(names) == 1 else "were"
        words = (
            f"{', '.join(visible(name, 60) for name in names[:_NAMED])}{more} {verb} watched when the window closed."
        )
        self.bar.show_words(f"{words} Nothing has run.")

    def _decline(self) -> None:
        self._offered = []
        if self.bar is not None:
            self.bar.show_words("")

    def _take_up(self) -> None:
        kept = self._offered
        self._decline()
        for name, paths in kept:
            self.bench.bridge.spawn(self._run(name, paths), "run files that were watched")

    async def _run(self, name: str, paths: list[Path]) -> None:
        watch, commands = self.other(Watch), self.bench.commands
        free = free_name(name, [record.name for record in self.bench.state.isolates.values()])
        limit = parse_bytes(commands.memory_limit, action="Run files that were watched")
        isolate_id = await commands.new_isolate(IsolateWish(free, limit, alone=False))
        if watch is not None:
            watch.switch(isolate_id, on=True)
        await commands.run_files(isolate_id, None, paths)


def _written(kept: Kept) -> list[str]:
    return ["\n".join([name.replace("\n", " "), *map(str, paths)]) for name, paths in kept[:_MOST]]


def _read(texts: Iterable[str]) -> Kept:
    parts = [text.split("\n") for text in texts]
    return [(name, [Path(path) for path in paths]) for name, *paths in parts[:_MOST] if paths]


def _that_are_there(kept: Kept) -> Kept:
    """Blocks on the disk."""
    looked = [(name, [path for path in paths if path.is_file()]) for name, paths in kept]
    return [one for one in looked if one[1]]
