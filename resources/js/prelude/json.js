// A run's result as JSON, when it is plain data of a size that a report can carry. What scripts may replace is taken first.
//
// None of the script's code runs for it: JSON.stringify gets a copy without prototypes, so it finds no toJSON, and a value
// with a getter has no JSON. (The traps of a proxy deep inside run all the same: JavaScript can't tell one.) The size is
// counted while copying: an object that refers to the same part twice at each of 30 levels is small in the heap and
// would fill the memory of the process, off-heap, as text.
// The last value is what the host keeps: a function from a value to its JSON text, or undefined when it has none;
// JSON.parse, for JSON modules; and a function from a value to what stands for it in a report, undefined for itself: the
// beginning of a long string, as cutting.py words it, which took V8's inspector and the link 24 s at 512 MB; and for a module's namespace a plain
// object, since V8 shows a namespace's exports as getters.
(() => {
  'use strict';
  const { parse, stringify } = JSON;
  const {
    assign, getOwnPropertyDescriptor, getPrototypeOf, hasOwn, keys: keysOf, prototype: objectPrototype, setPrototypeOf,
  } = Object;
  const { isArray, prototype: arrayPrototype } = Array;
  const call = Function.prototype.call;
  const sliced = call.bind(String.prototype.slice);
  const timeOf = call.bind(Date.prototype.getTime);
  const isoOf = call.bind(Date.prototype.toISOString);

  const MOST_NODES = 20000;
  const MOST_UNITS = 1 << 20;
  const MOST_DEPTH = 100;
  const LONG_STRING = 8 << 20;
  const SHOWN_STRING = 1 << 20;

  // The copy of a plain value, undefined when it has no JSON. `open`: copies whose content is still to come.
  function copyOf(root) {
    const open = { __proto__: null };
    const top = { __proto__: null };
    let count = 0;
    let nodes = 0;
    let units = 0;

    // Puts the copy of `value` into `target`; false when it has no JSON.
    function put(target, key, value, depth) {
      nodes += 1;
      if (typeof value === 'string') units += value.length;
      if (nodes > MOST_NODES || units > MOST_UNITS || depth > MOST_DEPTH || typeof value === 'bigint') return false;
      if (typeof value !== 'object' || value === null) {
        if (typeof value !== 'function') target[key] = value;
        return true;
      }
      const time = timeIfDate(value);
      if (time !== undefined) {
        target[key] = time === time ? isoOf(value) : null;
        return true;
      }
      const copy = isArray(value) ? setPrototypeOf([], null) : { __proto__: null };
      target[key] = copy;
      open[count] = { __proto__: null, value, copy, depth };
      count += 1;
      return true;
    }

    function putAll({ value, copy, depth }) {
      const names = isArray(value) ? undefined : keysOf(value);
      const length = names === undefined ? value.length : names.length;
      if (nodes + length > MOST_NODES) return false;
      if (names === undefined) copy.length = length;
      for (let index = 0; index < length; index += 1) {
        const name = names === undefined ? index : names[index];
        const property = getOwnPropertyDescriptor(value, name);
        if (names !== undefined) units += name.length;
        if (property === undefined) continue;
        if (!hasOwn(property, 'value') || !put(copy, name, property.value, depth + 1)) return false;
      }
      return true;
    }

    if (!put(top, 'copy', root, 0)) return undefined;
    while (count > 0) {
      count -= 1;
      if (!putAll(open[count])) return undefined;
    }
    return top.copy;
  }

  // Asking throws for all that is no date: so the usual kinds are left out first.
  function timeIfDate(value) {
    const prototype = getPrototypeOf(value);
    if (prototype === null || prototype === objectPrototype || prototype === arrayPrototype) return undefined;
    try {
      return timeOf(value);
    } catch {
      return undefined;
    }
  }

  function shown(value, namespace) {
    if (namespace !== undefined) return assign({ __proto__: null }, namespace);
    if (typeof value !== 'string' || value.length <= LONG_STRING) return undefined;
    return `[${value.length} characters, the first ${SHOWN_STRING} of them:] ${sliced(value, 0, SHOWN_STRING)}`;
  }

  return [(value) => {
    try {
      const copy = copyOf(value);
      return copy === undefined ? undefined : stringify(copy);
    } catch {
      return undefined;
    }
  }, parse, shown];
})();
