// WebAssembly memories, one after another.
const kept = [];
for (;;) kept.push(new WebAssembly.Memory({ initial: 100 }));
