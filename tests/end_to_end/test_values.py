"""A value from one isolate to another in the real window: looked at, sent, refused, queued, logged, sent again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication

from tests.end_to_end.driver import Driver
from tests.fixtures.engines import MAIN
from ui.features.doors import DoorsFeature
from ui.features.values import ValuesFeature
from ui.models.facts import facts_of
from ui.views.send_value import SendValueView

pytestmark = pytest.mark.parametrize("driver", [MAIN], indirect=True)


class Panel:
    """The panel over two isolates, the second one the target."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        driver.door.submit(driver.door.pool.create_isolate(name="other")).result(30)
        driver.until(lambda: driver.isolate("other").default_context_id)
        driver.select("isolate 1")
        driver.until(driver.all.actions["send-value"].isEnabled)
        driver.act("send-value")
        self.feature = driver.all.feature(ValuesFeature)
        assert self.feature.view is not None
        self.view: SendValueView = self.feature.view
        record = driver.isolate("other")
        self.target = (record.isolate_id, record.default_context_id or 0)
        driver.until(lambda: self.view.targets.name_of(self.target))
        self.view.targets.check_only(self.target)

    def press(self, name: str) -> None:
        getattr(self.view, name).click()
        self.driver.until(lambda: not self.feature._sending)

    def verdicts(self) -> dict[str, str]:
        tree = self.feature.tree
        assert tree is not None
        root = tree.index(0, 0)
        rows = range(tree.rowCount(root))
        return {str(tree.index(row, 0, root).data()): str(tree.index(row, 2, root).data()) for row in rows}

    def there(self, expression: str) -> Any:
        isolate = self.driver.door.pool.isolate(self.target[0])
        return self.driver.door.submit(isolate.evaluate(expression)).result(30).value

    def log(self) -> list[list[str]]:
        model = self.feature.log
        assert model is not None
        return [
            [str(model.index(row, column).data()) for column in range(1, model.columnCount())]
            for row in range(model.rowCount())
        ]


def test_a_value_is_looked_at_sent_and_sent_again(driver: Driver) -> None:
    panel = Panel(driver)
    panel.view.put_text("expression", "{list: [1, 2], [Symbol('s')]: 1, get late() { return 3 }}")
    panel.press("look")
    assert panel.verdicts()["list"] == "copied" and panel.verdicts()["late"].startswith("computed")
    assert panel.verdicts()["Symbol(s)"].startswith("dropped")
    panel.press("send")
    assert panel.view.words.text().startswith("28 B arrived at 1 of 1"), panel.view.words.text()
    assert panel.there("JSON.stringify(received)") == '{"list":[1,2],"late":3}'
    driver.until(lambda: len(panel.log()) == 1)
    assert panel.log()[0][:4] == ["isolate 1 · main", "other · main", "copy", "arrived"]
    panel.there("received = 0")
    assert panel.feature.messages is not None
    panel.feature.messages.table.selectRow(0)
    panel.feature.messages.replay.click()
    driver.until(lambda: len(panel.log()) == 2)
    assert panel.there("received.list.length") == 2
    path = driver.folder / "messages.jsonl"
    panel.feature.save(path)
    driver.until(lambda: path.exists() and path.read_text().count("\n") == 2)
    assert json.loads(path.read_text().splitlines()[0])["outcome"] == "arrived"
    panel.view.code.menu().actions()[0].trigger()
    assert "values.reference" in QGuiApplication.clipboard().text()


def test_what_is_refused_says_where_and_leaves_nothing(driver: Driver) -> None:
    panel = Panel(driver)
    panel.view.put_text("expression", "({users: [{save() {}}]})")
    panel.press("look")
    panel.press("send")
    assert "at .users[0].save" in panel.view.words.text()
    assert panel.there("typeof received") == "undefined"
    assert driver.door.pool.total_external_bytes == 0
    panel.view.put_text("expression", "(() => { throw new TypeError('no') })()")
    panel.press("look")
    assert "TypeError: no" in panel.view.words.text()


def test_a_busy_target_waits_and_can_be_cancelled(driver: Driver) -> None:
    panel = Panel(driver)
    other = driver.door.pool.isolate(panel.target[0])
    running = driver.door.submit(other.evaluate("for (;;);"))
    driver.until(lambda: driver.isolate("other").state == "running")
    panel.view.put_text("expression", "[1]")
    panel.view.send.click()
    driver.until(lambda: panel.view.targets.told(panel.target) == "waits in line, 1 ahead")
    panel.view.cancel.click()
    driver.until(lambda: not panel.feature._sending)
    assert panel.view.targets.told(panel.target) == "cancelled"
    driver.door.submit(other.stop()).result(30)
    running.result(30)
    assert panel.there("typeof received") == "undefined"


def test_json_files_and_functions(driver: Driver) -> None:
    panel = Panel(driver)
    panel.view.put_text("json", '{"n": [1, 2.5, 12345678901234567890]}')
    panel.press("look")
    assert panel.verdicts() == {"n": "copied"}
    panel.press("send")
    assert panel.there("received.n[2] === 12345678901234567890") is True
    panel.view.put_text("file", str(driver.file("data.bin", b"\x01\x02\x03")))
    panel.there("globalThis.take = (buffer) => { globalThis.taken = new Uint8Array(buffer).join() }; 0")
    panel.view.then.setCurrentIndex(1)
    panel.view.name.setText("take")
    panel.press("send")
    assert panel.there("taken") == "1,2,3"
    panel.view.put_text("json", "{broken")
    panel.press("send")
    assert "Read the JSON text" in panel.view.words.text()


def test_a_value_is_dragged_onto_a_context_referenced_and_its_doors_told(driver: Driver) -> None:
    panel = Panel(driver)
    view = panel.view
    driver.type("globalThis.box = {n: 7, inner: {list: [1]}}; console.log(box)")
    model = driver.all.console

    def objects() -> list[QModelIndex]:
        rows = [model.index(row) for row in range(model.rowCount())]
        return [row for row in rows if model.flags(row) & Qt.ItemFlag.ItemIsDragEnabled]

    driver.until(objects)
    data = model.mimeData(objects()[:1])
    dropped = driver.drag(data, driver.place_of("context", *panel.target))
    assert dropped.accepted and "other" in dropped.said and view.chosen_kind() == "object"
    driver.until(lambda: not panel.feature._sending)
    assert panel.verdicts() == {"n": "copied", "inner": "copied"} and view.targets.checked() == [panel.target]
    assert not driver.drag(data, driver.empty_place()).accepted

    view.mode.setCurrentIndex(view.mode.findData("reference"))
    panel.press("look")
    assert panel.verdicts()["inner"].startswith("referenced") and not view.then.isEnabled()
    view.name.setText("far")
    panel.press("send")
    assert panel.there("await far.get('n')") == 7, view.words.text()
    assert driver.door.pool.isolate(panel.target[0]).values.given.held

    view.put_text("expression", "[1, 2]")
    view.mode.setCurrentIndex(0)
    view.name.setText("list")
    panel.press("send")
    view.put_text("message", "")
    assert view.past.count() == 1
    view.name.setText("again")
    panel.press("send")
    assert panel.there("again.length + far.typeof") == "2object"

    # Its doors, and a channel.
    doors = driver.all.feature(DoorsFeature)
    here = driver.isolate("isolate 1")
    doors.connect_contexts((here.isolate_id, here.default_context_id or 0), panel.target)
    driver.until(lambda: panel.there("typeof port") == "object")
    panel.there("port.postMessage('hello'); 0")
    driver.all.selection.set(isolate_id=panel.target[0], context_id=panel.target[1])
    context = driver.isolate("other").contexts[panel.target[1]]
    driver.until(lambda: any(door.kind == "port" and door.bytes_out for door in context.doors))
    shown = facts_of(driver.all.state, isolate_id=panel.target[0], context_id=panel.target[1])
    names = {fact.name: fact.text for section in shown.sections for fact in section.facts}
    assert names["port: port, to isolate 1"].startswith("1 call") and any(
        name.startswith("reference taken") for name in names
    )
    driver.act("close-door")
    driver.until(lambda: doors.menu is not None and doors.menu.actions())
    assert doors.menu is not None
    close = {action.text(): action for action in doors.menu.actions()}
    close["Close: port: port, to isolate 1"].trigger()
    driver.until(lambda: not driver.door.pool.isolate(panel.target[0]).ports)
    doors.menu.close()
