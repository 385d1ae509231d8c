"""Files: open them, run them, run them again."""

from __future__ import annotations

from inspector.states import Capability
from ui.specs.needs import a_file, a_file_that_ran, a_pool
from ui.specs.spec import Spec

__all__ = ["SPECS"]

SPECS = (
    Spec("open", "Open…", "Run files: in the selected isolate, else each in a new one", "open", ("Ctrl+O",), a_pool),
    Spec("open-each", "Open, Each in a New Isolate…", "Each file in an isolate of its own", "", (), a_pool),
    Spec("open-one", "Open All in One New Isolate…", "All files in one isolate, one after another", "", (), a_pool),
    Spec("open-alone", "Open, Each Alone in Its Process…", "Each file in a host process of its own", "", (), a_pool),
    Spec("open-every", "Open in Every Isolate…", "Run the files in each isolate that lives", "", (), a_pool),
    Spec("paste", "Run Pasted Paths…", "Run the files whose paths are on the clipboard", "", ("Ctrl+V",), a_pool),
    Spec("open-definition", "Open Pool…", "Make the isolates of a saved pool definition; nothing runs", "", (), a_pool),
    Spec(
        "save-definition",
        "Save Pool…",
        "Keep the live isolates, with limits and files",
        "",
        (),
        a_pool,
    ),
    Spec(
        "allow-imports",
        "Allow Imports from a Folder…",
        "Modules may import files of this folder too, besides those of the file's own folder",
        "",
        (),
        a_pool,
        Capability.MODULES,
    ),
    Spec(
        "run-file",
        "Run This File",
        "The file of the selected script, from disk, in its context",
        "",
        ("Ctrl+Alt+Return",),
        a_file,
    ),
    Spec(
        "run-again",
        "Run Again",
        "Fresh context in the same isolate: replay the files that ran before, from disk",
        "run-again",
        ("Ctrl+R", "F5"),
        a_file_that_ran,
        Capability.CONTEXTS,
    ),
    Spec(
        "run-again-here",
        "Run Again in This Context",
        "The last file once more where it ran: a top-level const or let can't be declared twice",
        "",
        ("Ctrl+Shift+R",),
        a_file_that_ran,
    ),
)
