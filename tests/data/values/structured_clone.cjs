// Each line of standard input is a value in V8's wire format, base64; it is cloned by structuredClone and written back.
'use strict';
const { Deserializer, Serializer } = require('node:v8');
const { createInterface } = require('node:readline');

createInterface({ input: process.stdin }).on('line', (line) => {
  const reader = new Deserializer(Buffer.from(line, 'base64'));
  reader.readHeader();
  const writer = new Serializer();
  writer.writeHeader();
  writer.writeValue(structuredClone(reader.readValue()));
  process.stdout.write(`${writer.releaseBuffer().toString('base64')}\n`);
});
