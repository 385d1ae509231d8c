// SharedArrayBuffers without end: V8 counts them to no isolate, so that no memory limit sees them.
globalThis.kept = [];
for (;;) {
  const buffer = new SharedArrayBuffer(8e6);
  new Uint8Array(buffer).fill(1);
  kept.push(buffer);
}
