"""Help: everything on screen has an entry, F1 finds what is pointed at, About copies what doctor finds."""

from __future__ import annotations

import ast
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QStandardItemModel
from pytestqt.qtbot import QtBot

from inspector.states import HostState, IsolateState, Outcome
from ui.models.fact import Fact, Section
from ui.models.facts import Facts
from ui.models.help import entries, found, look_up
from ui.specs import ACTIONS
from ui.specs.shortcuts import shortcuts
from ui.theme import Themes
from ui.views.about import AboutDialog
from ui.views.facts import FactsView
from ui.views.heap_legend import HeapLegend
from ui.views.heap_words import legend_entries
from ui.views.help import HelpDialog
from ui.views.help_target import Target, of
from ui.views.shortcuts import ShortcutsDialog
from ui.views.tables import Table

ROOT = Path(__file__).resolve().parents[2]


def names_on_screen() -> set[str]:
    """Of facts and columns, read from the program's own text."""
    names: set[str] = set()
    for path in (ROOT / "ui" / "models").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Fact" and node.args:
                names |= {node.args[0].value} if isinstance(node.args[0], ast.Constant) else set()
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("COLUMNS", "_COLUMNS"):
                names |= set(ast.literal_eval(node.value)) if isinstance(node.value, ast.Tuple) else set()
    return names


def test_every_figure_column_and_state_has_an_entry() -> None:
    names = names_on_screen()
    assert {"Heap used", "Growth", "Verdict"} <= names and len(names) > 70
    names |= {str(one) for kind in (IsolateState, HostState, Outcome) for one in kind}
    names |= {entry.name for entry in legend_entries(None, 0)}
    assert sorted(name for name in names if look_up(name) is None) == []


def test_an_entry_says_everything_and_a_name_has_one() -> None:
    assert all(line.strip() and line.rstrip().endswith((".", "”")) for one in entries() for line in one.lines)
    shown = [one for one in entries() if one.group in ("Figures", "States and outcomes")]
    names = [name for one in shown for name in {name.casefold() for name in one.names}]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
    kind, general = look_up("Kind", "Problems"), look_up("Kind", "Scripts")
    assert kind is not None and general is not None and kind is not general
    assert any("context switches" in one.title for one in found("context switches"))


def test_what_is_pointed_at(qtbot: QtBot, themes: Themes) -> None:
    view = FactsView()
    qtbot.addWidget(view)
    view.show_facts(Facts("isolate 1", "", (Section("Memory", (Fact("Heap used", "3 MiB", "Live objects.", True),)),)))
    target = of(view.values[0], QPoint(2, 2))
    assert (target.names[0], target.words) == ("Heap used", "Live objects.")
    model = QStandardItemModel(1, 2)
    model.setHorizontalHeaderLabels(["Isolate", "Outcome"])
    model.setData(model.index(0, 1), "timed-out")
    table = Table(model, themes, name="Runs", empty="", widths=(10, 10))
    qtbot.addWidget(table)
    table.resize(400, 200)
    table.show()
    header = table.horizontalHeader()
    assert of(header.viewport(), QPoint(2, 2)) == Target("Runs", ("Isolate",))
    cell = table.visualRect(model.index(0, 1)).center()
    assert of(table.viewport(), cell).names[:2] == ("timed-out", "Outcome")
    legend = HeapLegend(themes)
    qtbot.addWidget(legend)
    legend.resize(900, 30)
    legend.show_entries(legend_entries(None, 0))
    assert legend.help_name(QPoint(20, 5)) == "used"


def test_help_is_searched_and_read(qtbot: QtBot, themes: Themes) -> None:
    dialog = HelpDialog()
    qtbot.addWidget(dialog)
    entry = look_up("Resident")
    assert entry is not None
    dialog.show_entry(entry)
    assert dialog.shown()[0] == "Resident" and "Source: " in dialog.shown()[1]
    qtbot.keyClicks(dialog.search, "shared heap copy")
    assert "copy of a shared heap" in dialog.shown()[0]
    qtbot.keyClicks(dialog.search, "zzz")
    assert dialog.shown()[0] == "Nothing fits"
    dialog.show_words("Walls", "They stand.")
    assert dialog.shown() == ("Walls", "They stand.")
    dialog.show_all()
    assert dialog.list.item(0).text() == "Common beliefs" and dialog.shown()[0].startswith("“Isolates need")


def test_shortcuts_and_about(qtbot: QtBot, themes: Themes) -> None:
    keys = ShortcutsDialog(shortcuts(ACTIONS))
    qtbot.addWidget(keys)
    qtbot.keyClicks(keys.search, "run again f5")
    shown = [row for row in range(keys.table.rowCount()) if not keys.table.isRowHidden(row)]
    assert len(shown) == 1
    about = AboutDialog("1.0", "python 3", {"Settings": "/a/settings.json"})
    qtbot.addWidget(about)
    with qtbot.waitSignal(about.doctor_requested):
        qtbot.mouseClick(about.doctor, Qt.MouseButton.LeftButton)
    assert not about.doctor.isEnabled()
    about.show_doctor("all is well")
    qtbot.mouseClick(about.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "all is well" and about.doctor.isEnabled()
