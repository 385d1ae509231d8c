// Second of two contexts: the globals and the changed Array of the first are not here, but its memory counts in the same heap.
console.log("typeof colour =", typeof globalThis.colour);
console.log("typeof [].first =", typeof [].first);
const block = new Array(100_000).fill(0).map((_, i) => [i]);
console.log(`${block.length} arrays more in the heap that both contexts share`);
