// First of two isolates: it sets a global and changes Array. The other isolate sees nothing of it: two heaps, two worlds.
globalThis.shared = "set by isolate A";
Array.prototype.where = () => "isolate A";
const mine = new Array(200_000).fill(0).map((_, i) => ({ i })); // some memory, in this heap only
console.log("shared =", globalThis.shared);
console.log("[].where() =", [].where());
console.log(`holding ${mine.length} objects in this heap`);
