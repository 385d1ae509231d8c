// Each line of standard input is a value in V8's wire format, base64; it is cloned by structuredClone and written back;
// an empty line where this V8 can't read, clone or write it.
'use strict';
const { Deserializer, Serializer } = require('node:v8');
const { createInterface } = require('node:readline');

function cloned(line) {
  const reader = new Deserializer(Buffer.from(line, 'base64'));
  reader.readHeader();
  const writer = new Serializer();
  writer.writeHeader();
  writer.writeValue(structuredClone(reader.readValue()));
  return writer.releaseBuffer().toString('base64');
}

createInterface({ input: process.stdin }).on('line', (line) => {
  let answer = '';
  try {
    answer = cloned(line);
  } catch (error) {
    process.stderr.write(`${error}\n`);
  }
  process.stdout.write(`${answer}\n`);
});
