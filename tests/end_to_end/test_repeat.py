"""Repeat in the real window: a leak is told with its size, a refusal says why, a stop keeps the figures."""

from __future__ import annotations

from inspector.states import Capability
from tests.end_to_end.driver import Driver
from tests.fixtures.engines import lacks
from ui.features.repeat import Repeat
from ui.models.repeat import signed_bytes
from ui.models.repeat_plan import RepeatWish, What, Within


def test_a_handler_is_called_measured_and_stopped(driver: Driver) -> None:
    leak = driver.file("leak.js", "const kept = []; const handler = ({n}) => kept.push(new Array(n).fill(1.5))")
    driver.until(lambda: driver.isolate("isolate 1").state.alive)
    driver.select("isolate 1")
    feature = driver.all.feature(Repeat)
    feature.grant("repeat")
    assert feature.view is not None and feature.model is not None
    fields, model = feature.view.fields, feature.model
    assert not fields.run.isEnabled() and fields.words.text() == "Choose a file."
    fields.put_file(leak)
    fields.payload.setText("{n: 1}")
    assert not fields.run.isEnabled() and "no JSON" in fields.words.text()
    fields.payload.setText('{"n": 1000}')
    fields.rate.setText("often")
    assert "no number" in fields.words.text()
    fields.rate.clear()
    fields.count.setValue(60)
    fields.warm_up.setValue(5)
    fields.isolates.setValue(2)
    fields.within.setCurrentIndex(list(Within).index(Within.NEW))
    fields.run.click()
    driver.until(lambda: fields.words.text().startswith("Done"), 90_000)
    assert "of repeat 1, repeat 2 grows" in fields.words.text()
    assert [one.calls for one in model.figures] == [60, 60]
    assert all(one.growth and 7_000 < one.growth.bytes_per_call < 9_000 for one in model.figures)
    assert "it grows" in str(model.index(0, 9).data()) and "processors" in model.footing
    assert not feature.view.chart.grab().isNull()

    feature.begin(leak, RepeatWish(for_seconds=True, count=600, warm_up=0, payload='{"n": 1}'))
    driver.until(lambda: model.figures[0].name == "isolate 1" and model.figures[0].calls > 0, 90_000)
    assert driver.views.status.jobs.running
    fields.stop.click()
    driver.until(lambda: fields.words.text().startswith("Stopped"), 90_000)

    feature.begin(driver.file("none.js", "1"), RepeatWish(function="other"))
    driver.until(lambda: "no function other" in driver.problems(), 90_000)
    assert fields.run.isVisibleTo(fields)
    feature.begin(
        driver.file("endless.js", "for (;;);"),
        RepeatWish(what=What.SCRIPT if lacks(Capability.CONTEXTS) else What.FRESH, warm_up=0),
    )
    driver.until(lambda: feature._repeating is not None)  # the window closes while it runs
    assert signed_bytes(-1024) == "-1 KiB"
