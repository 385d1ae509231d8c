// Every intrinsic that our JavaScript uses, captured before any code of the user's runs.
//
// Rules that keep a hostile script from changing what we do: no method call on a value that isn't ours, no spread, no
// for-of, no destructuring of arrays (they look up Symbol.iterator), lists are null-prototype arrays, records are
// null-prototype objects, and descriptors are read by own properties alone.
(function installIntrinsics(parts) {
  "use strict";
  const { apply, construct, defineProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
  const { setPrototypeOf } = Object; // it answers the object, Reflect's answers true
  const { bind, call } = Function.prototype;
  const uncurry = bind.bind(call);
  const bound = uncurry(bind);
  const has = uncurry(Object.prototype.hasOwnProperty);
  const getter = (owner, name) => uncurry(getOwnPropertyDescriptor(owner, name).get);
  const typedArray = getPrototypeOf(Uint8Array);

  const boxOf = Object;
  const list = () => setPrototypeOf([], null);
  const record = () => ({ __proto__: null });

  // Shape: the value of an own data property, `missing` when it is absent or an accessor. Runs no code of the user's.
  const data = (object, key, missing) => {
    const found = getOwnPropertyDescriptor(object, key);
    return found !== undefined && has(found, "value") ? found.value : missing;
  };

  // A function that looks native: no source text, the given name.
  const native = (implementation, name, length = 0) => {
    const made = bound(implementation, undefined);
    defineProperty(made, "name", { __proto__: null, value: name, configurable: true });
    defineProperty(made, "length", { __proto__: null, value: length, configurable: true });
    return made;
  };

  const define = (owner, name, value) =>
    defineProperty(owner, name, { __proto__: null, value, writable: true, enumerable: false, configurable: true });

  parts.intrinsics = {
    __proto__: null,
    // helpers made here
    uncurry, bound, has, getter, list, record, data, native, define,
    // Reflect
    apply, construct, defineProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys, setPrototypeOf,
    // constructors and functions
    Error, Map, Set, Int32Array, Uint16Array, Uint8Array, Float64Array, SharedArrayBuffer, Promise, Proxy, WeakMap, TypeError, String,
    isArray: Array.isArray,
    isError: Error.isError,
    isInteger: Number.isInteger,
    isView: ArrayBuffer.isView,
    quote: JSON.stringify,
    parseJson: JSON.parse,
    now: Date.now,
    min: Math.min,
    max: Math.max,
    floor: Math.floor,
    atomicLoad: Atomics.load,
    atomicStore: Atomics.store,
    atomicAdd: Atomics.add,
    atomicWait: Atomics.wait,
    globalEval: eval,
    // for copies
    Array, ArrayBuffer, DataView, Date, RegExp,
    errors: { __proto__: null, Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError },
    views: {
      __proto__: null, Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float16Array,
      Float32Array, Float64Array, BigInt64Array, BigUint64Array,
    },
    boxes: [
      { __proto__: null, prototype: Number.prototype, unbox: uncurry(Number.prototype.valueOf), make: boxOf },
      { __proto__: null, prototype: String.prototype, unbox: uncurry(String.prototype.valueOf), make: boxOf },
      { __proto__: null, prototype: Boolean.prototype, unbox: uncurry(Boolean.prototype.valueOf), make: boxOf },
      { __proto__: null, prototype: BigInt.prototype, unbox: uncurry(BigInt.prototype.valueOf), make: boxOf },
    ],
    setEach: uncurry(Set.prototype.forEach),
    setAdd: uncurry(Set.prototype.add),
    bufferSlice: uncurry(ArrayBuffer.prototype.slice),
    bufferDetached: getter(ArrayBuffer.prototype, "detached"),
    bufferResizable: getter(ArrayBuffer.prototype, "resizable"),
    bufferMost: getter(ArrayBuffer.prototype, "maxByteLength"),
    typedSet: uncurry(typedArray.prototype.set),
    toBase64: uncurry(Uint8Array.prototype.toBase64),
    typedParts: { __proto__: null, buffer: getter(typedArray.prototype, "buffer"), offset: getter(typedArray.prototype, "byteOffset") },
    viewParts: { __proto__: null, buffer: getter(DataView.prototype, "buffer"), offset: getter(DataView.prototype, "byteOffset") },
    // methods, their receiver first
    charCodeAt: uncurry(String.prototype.charCodeAt),
    slice: uncurry(String.prototype.slice),
    indexOf: uncurry(String.prototype.indexOf),
    startsWith: uncurry(String.prototype.startsWith),
    numberText: uncurry(Number.prototype.toString),
    fixedText: uncurry(Number.prototype.toFixed),
    bigintText: uncurry(BigInt.prototype.toString),
    symbolText: uncurry(Symbol.prototype.toString),
    functionText: uncurry(Function.prototype.toString),
    dateText: uncurry(Date.prototype.toString),
    dateIso: uncurry(Date.prototype.toISOString),
    dateTime: uncurry(Date.prototype.getTime),
    isPrototypeOf: uncurry(Object.prototype.isPrototypeOf),
    then: uncurry(Promise.prototype.then),
    mapGet: uncurry(Map.prototype.get),
    mapSet: uncurry(Map.prototype.set),
    mapHas: uncurry(Map.prototype.has),
    mapDelete: uncurry(Map.prototype.delete),
    mapClear: uncurry(Map.prototype.clear),
    mapEach: uncurry(Map.prototype.forEach),
    mapEntries: uncurry(Map.prototype.entries),
    mapNext: uncurry(getPrototypeOf(new Map().entries()).next),
    setValues: uncurry(Set.prototype.values),
    setNext: uncurry(getPrototypeOf(new Set().values()).next),
    weakHas: uncurry(WeakMap.prototype.has),
    weakGet: uncurry(WeakMap.prototype.get),
    weakSet: uncurry(WeakMap.prototype.set),
    // brands: each throws unless its receiver is of the kind
    mapSize: getter(Map.prototype, "size"),
    setSize: getter(Set.prototype, "size"),
    weakMapHas: uncurry(WeakMap.prototype.has),
    weakSetHas: uncurry(WeakSet.prototype.has),
    regexpSource: getter(RegExp.prototype, "source"),
    regexpFlags: [
      ["d", "hasIndices"], ["g", "global"], ["i", "ignoreCase"], ["m", "multiline"],
      ["s", "dotAll"], ["u", "unicode"], ["v", "unicodeSets"], ["y", "sticky"],
    ].map(([letter, name]) => setPrototypeOf([letter, getter(RegExp.prototype, name)], null)),
    bufferLength: getter(ArrayBuffer.prototype, "byteLength"),
    sharedLength: getter(SharedArrayBuffer.prototype, "byteLength"),
    viewLength: getter(DataView.prototype, "byteLength"),
    typedLength: getter(typedArray.prototype, "length"),
    typedName: getter(typedArray.prototype, Symbol.toStringTag),
    unboxNumber: uncurry(Number.prototype.valueOf),
    unboxString: uncurry(String.prototype.valueOf),
    unboxBoolean: uncurry(Boolean.prototype.valueOf),
    unboxSymbol: uncurry(Symbol.prototype.valueOf),
    unboxBigint: uncurry(BigInt.prototype.valueOf),
    promisePrototype: Promise.prototype,
    mapPrototype: Map.prototype,
    setPrototype: Set.prototype,
    weakMapPrototype: WeakMap.prototype,
    weakSetPrototype: WeakSet.prototype,
    bufferPrototype: ArrayBuffer.prototype,
    sharedPrototype: SharedArrayBuffer.prototype,
    viewPrototype: DataView.prototype,
    datePrototype: Date.prototype,
    regexpPrototype: RegExp.prototype,
    generatorPrototype: getPrototypeOf(function* () {}).prototype,
    iteratorPrototype: getPrototypeOf(getPrototypeOf([].values())),
    arrayIteratorPrototype: getPrototypeOf([].values()),
    mapIteratorPrototype: getPrototypeOf(new Map().entries()),
    setIteratorPrototype: getPrototypeOf(new Set().values()),
    constructorSymbol: "constructor",
  };
})
