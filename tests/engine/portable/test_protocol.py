"""The CDP methods that this engine answers, and how it refuses the rest."""

from __future__ import annotations

import json

from inspector.states import Outcome
from inspector.wire import SAMPLE_WORDS
from tests.engine.portable.child import in_child
from tests.engine.portable.lab import Lab


@in_child
def test_evaluate(lab: Lab) -> None:
    subject = lab.isolate()
    assert subject.ask("Runtime.evaluate", expression="1 + 1") == {
        "result": {"type": "number", "description": "2", "value": 2}
    }
    by_value = subject.ask("Runtime.evaluate", expression="({a: [1, {b: null}]})", returnByValue=True)["result"]
    assert by_value == {"type": "object", "value": {"a": [1, {"b": None}]}}
    previewed = subject.ask("Runtime.evaluate", expression="({a: 1})", generatePreview=True)["result"]
    assert previewed["preview"]["properties"] == [{"name": "a", "type": "number", "value": "1"}]
    assert "preview" not in subject.ask("Runtime.evaluate", expression="({a: 1})")["result"]
    awaited = subject.ask("Runtime.evaluate", expression="Promise.resolve(5)", awaitPromise=True)["result"]
    assert awaited["value"] == 5
    later = "new Promise((r) => setTimeout(() => r('later'), 20))"
    assert subject.ask("Runtime.evaluate", expression=later, awaitPromise=True)["result"]["value"] == "later"
    subject.ask("Runtime.evaluate", expression="setInterval(() => 0, 1000)")


@in_child
def test_evaluate_throws(lab: Lab) -> None:
    subject = lab.isolate()
    answer = subject.ask("Runtime.evaluate", expression="null.x")
    details = answer["exceptionDetails"]
    assert answer["result"]["subtype"] == "error" and details["text"] == "Uncaught"
    assert (details["lineNumber"], details["columnNumber"]) == (0, 5)
    assert details["exception"]["description"].startswith("TypeError: Cannot read properties of null")
    rejected = subject.ask("Runtime.evaluate", expression="Promise.reject(new RangeError('r'))", awaitPromise=True)
    assert rejected["exceptionDetails"]["exception"]["className"] == "RangeError"
    syntax = subject.ask("Runtime.evaluate", expression="1 +")
    assert "SyntaxError" in syntax["exceptionDetails"]["exception"]["description"]
    cyclic = subject.ask("Runtime.evaluate", expression="var c = {}; c.c = c", returnByValue=True)
    assert "exceptionDetails" in cyclic


@in_child
def test_get_properties(lab: Lab) -> None:
    subject = lab.isolate()
    source = "({a: 1, get g() { throw 1 }, [Symbol('s')]: 2, o: {deep: 1}})"
    value = subject.ask("Runtime.evaluate", expression=source)["result"]
    answer = subject.ask("Runtime.getProperties", objectId=value["objectId"], ownProperties=True, generatePreview=True)
    found = {each["name"]: each for each in answer["result"]}
    assert list(found) == ["a", "g", "o", "Symbol(s)"]
    assert found["a"]["value"]["value"] == 1 and found["a"]["writable"] and found["a"]["isOwn"]
    assert found["g"]["get"]["type"] == "function" and "value" not in found["g"]
    assert found["o"]["value"]["preview"]["properties"][0]["name"] == "deep"
    assert found["Symbol(s)"]["symbol"]["type"] == "symbol"
    assert answer["internalProperties"][0]["name"] == "[[Prototype]]"
    chain = subject.ask("Runtime.getProperties", objectId=value["objectId"])["result"]
    assert any(each["name"] == "hasOwnProperty" and not each["isOwn"] for each in chain)
    mapped = subject.ask("Runtime.evaluate", expression="new Map([['k', 'v']])")["result"]
    internal = subject.ask("Runtime.getProperties", objectId=mapped["objectId"], ownProperties=True)[
        "internalProperties"
    ]
    entries = next(each for each in internal if each["name"] == "[[Entries]]")["value"]
    (entry,) = (
        each
        for each in subject.ask("Runtime.getProperties", objectId=entries["objectId"], ownProperties=True)["result"]
        if each["name"] == "0"
    )
    pair = subject.ask("Runtime.getProperties", objectId=entry["value"]["objectId"], ownProperties=True)["result"]
    assert {each["name"]: each["value"]["value"] for each in pair} == {"key": "k", "value": "v"}
    proxy = subject.ask("Runtime.evaluate", expression="new Proxy({t: 1}, {ownKeys() { throw 1 }})")["result"]
    inside = subject.ask("Runtime.getProperties", objectId=proxy["objectId"])
    assert [each["name"] for each in inside["internalProperties"]] == ["[[Handler]]", "[[Target]]"]


@in_child
def test_call_function_on(lab: Lab) -> None:
    subject = lab.isolate()
    value = subject.ask("Runtime.evaluate", expression="({n: 40})")["result"]["objectId"]
    answer = subject.ask(
        "Runtime.callFunctionOn",
        objectId=value,
        functionDeclaration="function (a, b, c) { return [this.n + a, b === this, c] }",
        arguments=[{"value": 2}, {"objectId": value}, {"unserializableValue": "-0"}],
        returnByValue=True,
    )
    assert answer["result"]["value"][:2] == [42, True]
    thrown = subject.ask("Runtime.callFunctionOn", objectId=value, functionDeclaration="() => { throw new Error('c') }")
    assert thrown["exceptionDetails"]["exception"]["description"].startswith("Error: c")
    assert "error" in subject.send("Runtime.callFunctionOn", objectId="99999", functionDeclaration="() => 1")


@in_child
def test_objects_are_released_by_group(lab: Lab) -> None:
    subject = lab.isolate()
    held = subject.ask("Runtime.evaluate", expression="[1]", objectGroup="g")["result"]["objectId"]
    other = subject.ask("Runtime.evaluate", expression="[2]", objectGroup="h")["result"]["objectId"]
    subject.ask("Runtime.releaseObjectGroup", objectGroup="g")
    gone = subject.send("Runtime.getProperties", objectId=held)
    assert gone["error"] == {"code": -32000, "message": "Could not find object with given id"}
    subject.ask("Runtime.getProperties", objectId=other)
    subject.ask("Runtime.releaseObject", objectId=other)
    assert "error" in subject.send("Runtime.getProperties", objectId=other)
    subject.run("console.log({a: 1})")
    logged = subject.events("Runtime.consoleAPICalled")[0]["args"][0]["objectId"]
    subject.ask("Runtime.discardConsoleEntries")
    assert "error" in subject.send("Runtime.getProperties", objectId=logged)
    subject.listener.wait("released")


@in_child
def test_heap_usage_and_collection(lab: Lab) -> None:
    subject = lab.isolate()
    subject.run("globalThis.a = new Array(1e6).fill(0); 0")
    before = subject.ask("Runtime.getHeapUsage")["usedSize"]
    subject.run("a = null")
    subject.ask("HeapProfiler.collectGarbage")
    assert subject.ask("Runtime.getHeapUsage")["usedSize"] < before - 3_000_000
    sample = subject.isolate.latest_sample()
    assert sample is not None and sample.words[SAMPLE_WORDS.index("v8_limit_bytes")] > 1 << 30


@in_child
def test_terminate_execution_is_served_while_a_script_runs(lab: Lab) -> None:
    subject = lab.isolate()
    run = subject.start("console.log('go'); for (;;);")
    subject.has_logged("go")
    subject.ask("Runtime.terminateExecution")
    assert subject.settled(run).outcome is Outcome.CANCELLED
    subject.isolate.dispatch(0, b'{"id": 900, "method": "Runtime.evaluate", "params": {"expression": "for (;;);"}}')
    while not subject.isolate.is_busy():
        subject.listener.wait("state")
    subject.ask("Runtime.terminateExecution")
    ended = subject.listener.wait("message", lambda told: told[1].get("id") == 900)[1]
    assert "exceptionDetails" in ended["result"]


@in_child
def test_garbage_is_refused_in_words(lab: Lab) -> None:
    subject = lab.isolate()
    garbage = [
        b"", b"{", b"\xff\xfe", b"[]", b"null", b'"text"', b"5", b"{}", b'{"id": "x"}', b'{"id": 1}', b'{"id": 1.5}',
        b'{"id": true, "method": "Runtime.enable"}', b'{"id": 1, "method": 5}',
        b'{"id": 1, "method": "x", "params": []}',
        b"[" * 100_000, b'{"id": 2, "method": "Runtime.evaluate"}',
        b'{"id": 3, "method": "Runtime.evaluate", "params": {"expression": 5}}',
        b'{"id": 4, "method": "Runtime.evaluate", "params": {"expression": "1", "returnByValue": "yes"}}',
        b'{"id": 5, "method": "Runtime.evaluate", "params": {"expression": "1", "contextId": 77}}',
        b'{"id": 6, "method": "Runtime.callFunctionOn", "params": {"functionDeclaration": "}", "arguments": 5}}',
        b'{"id": 7, "method": "Runtime.callFunctionOn", "params": {"functionDeclaration": "}", "arguments": [5]}}',
        b'{"id": 8, "method": "Runtime.getProperties", "params": {"objectId": {}}}',
        b'{"id": 9, "method": "__proto__"}',
    ]  # fmt: skip
    for message in garbage:
        subject.isolate.dispatch(0, message)
    refused = subject.send("Debugger.enable")
    assert refused["error"]["code"] == -32601 and "no V8 inspector" in refused["error"]["message"]
    assert subject.send("NodeWorker.enable")["error"]["code"] == -32601
    assert subject.ask("Runtime.evaluate", expression="1")["result"]["value"] == 1  # what was in line is served
    errors = [told for _, told in subject.listener.all("message") if "error" in told]
    assert len(errors) == len(garbage) + 2, [each["error"] for each in errors]
    assert all(isinstance(each["error"]["message"], str) and each["error"]["code"] < 0 for each in errors)
    assert subject.run("1").value == 1


@in_child
def test_sessions_hear_the_console_when_they_ask(lab: Lab) -> None:
    subject = lab.isolate()
    subject.isolate.open_session(7)
    subject.run("console.log('before')")
    subject.send("Runtime.enable", session=7)
    subject.run("console.log('after')")
    subject.isolate.close_session(7)
    subject.run("console.log('closed')")
    heard = [told for session, told in subject.listener.all("message") if session == 7]
    assert heard[0]["method"] == "Runtime.executionContextCreated"
    lines = [told["params"]["args"][0]["value"] for told in heard if told.get("method") == "Runtime.consoleAPICalled"]
    assert lines == ["after"]
    assert len(subject.console()) == 4  # the second line twice: once a session


@in_child
def test_scripts_are_told(lab: Lab) -> None:
    subject = lab.isolate()
    report = subject.run("'\\u{1F600} \U0001f600';\n1", url="emoji.js")
    (parsed,) = subject.events("Debugger.scriptParsed")
    assert parsed["scriptId"] == report.script_id and parsed["url"] == "emoji.js"
    assert parsed["length"] == 17 and parsed["endLine"] == 1 and len(parsed["hash"]) == 64, parsed


@in_child
def test_a_session_of_thousands(lab: Lab) -> None:
    subject = lab.isolate()
    for number in range(1000):
        subject.isolate.dispatch(0, json.dumps({"id": -number - 1, "method": "Runtime.evaluate",
                                                "params": {"expression": f"{number}"}}).encode())  # fmt: skip
    last = subject.listener.wait("message", lambda told: told[1].get("id") == -1000)[1]
    assert last["result"]["result"]["value"] == 999
