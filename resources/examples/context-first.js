// First of two contexts in one isolate: each has its own globals and its own intrinsics, both live in one heap and on one thread.
globalThis.colour = "red";
Array.prototype.first = function () {
  return this[0];
};
console.log("colour =", colour);
console.log("[7, 8].first() =", [7, 8].first());
