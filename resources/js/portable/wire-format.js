// What both directions of V8's wire format (version 15) know of it: letters of errors and views, flags, bytes.
(function installFormat(parts) {
  "use strict";
  const it = parts.intrinsics;
  const { getOwnPropertyDescriptor } = it;
  const { getPrototypeOf } = Reflect;
  const { RangeError, Uint8Array } = globalThis;
  const ERRORS = [
    ["E", EvalError], ["R", RangeError], ["F", ReferenceError], ["S", SyntaxError], ["T", TypeError], ["U", URIError],
  ];
  const VIEWS = [
    ["b", "Int8Array"], ["B", "Uint8Array"], ["C", "Uint8ClampedArray"], ["w", "Int16Array"], ["W", "Uint16Array"],
    ["d", "Int32Array"], ["D", "Uint32Array"], ["h", "Float16Array"], ["f", "Float32Array"], ["F", "Float64Array"],
    ["q", "BigInt64Array"], ["Q", "BigUint64Array"],
  ].map((pair) => [pair[0], pair[1], globalThis[pair[1]]]);
  const FLAGS = "gimyusldv";
  const typed = getPrototypeOf(Uint8Array.prototype);
  const getter = (owner, name) => it.uncurry(getOwnPropertyDescriptor(owner, name).get);
  const typedBuffer = getter(typed, "buffer");
  const typedOffset = getter(typed, "byteOffset");
  const typedBytes = getter(typed, "byteLength");
  const bytesSet = it.uncurry(Uint8Array.prototype.set);

  parts.format = { __proto__: null, ERRORS, VIEWS, FLAGS, typedBuffer, typedOffset, typedBytes, bytesSet };
})
