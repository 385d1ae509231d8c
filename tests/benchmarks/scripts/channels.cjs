// Messages between the main thread and a worker: microseconds of a round trip, and of a message of a burst.
'use strict';
const { Worker, isMainThread, parentPort } = require('node:worker_threads');
const [TRIPS, BURST] = process.argv.slice(2).map(Number);

if (isMainThread) main();
else {
  let echoes = true;
  parentPort.on('message', (data) => {
    if (data === 'count') echoes = false;
    else if (echoes) parentPort.postMessage(data);
    else if (data === BURST) parentPort.postMessage('all');
  });
}

async function main() {
  const worker = new Worker(__filename, { argv: process.argv.slice(2) });
  const next = () => new Promise((resolve) => worker.once('message', resolve));
  worker.postMessage(0);
  await next(); // it has started
  let began = performance.now();
  for (let trip = 0; trip < TRIPS; trip += 1) {
    worker.postMessage(trip);
    await next();
  }
  const trip = ((performance.now() - began) * 1000) / TRIPS;
  worker.postMessage('count');
  began = performance.now();
  const done = next();
  for (let number = 1; number <= BURST; number += 1) worker.postMessage(number);
  await done;
  console.log(JSON.stringify([trip, ((performance.now() - began) * 1000) / BURST]));
  await worker.terminate();
}
