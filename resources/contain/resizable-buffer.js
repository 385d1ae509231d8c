// Resizable ArrayBuffers that grow after they were made.
const kept = [];
for (;;) {
  const buffer = new ArrayBuffer(1e6, { maxByteLength: 1e9 });
  buffer.resize(5e7);
  new Uint8Array(buffer).fill(1);
  kept.push(buffer);
}
