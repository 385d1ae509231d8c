// ArrayBuffers: off-heap memory that the heap figure does not show.
const kept = [];
for (;;) kept.push(new ArrayBuffer(5e7));
