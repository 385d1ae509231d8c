// npm's chrome-remote-interface does what a debugger does; it reads its commands from /json/protocol.
//
//   node remote_interface.mjs FOLDER PORT

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';

const [folder, port] = process.argv.slice(2);
const CDP = createRequire(path.join(path.resolve(folder), 'index.js'))('chrome-remote-interface');

function step(name) {
  console.log(name);
}

const version = await CDP.Version({ port });
assert.equal(version['Protocol-Version'], '1.3');
const [target] = await CDP.List({ port });
assert.equal(target.type, 'node');
const one = await CDP({ port, target });
const two = await CDP({ port, target });
const { Debugger, HeapProfiler, Profiler, Runtime } = one;
step('attached twice');

await Runtime.enable();
await Debugger.enable();
assert.equal((await two.Runtime.evaluate({ expression: '40 + 2' })).result.value, 42);
const { result } = await Runtime.evaluate({ expression: '({ deep: { x: 1 } })' });
assert.equal((await Runtime.getProperties({ objectId: result.objectId, ownProperties: true })).result[0].name, 'deep');
const called = await Runtime.callFunctionOn({
  objectId: result.objectId, functionDeclaration: 'function (n) { return this.deep.x + n; }', arguments: [{ value: 1 }],
});
assert.equal(called.result.value, 2);
step('evaluated, looked at properties, called a function');

const logged = new Promise(done => Runtime.consoleAPICalled(done));
await two.Runtime.evaluate({ expression: "console.log('hello', { a: 1 })" });
assert.equal((await logged).args[0].value, 'hello');
step('heard the console');

const paused = () => new Promise(done => one.once('Debugger.paused', done));
await Debugger.setAsyncCallStackDepth({ maxDepth: 16 });
const source = `function add(a, b) {
  let sum = a + b;
  return Math.abs(sum);
}
(async function later() { await null; globalThis.got = add(20, 1); })();
//# sourceURL=add.js`;
await Debugger.setBreakpointByUrl({ url: 'add.js', lineNumber: 2 });
let stop = paused();
await two.Runtime.evaluate({ expression: source });
let { callFrames, asyncStackTrace, hitBreakpoints } = await stop;
assert.deepEqual(callFrames.map(frame => frame.functionName), ['add', 'later']);
assert.equal(hitBreakpoints.length, 1);
assert.equal(asyncStackTrace.description, 'await');
const { callFrameId, scopeChain } = callFrames[0];
assert.equal((await Debugger.evaluateOnCallFrame({ callFrameId, expression: 'sum' })).result.value, 21);
await Debugger.setVariableValue({ scopeNumber: 0, variableName: 'sum', newValue: { value: 42 }, callFrameId });
assert.equal(scopeChain[0].type, 'local');
stop = paused();
await Debugger.stepOut();
assert.equal((await stop).callFrames[0].functionName, 'later');
await Debugger.resume();
assert.equal((await two.Runtime.evaluate({ expression: 'got' })).result.value, 42);
step('broke, looked, changed a variable, stepped, resumed');

await Debugger.setPauseOnExceptions({ state: 'all' });
stop = paused();
await two.Runtime.evaluate({ expression: "setTimeout(() => { throw new Error('caught in the act') }, 1)" });
const thrown = await stop;
assert.equal(thrown.reason, 'exception');
await Debugger.resume();
await Debugger.setPauseOnExceptions({ state: 'none' });
step('paused on an exception');

const work = 'globalThis.kept = []; for (let i = 0; i < 3e5; i++) kept.push({ i })';
await Profiler.enable();
await Profiler.start();
await HeapProfiler.startSampling({ samplingInterval: 4096 });
await Runtime.evaluate({ expression: work });
assert.ok((await Profiler.stop()).profile.samples.length > 0);
assert.ok((await HeapProfiler.stopSampling()).profile.samples.length > 0);
await Profiler.startPreciseCoverage({ callCount: true, detailed: true });
await Runtime.evaluate({ expression: '(function covered() {})()\n//# sourceURL=covered.js' });
assert.ok((await Profiler.takePreciseCoverage()).result.some(script => script.url === 'covered.js'));
step('profiled CPU and heap, covered');

let chunks = '';
HeapProfiler.addHeapSnapshotChunk(({ chunk }) => (chunks += chunk));
await HeapProfiler.takeHeapSnapshot({ reportProgress: false });
assert.ok(JSON.parse(chunks).snapshot.node_count > 1000);
step(`took a heap snapshot of ${chunks.length} characters`);

await assert.rejects(one.send('NodeWorker.enable', { waitForDebuggerOnStart: true }), /wasn't found/);
await assert.rejects(one.send('Target.setAutoAttach', {}), /wasn't found/);
step('was refused what is no domain of V8');
await one.close();
await two.close();
step('all went through');
