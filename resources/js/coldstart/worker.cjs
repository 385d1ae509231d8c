// Starts a Worker for each line on standard input ({"file": path}) and answers with a line of JSON:
// onlineMs (from `new` until its code runs), totalMs (until its exit), addedBytes (resident, while it was online).
'use strict';
const { Worker } = require('node:worker_threads');
const { createInterface } = require('node:readline');

async function start(file) {
  const before = process.memoryUsage.rss();
  const answer = { onlineMs: 0, totalMs: 0, addedBytes: 0, error: '' };
  const began = performance.now();
  await new Promise((resolve) => {
    const worker = new Worker(file, { stdin: false, stdout: true, stderr: true });
    worker.stdout.resume();
    worker.stderr.resume();
    worker.once('online', () => {
      answer.onlineMs = performance.now() - began;
      answer.addedBytes = Math.max(process.memoryUsage.rss() - before, 0);
    });
    worker.once('error', (error) => {
      answer.error = String(error && error.message) || 'error';
    });
    worker.once('exit', (code) => {
      answer.totalMs = performance.now() - began;
      if (code !== 0 && answer.error === '') answer.error = `exit code ${code}`;
      resolve();
    });
  });
  return answer;
}

let line = Promise.resolve();
createInterface({ input: process.stdin }).on('line', (text) => {
  line = line
    .then(() => start(JSON.parse(text).file))
    .catch((error) => ({ onlineMs: 0, totalMs: 0, addedBytes: 0, error: String(error) }))
    .then((answer) => process.stdout.write(JSON.stringify(answer) + '\n'));
});
