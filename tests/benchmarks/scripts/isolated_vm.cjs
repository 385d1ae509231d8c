// Makes isolates with isolated-vm, as many as each line on standard input says (0: dispose all), and answers with a
// line of JSON: the milliseconds that each took, how many live, the process's proportional memory in bytes.
'use strict';
const { readFileSync } = require('node:fs');
const { createInterface } = require('node:readline');
const ivm = require(require.resolve('isolated-vm', { paths: [process.argv[2]] }));

const alive = [];

function pss() {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'))[1]) * 1024;
}

function make() {
  const began = performance.now();
  const isolate = new ivm.Isolate({ inspector: true, memoryLimit: 128 });
  const context = isolate.createContextSync({ inspector: true });
  const ms = performance.now() - began;
  alive.push([isolate, context]);
  return ms;
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const count = Number(line);
  const took = [];
  for (let made = 0; made < count; made += 1) took.push(make());
  if (count === 0) for (const [isolate] of alive.splice(0)) isolate.dispose();
  process.stdout.write(JSON.stringify({ took, alive: alive.length, pss: pss() }) + '\n');
});
