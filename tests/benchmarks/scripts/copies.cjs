// Copies a value from isolate to isolate with isolated-vm, once for each line on standard input, which is the expression
// that makes it; answers the milliseconds of ExternalCopy and of copyInto, as a line of JSON. "" makes nothing; after
// "bare " the value is made here and taken through v8.serialize and v8.deserialize alone, which is what V8 itself needs.
'use strict';
const { createInterface } = require('node:readline');
const v8 = require('node:v8');
const vm = require('node:vm');
const ivm = require(require.resolve('isolated-vm', { paths: [process.argv[2]] }));

const [source, target] = [0, 1].map(() => new ivm.Isolate({ memoryLimit: 1024 }).createContextSync());
let expression = '';

function bare(made) {
  const began = performance.now();
  const bytes = v8.serialize(made);
  const out = performance.now();
  v8.deserialize(bytes);
  return { out: out - began, in: performance.now() - out };
}

createInterface({ input: process.stdin }).on('line', (line) => {
  if (line.startsWith('bare ')) {
    process.stdout.write(`${JSON.stringify(bare(vm.runInThisContext(line.slice(5))))}\n`);
    return;
  }
  if (line !== expression && line !== '') source.evalSync(`globalThis.value = ${line}; 0`);
  expression = line;
  const began = performance.now();
  const copy = source.evalSync(line === '' ? '1' : 'value', { externalCopy: true });
  const out = performance.now();
  target.global.setSync('received', copy.copyInto());
  const arrived = performance.now();
  copy.release();
  process.stdout.write(`${JSON.stringify({ out: out - began, in: arrived - out })}\n`);
});
