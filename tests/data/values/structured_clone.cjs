// Each line of standard input is a value in V8's wire format, base64; it is cloned by structuredClone and written back;
// an empty line where structuredClone itself throws.
'use strict';
const { Deserializer, Serializer } = require('node:v8');
const { createInterface } = require('node:readline');

createInterface({ input: process.stdin }).on('line', (line) => {
  const reader = new Deserializer(Buffer.from(line, 'base64'));
  reader.readHeader();
  const writer = new Serializer();
  writer.writeHeader();
  const value = reader.readValue();
  let clone;
  try {
    clone = structuredClone(value);
  } catch {
    process.stdout.write('\n');
    return;
  }
  writer.writeValue(clone);
  process.stdout.write(`${writer.releaseBuffer().toString('base64')}\n`);
});
