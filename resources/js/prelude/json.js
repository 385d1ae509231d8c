// A run's result as JSON, when it is of a size that a report can carry. What scripts may replace is taken first.
//
// The size is counted before JSON.stringify starts: an object that refers to the same part twice at each of 30 levels
// is small in the heap and fills the memory of the process, off-heap, as text. Getters are counted, not called.
// The last value is what the host keeps: a function from a value to its JSON text, or undefined when it has none;
// JSON.parse, for JSON modules; and a function that copies a module's exports into a plain object, for its preview: V8 shows
// a namespace's exports as getters.
(() => {
  'use strict';
  const stringify = JSON.stringify;
  const parse = JSON.parse;
  const assign = Object.assign;
  const keysOf = Object.keys;
  const describe = Object.getOwnPropertyDescriptor;

  const MOST_NODES = 20000;
  const MOST_UNITS = 1 << 20;

  function fits(root) {
    const open = { __proto__: null, 0: root };
    let count = 1;
    let nodes = 0;
    let units = 0;
    while (count > 0) {
      count -= 1;
      const value = open[count];
      nodes += 1;
      if (typeof value === 'string') units += value.length;
      if (typeof value === 'object' && value !== null) {
        const keys = keysOf(value);
        if (nodes + count + keys.length > MOST_NODES) return false;
        for (let index = 0; index < keys.length; index += 1) {
          const property = describe(value, keys[index]);
          units += keys[index].length;
          open[count] = property === undefined ? undefined : property.value;
          count += 1;
        }
      }
      if (units > MOST_UNITS) return false;
    }
    return true;
  }

  return [(value) => {
    try {
      return fits(value) ? stringify(value) : undefined;
    } catch {
      return undefined;
    }
  }, parse, (namespace) => assign({ __proto__: null }, namespace)];
})();
