"""The window itself: what it shows and how."""

from __future__ import annotations

from ui.specs.needs import an_isolate
from ui.specs.spec import Spec

__all__ = ["SPECS"]

SPECS = (
    Spec("palette", "All Actions…", "Find any action by its name", "", ("Ctrl+Shift+P",)),
    Spec(
        "group",
        "Group by Host Process",
        "Show isolates under their host processes",
        "group",
        ("Ctrl+H",),
        checkable=True,
    ),
    Spec("what-is-this", "What Is This?", "What the figure, state or column under the mouse means", "info", ("F1",)),
    Spec("glossary", "Glossary and Beliefs", "Words of this program, and what it shows of common beliefs"),
    Spec("shortcuts", "Shortcuts", "Every key that does something", "", ("Ctrl+F1",)),
    Spec("about", "About Isolate Inspector", "Versions, folders, and what doctor finds on this machine"),
    Spec("copy-diagnostics", "Copy Diagnostics", "Versions, engine and states as text; no sources or values", "copy"),
    Spec("theme-system", "Follow the System", "Light or dark as the system says", checkable=True),
    Spec("theme-light", "Light", "Light colours", checkable=True),
    Spec("theme-dark", "Dark", "Dark colours", checkable=True),
    Spec(
        "focus-console", "Go to Console Input", "Type into the console of the selection", "console", ("Ctrl+L", "F12")
    ),
    Spec("sources", "Sources", "The source of the selected script, or of the newest", "script", ("Ctrl+Shift+O",)),
    Spec("copy-console", "Copy Console", "The chosen lines of the console as text, else all that are shown"),
    Spec("clear-console", "Clear Console", "Forget the lines of the console that is shown"),
    Spec("save-console", "Save Console…", "Write the console lines that are shown to a file", "save"),
    Spec("layout-monitor", "Layout: Monitor", "All heaps, the tree with its figures, the console", "", ("Ctrl+Alt+1",)),
    Spec("layout-debug", "Layout: Debug", "Sources, the console and call frames beneath them", "", ("Ctrl+Alt+2",)),
    Spec("layout-record", "Layout: Record", "The graph and the recordings", "", ("Ctrl+Alt+3",)),
    Spec("layout-compare", "Layout: Compare", "The middle alone: for two recordings", "", ("Ctrl+Alt+4",)),
    Spec("save-layout", "Save Layout…", "Keep how the parts share the window, under a name"),
    Spec("reset-layout", "Reset Layout", "Every panel back where it was at the first start", "", ("Ctrl+Alt+0",)),
    Spec("panel-isolates", "Show Isolates", "The tree at the left", checkable=True),
    Spec("panel-facts", "Show Facts", "The facts at the right, where the window is wide enough", checkable=True),
    Spec("panel-bottom", "Show Console and Lists", "The panel at the bottom", checkable=True),
    Spec(
        "heap-table",
        "Heap as a Table…",
        "The samples and collections that the graph draws, in rows to read and to copy",
        "",
        ("Ctrl+Shift+T",),
        an_isolate,
    ),
    Spec("problems", "Problems", "What went wrong, with what to do about it", "problem", ("Ctrl+Shift+M",)),
    Spec("copy-problems", "Copy All Problems", "The list as text, a line each"),
    Spec("clear-problems", "Clear Problems", "Forget the list; the log keeps what it has"),
    Spec("settings", "Settings…", "Everything that can be set, on one page", "", ("Ctrl+,",)),
    Spec("quit", "Quit", "Close the window and every isolate", "", ("Ctrl+Q",)),
)
