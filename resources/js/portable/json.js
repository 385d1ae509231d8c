// JSON text of our own records and lists, and of plain user values, without running a line of the user's code
// (JSON.stringify would ask every object for `toJSON`).
(function installJson(parts) {
  "use strict";
  const { data, dateIso, dateTime, getOwnPropertyDescriptor, has, isArray, isPrototypeOf, numberText } =
    parts.intrinsics;
  const { ownKeys, promisePrototype, quote } = parts.intrinsics;

  // `value`: null, boolean, finite number, string, a null-prototype array, or a null-prototype object of these.
  function write(value) {
    if (value === null || value === undefined) return "null";
    if (typeof value === "string") return quote(value);
    if (typeof value === "number") return value - value === 0 ? numberText(value, 10) : "null";
    if (typeof value === "boolean") return value ? "true" : "false";
    let text = "";
    if (isArray(value)) {
      for (let index = 0; index < value.length; index++) text += (index ? "," : "") + write(value[index]);
      return "[" + text + "]";
    }
    const keys = ownKeys(value);
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index];
      if (value[key] === undefined) continue;
      text += (text ? "," : "") + quote(key) + ":" + write(value[key]);
    }
    return "{" + text + "}";
  }

  const MAX_DEPTH = 100;
  const MAX_NODES = 20000;
  const LONG = 8 << 20;

  // The user's value as JSON text, undefined when it isn't plain data (a function, a cycle, a getter, too large).
  function plain(value) {
    let nodes = 0;
    const text = (item, depth) => {
      if (++nodes > MAX_NODES || depth > MAX_DEPTH) return undefined;
      if (item === null || typeof item === "boolean" || typeof item === "string") return write(item);
      if (typeof item === "number") return write(item);
      if (typeof item !== "object" || parts.proxies.is(item) || isPrototypeOf(promisePrototype, item)) return undefined;
      return isArray(item) ? arrayText(item, depth) : objectText(item, depth);
    };
    const arrayText = (item, depth) => {
      let all = "";
      const length = data(item, "length", 0);
      for (let index = 0; index < length; index++) {
        const found = getOwnPropertyDescriptor(item, index);
        const one = found === undefined ? "null" : has(found, "value") ? text(found.value, depth + 1) : undefined;
        if (one === undefined) return undefined;
        all += (index ? "," : "") + one;
      }
      return "[" + all + "]";
    };
    const objectText = (item, depth) => {
      const date = dateValue(item);
      if (date !== undefined) return date;
      if (!isPlain(item)) return undefined;
      let all = "";
      const keys = ownKeys(item);
      for (let index = 0; index < keys.length; index++) {
        const key = keys[index];
        const found = getOwnPropertyDescriptor(item, key);
        if (typeof key !== "string" || !found.enumerable) continue;
        if (!has(found, "value")) return undefined;
        if (found.value === undefined) continue;
        const one = text(found.value, depth + 1);
        if (one === undefined) return undefined;
        all += (all ? "," : "") + quote(key) + ":" + one;
      }
      return "{" + all + "}";
    };
    return isLong(value) ? undefined : text(value, 0);
  }

  // A string that would hold up pool and window.
  const isLong = (value) => typeof value === "string" && value.length > LONG;

  function dateValue(item) {
    const time = parts.kinds.brand(parts.intrinsics.datePrototype, dateTime, item);
    if (time === undefined) return undefined;
    return time === time ? quote(dateIso(item)) : "null";
  }

  // Plain objects and instances of the user's classes; not Map, typed arrays and their like, which JSON would show as {}.
  function isPlain(item) {
    return parts.kinds.of(item).subtype === undefined;
  }

  parts.json = { __proto__: null, write, plain, isLong };
})
