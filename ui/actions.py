"""Every QAction as data, and why one can't be used now. Menus, the toolbar, context menus and shortcuts read this
list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence

from inspector.states import Capability, IsolateState
from inspector.text import visible
from ui.icons import icon
from ui.models.isolates import plain_tip
from ui.models.records import ContextRecord, IsolateRecord
from ui.theme import Theme, Themes

__all__ = ["ACTIONS", "Actions", "Situation", "Spec", "why_not"]


@dataclass(frozen=True, slots=True)
class Situation:
    """What the actions look at: the selection and what the engine can do."""

    ready: bool = False  # the pool is open
    trouble: str = ""  # why the pool can't open
    stopped: str = ""  # why no host process is started any more
    isolate: IsolateRecord | None = None
    context: ContextRecord | None = None
    capabilities: Mapping[str, str] = field(default_factory=dict)  # capability -> "" or the reason why not
    ended: int = 0  # rows that could be cleared
    engine: str = ""


@dataclass(frozen=True, slots=True)
class Spec:
    key: str
    text: str
    tip: str
    icon: str = ""
    shortcuts: tuple[str, ...] = ()
    needs: Callable[[Situation], str] = lambda _situation: ""  # "" or why it can't be used now
    capability: Capability | None = None
    checkable: bool = False


def _pool(now: Situation) -> str:
    return "" if now.ready else now.trouble or "The pool is starting."


def _stopped(now: Situation) -> str:
    return "" if now.stopped else "Host processes are started as they are needed."


def _live(now: Situation) -> str:
    if now.isolate is None:
        return now.trouble or "Select an isolate first."
    return "" if now.isolate.state.alive else "This isolate has ended."


def _ran_a_file(now: Situation) -> str:
    trouble = _live(now)
    if trouble or now.isolate is None:
        return trouble
    return "" if any(run.queued.path for run in now.isolate.runs) else "No file has run in this isolate yet."


def _busy(now: Situation) -> str:
    trouble = _live(now)
    if trouble or now.isolate is None:
        return trouble
    return "" if any(run.active for run in now.isolate.runs) else "Nothing runs or waits in this isolate."


def _pausable(now: Situation) -> str:
    trouble = _live(now)
    if trouble or now.isolate is None:
        return trouble
    if now.isolate.state is IsolateState.PAUSED:
        return "It is paused already."
    return "" if now.isolate.state is IsolateState.RUNNING else "Nothing runs in this isolate."


def _paused(now: Situation) -> str:
    trouble = _live(now)
    if trouble or now.isolate is None:
        return trouble
    return "" if now.isolate.state is IsolateState.PAUSED else "It is not paused."


def _extra_context(now: Situation) -> str:
    trouble = _live(now)
    if trouble:
        return trouble
    if now.context is None:
        return "Select a context first."
    if now.context.released:
        return "This context has ended."
    return "The default context ends with its isolate." if now.context.created.is_default else ""


def _ended(now: Situation) -> str:
    return "" if now.ended else "No ended isolates to clear."


ACTIONS = (
    Spec("new-isolate", "New Isolate…", "Make an isolate", "new-isolate", ("Ctrl+N",), _pool),
    Spec("open", "Open…", "Run files: in the selected isolate, else each in a new one", "open", ("Ctrl+O",), _pool),
    Spec("open-each", "Open, Each in a New Isolate…", "Each file in an isolate of its own", "", (), _pool),
    Spec("open-one", "Open All in One New Isolate…", "All files in one isolate, one after another", "", (), _pool),
    Spec("open-alone", "Open, Each Alone in Its Process…", "Each file in a host process of its own", "", (), _pool),
    Spec("open-every", "Open in Every Isolate…", "Run the files in each isolate that lives", "", (), _pool),
    Spec("paste", "Run Pasted Paths…", "Run the files whose paths are on the clipboard", "", ("Ctrl+V",), _pool),
    Spec(
        "run-again",
        "Run Again",
        "Fresh context in the same isolate: replay the files that ran before, from disk",
        "run-again",
        ("Ctrl+R", "F5"),
        _ran_a_file,
        Capability.CONTEXTS,
    ),
    Spec(
        "run-again-here",
        "Run Again in This Context",
        "The last file once more where it ran: a top-level const or let can't be declared twice",
        "",
        ("Ctrl+Shift+R",),
        _ran_a_file,
    ),
    Spec("stop", "Stop", "End what runs in the selected isolate", "stop", ("Ctrl+.",), _busy),
    Spec(
        "collect",
        "Collect Garbage",
        "A full garbage collection, also while a script runs",
        "collect",
        ("Ctrl+G",),
        _live,
    ),
    Spec("pause", "Pause", "Stop the script in the debugger", "pause", ("F8",), _pausable, Capability.PAUSE),
    Spec("resume", "Resume", "Go on after a pause", "play", ("Shift+F8",), _paused, Capability.PAUSE),
    Spec(
        "new-context", "New Context", "Another global object in the isolate", "context", (), _live, Capability.CONTEXTS
    ),
    Spec(
        "release-context",
        "Release Context",
        "End the context: its timers are dropped, its runs cancelled",
        "",
        (),
        _extra_context,
        Capability.CONTEXTS,
    ),
    Spec("dispose", "Dispose", "End the isolate and give its heap back; its row stays", "dispose", ("Ctrl+D",), _live),
    Spec(
        "contain",
        "Test Containment…",
        "Run scripts that run away, yours or bundled ones, beside a ticking neighbour in host processes of their own",
        "",
        (),
        _pool,
    ),
    Spec(
        "allow-starts",
        "Allow Starts Again",
        "Start host processes again after three losses within 30 s stopped that",
        "",
        (),
        _stopped,
    ),
    Spec("clear-ended", "Clear Ended Rows", "Forget isolates that have ended", "clear", (), _ended),
    Spec(
        "group",
        "Group by Host Process",
        "Show isolates under their host processes",
        "group",
        ("Ctrl+H",),
        checkable=True,
    ),
    Spec("copy-diagnostics", "Copy Diagnostics", "Versions, engine and states as text; no sources or values", "copy"),
    Spec("theme-system", "Follow the System", "Light or dark as the system says", checkable=True),
    Spec("theme-light", "Light", "Light colours", checkable=True),
    Spec("theme-dark", "Dark", "Dark colours", checkable=True),
    Spec(
        "focus-console", "Go to Console Input", "Type into the console of the selection", "console", ("Ctrl+L", "F12")
    ),
    Spec("quit", "Quit", "Close the window and every isolate", "", ("Ctrl+Q",)),
)


def why_not(spec: Spec, now: Situation) -> str:
    """Why an action can't be used now; "" when it can. The engine's own reason comes first: no selection changes
    it.
    """
    if spec.capability is not None:
        reason = now.capabilities.get(str(spec.capability), "")
        if reason:
            return f"The {now.engine or 'engine'} can't: {reason}"
    return spec.needs(now)


class Actions(QObject):
    """The QActions by key; `triggered` carries the key."""

    triggered = Signal(str)

    def __init__(self, themes: Themes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.specs = {spec.key: spec for spec in ACTIONS}
        self.by_key = {spec.key: self._made(spec) for spec in ACTIONS}
        themes.changed.connect(self._dress)
        self._dress(themes.current)

    def __getitem__(self, key: str) -> QAction:
        return self.by_key[key]

    def update_for(self, now: Situation) -> None:
        """Enable what can be used, and say of the rest why not."""
        for key, action in self.by_key.items():
            reason = why_not(self.specs[key], now)
            action.setEnabled(not reason)
            action.setToolTip(self._tip(self.specs[key], reason))

    def _made(self, spec: Spec) -> QAction:
        action = QAction(spec.text, self)
        action.setCheckable(spec.checkable)
        action.setShortcuts([QKeySequence(keys) for keys in spec.shortcuts])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setToolTip(self._tip(spec, ""))
        action.triggered.connect(lambda: self.triggered.emit(spec.key))
        return action

    def _dress(self, theme: Theme) -> None:
        for spec in ACTIONS:
            if spec.icon:
                self.by_key[spec.key].setIcon(icon(spec.icon, theme.text, theme.faint))

    @staticmethod
    def _tip(spec: Spec, reason: str) -> str:
        keys = f" ({spec.shortcuts[0]})" if spec.shortcuts else ""
        return plain_tip(f"{spec.tip}{keys}" + (f"\n{visible(reason, 400)}" if reason else ""))
