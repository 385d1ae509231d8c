"""The features of the window, one file each. A window is put together with all of `FEATURES`, in this order."""

from __future__ import annotations

from ui.features.announcements import Announcements
from ui.features.breakpoints import Breakpoints
from ui.features.coldstart import ColdStarts
from ui.features.containment import Trials
from ui.features.debuggers import Debuggers
from ui.features.definitions import Definitions
from ui.features.doors import DoorsFeature
from ui.features.feature import Feature, Workbench
from ui.features.folders import Folders
from ui.features.heap_table import HeapTable
from ui.features.help import Help
from ui.features.hit_counts import HitCounts
from ui.features.imports import ImportsFeature
from ui.features.layouts import Layouts
from ui.features.line_figures import LineFigures
from ui.features.memory import MemoryFeature
from ui.features.palette import PaletteFeature
from ui.features.pauses import Pauses
from ui.features.preferences import Preferences
from ui.features.problems import Problems
from ui.features.recording import Recording
from ui.features.recordings import Recordings
from ui.features.repeat import Repeat
from ui.features.repl import Repl
from ui.features.scripts import ScriptsFeature
from ui.features.sessions import Sessions
from ui.features.sources import Sources
from ui.features.system_opens import SystemOpens
from ui.features.values import ValuesFeature
from ui.features.watch import Watch
from ui.features.watch_kept import WatchKept

__all__ = ["FEATURES", "Feature", "Workbench"]

FEATURES: tuple[type[Feature], ...] = (
    Trials,
    ColdStarts,
    ImportsFeature,
    MemoryFeature,
    PaletteFeature,
    Recording,
    Recordings,
    Repeat,
    Repl,
    Sources,
    Breakpoints,
    ScriptsFeature,
    Sessions,
    LineFigures,
    HitCounts,
    Debuggers,
    Pauses,
    ValuesFeature,
    DoorsFeature,
    SystemOpens,
    Definitions,
    Help,
    Preferences,
    Layouts,
    Problems,
    HeapTable,
    Announcements,
    Watch,
    WatchKept,
    Folders,
)
