// The copy of a value by the rules of HTML's structured clone, in this context; refused in V8's words.
(function installClone(parts) {
  "use strict";
  const it = parts.intrinsics;
  const { Error, Map, Set, data, getOwnPropertyDescriptor, has, list, mapGet, mapHas, mapSet } = it;
  const { brand } = parts.kinds;
  const refusal = { __proto__: null, words: "" };

  function refuse(text) {
    refusal.words = text + " could not be cloned.";
    throw refusal;
  }

  function copy(value, seen) {
    if (typeof value === "symbol") refuse(it.symbolText(value));
    if (typeof value === "function") refuse(it.functionText(value));
    if (typeof value !== "object" || value === null) return value;
    if (mapHas(seen, value)) return mapGet(seen, value);
    if (parts.proxies.is(value)) refuse("#<Object>");
    const made = shell(value, seen);
    mapSet(seen, value, made);
    fill(value, made, seen);
    return made;
  }

  // What has no parts, or will get them.
  function shell(value, seen) {
    const { subtype, className } = parts.kinds.of(value);
    switch (subtype) {
      case "array": return new it.Array(data(value, "length", 0));
      case "date": return new it.Date(it.dateTime(value));
      case "regexp": return regexp(value);
      case "map": return new Map();
      case "set": return new Set();
      case "error": return error(value);
      case "arraybuffer": return buffer(value);
      case "typedarray": case "dataview": return view(value, subtype, seen);
      case undefined: return boxed(value) ?? {};
      default: return refuse("#<" + className + ">");
    }
  }

  function fill(value, made, seen) {
    const { subtype } = parts.kinds.of(value);
    if (subtype === "map") {
      const pairs = list(); // first all, since a getter may change it
      it.mapEach(value, (item, key) => { pairs[pairs.length] = { __proto__: null, key, item }; });
      for (let index = 0; index < pairs.length; index++) mapSet(made, copy(pairs[index].key, seen), copy(pairs[index].item, seen));
    } else if (subtype === "set") {
      const items = list();
      it.setEach(value, (item) => { items[items.length] = item; });
      for (let index = 0; index < items.length; index++) it.setAdd(made, copy(items[index], seen));
    } else if (subtype === "error") {
      const cause = getOwnPropertyDescriptor(value, "cause");
      if (cause !== undefined && has(cause, "value")) it.define(made, "cause", copy(cause.value, seen));
    } else if (subtype === "array" || (subtype === undefined && boxed(value) === undefined)) {
      const keys = it.ownKeys(value);
      for (let index = 0; index < keys.length; index++) {
        const key = keys[index];
        if (typeof key !== "string" || getOwnPropertyDescriptor(value, key)?.enumerable !== true) continue;
        const item = copy(value[key], seen);
        it.defineProperty(made, key, { __proto__: null, value: item, writable: true, enumerable: true, configurable: true });
      }
    }
  }

  function boxed(value) {
    for (let index = 0; index < it.boxes.length; index++) {
      const box = it.boxes[index];
      const inner = brand(box.prototype, box.unbox, value);
      if (inner !== undefined) return box.make(inner);
    }
    return undefined;
  }

  function regexp(value) {
    let flags = "";
    for (let index = 0; index < it.regexpFlags.length; index++) if (it.regexpFlags[index][1](value)) flags += it.regexpFlags[index][0];
    return new it.RegExp(it.regexpSource(value), flags);
  }

  function error(value) {
    const name = value.name;
    const Made = it.errors[typeof name === "string" && has(it.errors, name) ? name : "Error"];
    const message = getOwnPropertyDescriptor(value, "message");
    const made = message !== undefined && has(message, "value") ? new Made(message.value) : new Made();
    const stack = data(value, "stack", undefined);
    if (typeof stack === "string") it.define(made, "stack", stack);
    return made;
  }

  function buffer(value) {
    if (brand(it.bufferPrototype, it.bufferLength, value) === undefined) refuse("#<SharedArrayBuffer>");
    if (it.bufferDetached(value)) refuse("#<ArrayBuffer>");
    if (!it.bufferResizable(value)) return it.bufferSlice(value, 0);
    const made = new it.ArrayBuffer(it.bufferLength(value), { __proto__: null, maxByteLength: it.bufferMost(value) });
    it.typedSet(new it.Uint8Array(made), new it.Uint8Array(value));
    return made;
  }

  function view(value, subtype, seen) {
    const read = subtype === "dataview" ? it.viewParts : it.typedParts;
    const inner = copy(read.buffer(value), seen);
    const Made = subtype === "dataview" ? it.DataView : it.views[it.typedName(value)];
    return new Made(inner, read.offset(value), subtype === "dataview" ? it.viewLength(value) : it.typedLength(value));
  }

  // [the copy, a list of what was thrown]: one of the two.
  parts.clone = (value) => {
    const answer = list();
    try {
      answer[0] = copy(value, new Map());
    } catch (thrown) {
      answer[1] = list();
      answer[1][0] = thrown === refusal ? new Error(refusal.words) : thrown;
    }
    return answer;
  };
})
